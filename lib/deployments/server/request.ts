import { createHash } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { deployments } from '@/lib/db/schema';
import { freezesHolding } from '@/lib/gates/model/gates';
import { policyOf } from '@/lib/gates/model/policy';
import { approvalDigest } from '@/lib/gates/server/digest';
import { type EnvironmentRow, holdEnvironment } from '@/lib/gates/server/locking';
import { ServiceError } from '@/lib/kernel/errors';
import { failpoint } from '@/lib/kernel/failpoint';
import { newId } from '@/lib/kernel/ids';
import type { AnyProvider, ChecksSaid, Commit, InputValue, Revision } from '@/lib/providers/port';
import { deployGate } from '../model/eligibility';
import { DEADLINE_MS } from '../model/machine';
import type { Triggered } from '../model/schemas';
import { ACTIVE_STATUSES } from '../model/status';
import { actorId, requireAllowed } from './access';
import type { Live, Standing } from './age';
import { readGateFacts } from './gate';
import { publishIntent } from './intent';
import { join } from './join';
import { type DeploymentRow, type LoadedTarget, lockTarget, requireTarget } from './rows';
import { movedOn } from './still-live';
import { takePlace } from './take-place';
import { upsertRelease } from './upsert-release';

export interface NewDeployment {
  loaded: LoadedTarget;
  provider: AnyProvider;
  kind: 'deploy' | 'rollback' | 'retry' | 'promote';
  revision: Revision;
  inputs: Record<string, InputValue>;
  rendering: DeploymentRow['rendering'];
  dispatch: DeploymentRow['dispatch'];
  /** The settings that inputs and dispatch were checked against. */
  config: DeploymentRow['config'];
  head: Pick<Commit, 'message' | 'author'> & { authoredAt?: string } & Partial<ChecksSaid>;
  /** What was live when the revision was compared with it, and how it stood. */
  live: (Live & { chosenIs: Standing }) | null;
  /** What counted as live when the host was asked what it serves; undefined = it was not asked. */
  againstLive?: string | null | undefined;
  /** It is meant to be older than what is live: a roll-back, or a re-run of one. */
  goesBack?: boolean;
  /** Items of the checklist that the requester ticked. */
  ticked: readonly string[];
  /** An administrator's reason for letting it through a freeze. */
  freezeOverrideReason: string | null;
  /** Unclaimed deployments that this one replaces once it may go, as far as the provider was asked. */
  replaces?: readonly string[];
  /** What could not be looked at before, as a sentence for people. */
  unlooked?: string | null;
  /** The target is set otherwise than for the deployment that it goes back to. */
  settingsChanged?: boolean;
  reason: string;
  idempotencyKey: string;
  source?: DeploymentRow;
  /** A re-run works on the provider's existing run. */
  remote?: { id: string; attempt: number; url: string | null };
  /** Runs in the same transaction, e.g. to pin the target. */
  alongside?: (tx: Tx, deploymentId: string) => Promise<void>;
}

/** The deployment that an earlier submit of the same click made, if any. Cheap; asked before the provider is. */
export async function findByKey(
  ctx: ServiceContext,
  targetId: string,
  idempotencyKey: string,
): Promise<Triggered | null> {
  const [row] = await ctx.db.select().from(deployments).where(eq(deployments.idempotencyKey, idempotencyKey));
  if (!row) return null;
  if (row.targetId !== targetId) throw keyReused();
  return { deploymentId: row.id, number: row.number, outcome: 'repeated' };
}

/**
 * Writes the intent: one row per click, however often it arrives and from however many people.
 * The target's row lock orders clicks; the gate is asked again under it.
 */
export async function requestDeployment(ctx: ServiceContext, wanted: NewDeployment): Promise<Triggered> {
  try {
    const triggered = await ctx.db.transaction((tx) => insert(tx, ctx, wanted));
    await failpoint('after-intent-commit');
    return triggered;
  } catch (error) {
    if (!isUniqueViolation(error, 'deployments_idempotency_key')) throw error;
    const first = await findByKey(ctx, wanted.loaded.target.id, wanted.idempotencyKey);
    if (first) return first;
    throw error;
  }
}

