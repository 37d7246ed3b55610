import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { deployments, releases } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { AnyProvider } from '@/lib/providers/port';
import { doubtAfter } from '../model/doubt';
import { eligibility } from '../model/eligibility';
import { withoutOneOff } from '../model/one-off';
import { type RollBackInput, RollBackOrder, type Triggered } from '../model/schemas';
import { isTerminal } from '../model/status';
import { requireAllowed } from './access';
import { whyNotAgain } from './again-there';
import { readLive, standing } from './age';
import { withWayOut } from './carried-over';
import { deploymentFacts, mayEverything } from './gate';
import { goesBack, hold, holdAgain } from './hold';
import { requireNothingOnItsWay } from './on-its-way';
import { leadsAway, OTHER_ENVIRONMENT } from './own-environment';
import { prepareBack } from './prepare-back';
import { prepareServe, restoreOf } from './prepare-serve';
import { publishPackage } from './publish-package';
import { findByKey, requestDeployment } from './request';
import { type DeploymentRow, type LoadedTarget, requireDeployment, requireTarget } from './rows';
import { isAsked } from './served-age';
import { hostSays } from './served-instead';
import { requireLiveStill } from './still-live';
import { olderUnclaimed } from './supersede';
import { beforeOf, prepare } from './trigger';

async function load(ctx: ServiceContext, deploymentId: string): Promise<{ row: DeploymentRow; loaded: LoadedTarget }> {
  const row = await requireDeployment(ctx.db, deploymentId);
  return { row, loaded: await requireTarget(ctx.db, row.targetId) };
}

/** A press on a deployment's page has no form: where a checklist is asked for, the deploy page has it. */
const nothingSaid = { ticked: [], freezeOverrideReason: null };

/** The same commit, ref and inputs (see one-off.ts) once more, with today's settings; `whileLive`: only what is live. */
export async function redeploy(
  ctx: ServiceContext,
  input: { deploymentId: string; whileLive?: boolean | undefined; idempotencyKey: string },
): Promise<Triggered> {
  const { row, loaded } = await load(ctx, input.deploymentId);
  requirePermission(ctx.actor, 'deployment.request', loaded.environment.slug);
  const repeated = await findByKey(ctx, row.targetId, input.idempotencyKey);
  if (repeated) return repeated;
  if (input.whileLive) await requireLiveStill(ctx.db, row.targetId, row.id);
  if (row.dispatch.publish) return publishAgain(ctx, row, row.dispatch.publish.packageId, input.idempotencyKey);
  await requireTakenAgain(ctx, loaded, row, input.whileLive === true);
  const prepared = await withWayOut(BY_FORM, () =>
    prepare(ctx, loaded, {
      revision: revisionOf(row),
      values: withoutOneOff(row.inputs),
      before: beforeOf(row),
      kind: 'deploy',
      again: true,
      config: loaded.target.config,
      // Of before modes were known: what the target is set to.
      rendering: row.rendering ?? loaded.target.rendering,
      ...nothingSaid,
    }),
  );
  return requestDeployment(ctx, {
    ...prepared,
    dispatch: { ...prepared.dispatch, ...(input.whileLive ? { whileLive: true as const } : {}) },
    loaded,
    kind: 'deploy',
    ...nothingSaid,
    ...(isAsked(prepared.open, loaded.target.config) ? { againstLive: loaded.target.currentDeploymentId } : {}),
    replaces: await olderUnclaimed(ctx.db, prepared.open, loaded, prepared),
    reason: `Again, as #${row.number}.`,
    idempotencyKey: input.idempotencyKey,
    source: row,
    alongside: async (tx) => {
      if (input.whileLive) await requireLiveStill(tx, row.targetId, row.id);
    },
  });
}

const BY_FORM = 'Deploy the commit by the form of its target (Deploy…), and fill that in.';

async function requireTakenAgain(ctx: ServiceContext, loaded: LoadedTarget, row: DeploymentRow, whileLive: boolean) {
  const open = await ctx.openConnection(loaded.connection.id);
  const refusal = await whyNotAgain({ db: ctx.db, open, loaded, row, whileLive });
  if (refusal) throw new ServiceError('precondition', refusal.code, refusal.sentence);
}