async function insert(tx: Tx, ctx: ServiceContext, prepared: NewDeployment): Promise<Triggered> {
  const targetId = prepared.loaded.target.id;
  const environment = await holdEnvironment(tx, prepared.loaded.environment.id);
  const wanted = asReadFor(environment, prepared);
  const target = await lockTarget(tx, targetId);
  const digest = contentDigest(wanted);
  const [same] = await tx
    .select()
    .from(deployments)
    .where(and(eq(deployments.contentDigest, digest), inArray(deployments.status, [...ACTIVE_STATUSES])))
    // It may be ending at this moment; then it is no more the same one.
    .for('update');
  const [repeated] = await tx.select().from(deployments).where(eq(deployments.idempotencyKey, wanted.idempotencyKey));
  if (repeated && repeated.targetId !== targetId) throw keyReused();
  if (repeated) return { deploymentId: repeated.id, number: repeated.number, outcome: 'repeated' };
  requireSame(wanted, target);
  const loaded = { ...(await requireTarget(tx, targetId)), environment };
  if (same) return join(tx, ctx, { ...wanted, loaded }, same);
  const freezeOverride = await requireOpen(tx, ctx, wanted, loaded);
  const releaseId = await upsertRelease(tx, wanted);
  const id = newId('dep', ctx.clock.now());
  const row = await insertRow(tx, ctx, wanted, { id, digest, releaseId, loaded, freezeOverride });
  await wanted.alongside?.(tx, id);
  await publishIntent(tx, ctx, row, loaded, wanted);
  // One that people may still refuse takes nobody's place yet; that comes with their approval.
  const { checks = null } = wanted.head;
  if (row.status === 'queued') await takePlace(tx, ctx, { row, environment, checks }, wanted.replaces ?? []);
  await ctx.queue.wakeDeployment(tx, id, 'first');
  await failpoint('before-intent-commit');
  return { deploymentId: id, number: row.number, outcome: 'created' };
}

/** Checks that were read for an earlier policy say nothing of what this one asks for: the worker reads them before it sends. */
function asReadFor({ policyVersion }: EnvironmentRow, wanted: NewDeployment): NewDeployment {
  if (wanted.loaded.environment.policyVersion === policyVersion) return wanted;
  const { checks: _, unpassed: __, ...head } = wanted.head;
  return { ...wanted, head, replaces: [] };
}

/** The gates once more, under the locks. Answers the override, if a freeze holds and it was let through. */
async function requireOpen(
  tx: Tx,
  ctx: ServiceContext,
  wanted: NewDeployment,
  loaded: LoadedTarget,
): Promise<DeploymentRow['freezeOverride']> {
  const { revision, live, ticked, provider, head } = wanted;
  const kind = wanted.goesBack ? 'rollback' : wanted.kind;
  const promotes = wanted.kind === 'promote' && wanted.source ? { promotes: wanted.source.id } : {};
  const asked = { kind, sha: revision.sha, live, ticked, ...checksOf(head), ...promotes };
  const facts = await readGateFacts(tx, loaded, provider, asked);
  const reason = wanted.freezeOverrideReason;
  const frozen = freezesHolding(facts.pins, null);
  if (reason === null || frozen.length === 0) {
    requireAllowed(deployGate(facts));
    return null;
  }
  requirePermission(ctx.actor, 'freeze.override', loaded.environment.slug);
  const at = new Date(facts.now).toISOString();
  requireAllowed(deployGate({ ...facts, freezeOverride: { by: ctx.actor.name, reason, at } }));
  return { byId: actorId(ctx) ?? 'system', byName: ctx.actor.name, reason, at };
}

export function checksOf({ checks, unpassed }: Partial<NewDeployment['head']>): Partial<ChecksSaid> {
  return checks === undefined ? {} : { checks, unpassed };
}

interface Decided {
  id: string;
  digest: string;
  releaseId: string;
  loaded: LoadedTarget;
  freezeOverride: DeploymentRow['freezeOverride'];
}