/** The same package; the gallery is asked first, so what is there is not sent twice. */
function publishAgain(ctx: ServiceContext, row: DeploymentRow, packageId: string, idempotencyKey: string) {
  const { targetId, number } = row;
  return publishPackage(ctx, {
    ...{ packageId, targetId, idempotencyKey, ...nothingSaid },
    reason: `Again, as #${number}.`,
  });
}

/** Re-runs the failed jobs of the provider's own run: a new deployment, because an ended one stays ended. */
export async function retryDeployment(
  ctx: ServiceContext,
  input: { deploymentId: string; idempotencyKey?: string | undefined },
): Promise<Triggered> {
  const { row, loaded } = await load(ctx, input.deploymentId);
  requirePermission(ctx.actor, 'deployment.retry', loaded.environment.slug);
  const open = await ctx.openConnection(loaded.connection.id);
  const { provider } = open;
  const idempotencyKey = input.idempotencyKey ?? (await freeKey(ctx, `retry:${row.id}:${row.remoteAttempt}`));
  const repeated = await findByKey(ctx, row.targetId, idempotencyKey);
  if (repeated && (input.idempotencyKey || !neverRan(await requireDeployment(ctx.db, repeated.deploymentId))))
    return repeated;
  // The re-run that was asked for earlier ended before it was sent: it is that one's turn again.
  if (repeated) return retryDeployment(ctx, { deploymentId: repeated.deploymentId });
  requireAllowed(eligibility(await deploymentFacts(ctx.db, row, loaded, provider), mayEverything).retry);
  if (row.connectionId !== loaded.connection.id)
    throw new ServiceError(
      'precondition',
      'other_connection',
      'The target uses another connection since, which does not know that run. Deploy the same commit again instead.',
    );
  if (!row.remoteId)
    throw new ServiceError(
      'precondition',
      'no_run',
      'The provider never started a run for it. Deploy the same commit again instead.',
    );
  const isBack = await goesBack(ctx.db, row);
  await requireOwnEnvironment(ctx, isBack ? { ...row, kind: 'rollback' } : row, provider);
  return requestDeployment(ctx, {
    ...{ loaded, provider, kind: 'retry' },
    revision: revisionOf(row),
    inputs: row.inputs,
    rendering: row.rendering,
    config: row.config,
    dispatch: row.dispatch,
    head: await releaseOf(ctx, row),
    live: await standingOf(ctx, open, loaded, row),
    goesBack: isBack,
    // The same content: what was ticked for it holds.
    ticked: row.checklist,
    freezeOverrideReason: null,
    reason: `Failed jobs of #${row.number} again.`,
    idempotencyKey,
    source: row,
    remote: { id: row.remoteId, attempt: nextAttempt(row), url: row.remoteUrl },
    alongside: (tx, deploymentId) => holdAgain(tx, ctx, row, deploymentId),
  });
}

/** The provider repeats its run with the inputs of then. */
async function requireOwnEnvironment(ctx: ServiceContext, row: DeploymentRow, provider: AnyProvider): Promise<void> {
  const sentence = await leadsAway(ctx.db, row, provider, ctx.actor);
  if (sentence) throw new ServiceError('precondition', OTHER_ENVIRONMENT, sentence);
}

const REFUSED: readonly string[] = ['rejected', 'superseded'];

/** One click, one re-run. One that people or a newer commit refused bars nothing: the next click is another. */
async function freeKey(ctx: ServiceContext, key: string): Promise<string> {
  const [taken] = await ctx.db.select().from(deployments).where(eq(deployments.idempotencyKey, key));
  return taken && REFUSED.includes(taken.status) ? freeKey(ctx, `${key}:${taken.number}`) : key;
}