async function insertRow(tx: Tx, ctx: ServiceContext, wanted: NewDeployment, facts: Decided): Promise<DeploymentRow> {
  const { target, component, environment } = facts.loaded;
  const { connection } = wanted.loaded;
  const [row] = await tx
    .insert(deployments)
    .values({
      id: facts.id,
      targetId: target.id,
      componentId: component.id,
      environmentId: environment.id,
      connectionId: connection.id,
      providerId: connection.providerId,
      releaseId: facts.releaseId,
      kind: wanted.kind,
      sourceDeploymentId: wanted.source?.id ?? null,
      previousDeploymentId: target.currentDeploymentId,
      ...waitFor(wanted, facts.loaded),
      checklist: [...wanted.ticked],
      freezeOverride: facts.freezeOverride,
      comparedWithId: wanted.live?.id ?? null,
      idempotencyKey: wanted.idempotencyKey,
      contentDigest: facts.digest,
      ref: wanted.revision.ref,
      refKind: wanted.revision.refKind,
      sha: wanted.revision.sha,
      inputs: wanted.inputs,
      rendering: wanted.rendering,
      config: wanted.config,
      dispatch: wanted.dispatch,
      reason: wanted.reason,
      requestedById: actorId(ctx),
      requestedByName: ctx.actor.name,
      remoteId: wanted.remote?.id ?? null,
      remoteAttempt: wanted.remote?.attempt ?? 1,
      remoteUrl: wanted.remote?.url ?? null,
    })
    .returning();
  if (!row) throw new Error('The deployment was not written.');
  return row;
}

/** Where it begins: asked of people first when the environment's policy says so, in the queue otherwise. */
function waitFor(wanted: NewDeployment, { target, environment }: LoadedTarget) {
  const policy = policyOf(environment.policy);
  const { revision, kind, inputs, config } = wanted;
  const what = {
    targetId: target.id,
    environmentId: environment.id,
    connectionId: wanted.loaded.connection.id,
    kind,
    ...{ ref: revision.ref, refKind: revision.refKind, sha: revision.sha },
    inputs,
    config,
    rendering: wanted.rendering,
    dispatch: wanted.dispatch,
  };
  const asked = policy.approvals > 0;
  const seconds = asked ? policy.approvalHours * 3600 : DEADLINE_MS.queued / 1000;
  const deadline = sql`now() + make_interval(secs => ${seconds})`;
  return {
    status: asked ? 'awaiting_approval' : 'queued',
    policy,
    policyVersion: environment.policyVersion,
    approvalDigest: approvalDigest(what, policy),
    deadlineAt: deadline,
    nextCheckAt: asked ? deadline : sql`now()`,
  } as const;
}

/** What "the same deployment" means: target, verb (a roll-back also holds), commit, ref, inputs, settings, attempt, mode. */
function contentDigest(wanted: NewDeployment): string {
  const { loaded, revision, inputs, remote } = wanted;
  const sorted = Object.fromEntries(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const mode = wanted.rendering === null ? [] : [wanted.rendering];
  const place = [loaded.target.id, wanted.kind, revision.ref, revision.sha];
  const content = [
    ...place,
    sorted,
    wanted.config,
    remote ?? wanted.dispatch.serve ?? wanted.dispatch.publish ?? null,
    ...mode,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** What was read at the provider was read through the target as it was then: where it leads now, nobody has looked. */
function requireSame({ loaded, kind, againstLive }: NewDeployment, now: LoadedTarget['target']): void {
  if (againstLive !== undefined && againstLive !== now.currentDeploymentId) throw movedOn();
  const leads = ({ connectionId, config, rendering }: LoadedTarget['target']) =>
    JSON.stringify([connectionId, config, kind === 'deploy' ? rendering : null]);
  if (leads(loaded.target) === leads(now)) return;
  const sentence =
    'The target was changed while this was being prepared. Reload the page, look at it again and deploy.';
  throw new ServiceError('conflict', 'target_changed', sentence);
}

function keyReused(): ServiceError {
  return new ServiceError(
    'conflict',
    'key_reused',
    'This idempotency key was used for another target. Use a new key for each click.',
  );
}