async function standingOf(ctx: ServiceContext, open: OpenConnection, { target }: LoadedTarget, row: DeploymentRow) {
  const live = await readLive(ctx.db, target.currentDeploymentId);
  return live ? { ...live, chosenIs: await standing(open, row.config, live.sha, row.sha) } : null;
}

/** A re-run carries the attempt it asks for from its first moment; only `startedAt` says that the provider took it. */
function neverRan(row: DeploymentRow): boolean {
  return row.kind === 'retry' && row.startedAt === null && isTerminal(row.status);
}

function nextAttempt(row: DeploymentRow): number {
  return neverRan(row) ? row.remoteAttempt : row.remoteAttempt + 1;
}

/**
 * A new deployment of an earlier success, and a pin with author and reason that holds the target there. `from`: only while
 * that one is live and nothing is on its way; somebody may have gone on while the provider was read.
 */
export async function rollBack(ctx: ServiceContext, raw: RollBackInput, from?: string): Promise<Triggered> {
  const input = RollBackOrder.parse(raw);
  const { row, loaded } = await load(ctx, input.toDeploymentId);
  requirePermission(ctx.actor, 'deployment.rollback', loaded.environment.slug);
  if (row.targetId !== input.targetId)
    throw new ServiceError(
      'invalid',
      'other_target',
      'That deployment belongs to another target; choose one of this target.',
    );
  if (row.dispatch.publish)
    throw new ServiceError(
      'precondition',
      'only_upwards',
      'A gallery gives everybody the highest version, so an earlier one cannot be put live again. Open its package under Extensions, make it again with the next number, and publish that.',
    );
  const repeated = await findByKey(ctx, row.targetId, input.idempotencyKey);
  if (repeated) return repeated;
  const open = await ctx.openConnection(loaded.connection.id);
  await requireBack(ctx, open, { row, loaded }, input);
  const { checklist: ticked, freezeOverrideReason } = input;
  const serve = await restoreOf(open, loaded, row);
  const gates = { ticked, freezeOverrideReason };
  const prepared = serve
    ? await prepareServe(ctx, loaded, { open, kind: 'rollback', source: row, serve, ...gates })
    : await prepareBack(ctx, loaded, row, gates);
  return requestDeployment(ctx, {
    ...prepared,
    loaded,
    kind: 'rollback',
    reason: input.reason,
    idempotencyKey: input.idempotencyKey,
    source: row,
    ...gates,
    alongside: async (tx, deploymentId) => {
      if (from !== undefined) await requireLiveStill(tx, row.targetId, from);
      if (from !== undefined) await requireNothingOnItsWay(tx, row.targetId, deploymentId);
      await hold(tx, ctx, { targetId: row.targetId, deploymentId, reason: input.reason, by: ctx.actor });
    },
  });
}

/** What counts as live is gone back to only where there is doubt of it; of any other the host is not asked. */
async function requireBack(
  ctx: ServiceContext,
  open: OpenConnection,
  { row, loaded }: { row: DeploymentRow; loaded: LoadedTarget },
  { freezeOverrideReason }: RollBackInput,
): Promise<void> {
  const facts = await deploymentFacts(ctx.db, row, loaded, open.provider);
  const says = facts.isCurrent ? await hostSays(ctx.db, open, loaded) : { isServed: false, instead: null };
  const host = { isServed: says.isServed, isElse: says.instead !== null, label: open.provider.manifest.label };
  const doubt = doubtAfter(facts.doubt ?? null, host);
  // Whether a freeze may be overridden is asked with the reason, in `prepare` and once more under the locks.
  const pins = facts.pins.filter((each) => freezeOverrideReason == null || each.kind !== 'freeze');
  requireAllowed(eligibility({ ...facts, pins, doubt }, mayEverything).rollBack);
}

function revisionOf({ ref, refKind, sha }: DeploymentRow) {
  return { ref, refKind, sha };
}

async function releaseOf(ctx: ServiceContext, row: DeploymentRow): Promise<{ message: string; author: string }> {
  const [release] = await ctx.db.select().from(releases).where(eq(releases.id, row.releaseId));
  return release ?? { message: '', author: '' };
}
