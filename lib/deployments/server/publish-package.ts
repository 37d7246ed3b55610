import type { OpenConnection, ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { loadPackage, type PackageRow } from '@/lib/extensions/server/load-package';
import { asksChecks, freezesHolding } from '@/lib/gates/model/gates';
import { policyOf } from '@/lib/gates/model/policy';
import { databaseNow, holdsOn } from '@/lib/gates/server/holds';
import { ServiceError } from '@/lib/kernel/errors';
import type { ChecksSaid } from '@/lib/providers/port';
import { requireOwnNamespace } from '@/lib/publications/server/own-namespace';
import { otherContent, standingThere } from '@/lib/publications/server/standing-there';
import type { Triggered } from '../model/schemas';
import { readLive } from './age';
import { placeOf, requireGate } from './gate';
import { hold } from './hold';
import { readPackageChecks } from './package-checks';
import { packageGoesBackTo } from './package-goes-back';
import { runFor, whyUnmade } from './publish-run';
import { findByKey, requestDeployment } from './request';
import { type LoadedTarget, requireTarget } from './rows';

export interface WantedPublication {
  packageId: string;
  targetId: string;
  reason: string;
  ticked: readonly string[];
  freezeOverrideReason: string | null;
  idempotencyKey: string;
}

/**
 * Publishes a package as it is to the gallery of one target: through the same gates, queue, approvals and proof as any other
 * deployment. Asks the gallery first. Throws `ServiceError` `not_passed`, `other_extension`, `other_channel`, `not_an_owner`,
 * `other_content`, `checks_unread`, and what a gate or the gallery says.
 */
export async function publishPackage(ctx: ServiceContext, wanted: WantedPublication): Promise<Triggered> {
  const loaded = await requireTarget(ctx.db, wanted.targetId);
  requirePermission(ctx.actor, 'deployment.request', loaded.environment.slug);
  const repeated = await findByKey(ctx, wanted.targetId, wanted.idempotencyKey);
  if (repeated) return repeated;
  const row = await loadPackage(ctx, wanted.packageId);
  const open = await ctx.openConnection(loaded.connection.id);
  requireFitting(row, loaded, open);
  const { ticked, freezeOverrideReason } = wanted;
  const freezeOverride = await overrideFor(ctx, loaded, freezeOverrideReason);
  const verb = await verbOf(ctx, loaded, row, wanted);
  const revision = revisionOf(row);
  const { sha } = revision;
  const asked = asksChecks({ policy: policyOf(loaded.environment.policy), kind: verb.kind });
  const early = { kind: verb.kind, freezeOverride };
  const gate = (read: Partial<ChecksSaid>) =>
    requireGate(ctx.db, loaded, open.provider, { ...early, sha, ticked, ...read });
  // Checks come before what else the commit is asked: until they are read, only what holds everybody is.
  await (asked ? requireGate(ctx.db, loaded, open.provider, early) : gate({}));
  await requireOwnNamespace(ctx, open.provider.manifest, row.publisher);
  const { dispatch, ...checks } = await lookAt(ctx, open, loaded, { row, sha, asked }).catch(async (error: unknown) => {
    // What another gate says is told before that nobody can be asked.
    await gate({});
    throw error;
  });
  if (asked) await gate(checks);
  await requireNoOther(open, loaded, dispatch.publish);
  const { config, currentDeploymentId } = loaded.target;
  const { publisher, name, version, source } = row;
  const live = await readLive(ctx.db, currentDeploymentId);
  return requestDeployment(ctx, {
    ...{ loaded, provider: open.provider, ...verb, revision, inputs: {}, rendering: null, dispatch, config },
    head: { message: `${publisher}.${name} ${version}`, author: source.by, ...checks },
    // Which version is newer, a gallery decides by their numbers.
    live: live && { ...live, chosenIs: 'newer' },
    ...{ ticked, freezeOverrideReason, idempotencyKey: wanted.idempotencyKey },
  });
}

/** Checks are read only where the policy asks for them. */
interface Looked extends Partial<ChecksSaid> {
  dispatch: Awaited<ReturnType<typeof dispatchFor>>;
}

async function lookAt(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: LoadedTarget,
  { row, sha, asked }: { row: PackageRow; sha: string; asked: boolean },
): Promise<Looked> {
  const dispatch = await dispatchFor(ctx, open, loaded, row);
  if (!asked) return { dispatch };
  const { component, connection, environment, target } = loaded;
  const where = { connectionId: connection.id, componentId: component.id, targetId: target.id };
  const what = { ...where, config: target.config, sha, dispatch };
  const { checks, unpassed } = await readPackageChecks(ctx, what, policyOf(environment.policy).requiredChecks);
  return { dispatch, checks, unpassed };
}

/**
 * Which freezes it covers is decided under the locks; until then it must only be somebody who may. Of several places that
 * are published to at once not all are frozen: where none holds, nobody needs to.
 */
async function overrideFor(ctx: ServiceContext, loaded: LoadedTarget, reason: string | null) {
  if (reason === null) return null;
  const pins = await holdsOn(ctx.db, placeOf(loaded), await databaseNow(ctx.db));
  if (freezesHolding(pins, null).length === 0) return null;
  requirePermission(ctx.actor, 'freeze.override', loaded.environment.slug);
  return { by: ctx.actor.name, reason, at: '9999-12-31T00:00:00Z' };
}

/**
 * A package made again from one that was live here goes back, as far as a gallery lets anybody: it is counted as a
 * roll-back, passes and leaves a hold as one does, and takes the same permission. Anything else is a deployment.
 */
async function verbOf(
  ctx: ServiceContext,
  { target, environment }: LoadedTarget,
  row: PackageRow,
  wanted: WantedPublication,
) {
  const old = await packageGoesBackTo(ctx.db, row, target.id);
  if (old === null) return { kind: 'deploy', reason: wanted.reason } as const;
  requirePermission(ctx.actor, 'deployment.rollback', environment.slug);
  const reason = wanted.reason || `Back to what ${old.version} was, as ${row.version}.`;
  const pin = { targetId: target.id, reason, by: ctx.actor };
  const alongside = (tx: Tx, deploymentId: string) => hold(tx, ctx, { ...pin, deploymentId });
  return { kind: 'rollback', reason, alongside } as const;
}

async function dispatchFor(ctx: ServiceContext, open: OpenConnection, loaded: LoadedTarget, row: PackageRow) {
  const { publisher, name, version, targetPlatform, prerelease } = row;
  const named = { publisher, name, version, targetPlatform, prerelease };
  const { sha } = revisionOf(row);
  const run = await runFor(ctx, open, loaded, { ...named, sha256: row.id, sha }, whyUnmade(row, sha));
  const publish = { ...(run ? { by: run.by } : {}), packageId: row.id, ...named };
  return { ...(run?.told ?? { findable: false, markerInput: null, shaInput: null }), publish };
}

/** The commit that it was built from; a package that came without one is named by the start of its own digest. */
export function revisionOf(row: PackageRow) {
  const { sha } = row.source;
  const isCommit = sha !== undefined && /^[0-9a-f]{40}$/.test(sha);
  return { ref: `v${row.version}`, refKind: 'tag' as const, sha: isCommit ? sha : row.id.slice(0, 40) };
}

function requireFitting(row: PackageRow, { target }: LoadedTarget, { provider }: OpenConnection): void {
  const { label } = provider.manifest;
  const refuse = (code: string, sentence: string) => new ServiceError('precondition', code, sentence);
  if (!provider.methods.publish)
    throw refuse('unsupported', `${label} takes no packages. Choose a target that is a gallery.`);
  if (row.scan !== 'passed') {
    const why = row.findings.find(({ level }) => level === 'refuse')?.sentence;
    throw refuse(
      'not_passed',
      `The package has not passed its inspection, so it is not published. ${why ?? ''}`.trim(),
    );
  }
  const name = `${row.publisher}.${row.name}`;
  if (String(target.config.extension).toLowerCase() !== name.toLowerCase())
    throw refuse(
      'other_extension',
      `This target publishes ${target.config.extension}, and the package is ${name}. Choose another target.`,
    );
  const { channel } = target.config;
  const wants = row.prerelease ? 'pre-release' : 'stable';
  if (channel === 'both' || channel === wants) return;
  throw refuse(
    'other_channel',
    `This target takes ${channel} packages only, and this one is ${row.prerelease ? 'a pre-release' : 'stable'}. Choose another target, or package it again.`,
  );
}

/** So long whoever presses waits for bytes; the deployment asks again in any case, and takes its time. Milliseconds. */
const PRESS_MS = 20_000;

/** Already there with the same content is fine; there with another, nothing would come of it. */
async function requireNoOther(
  open: OpenConnection,
  { target }: LoadedTarget,
  publish: Parameters<typeof standingThere>[2],
): Promise<void> {
  const there = await standingThere(open, target.config, publish, { fetchMs: PRESS_MS });
  if (there.is === 'other')
    throw new ServiceError('conflict', 'other_content', otherContent(open.provider.manifest.label, publish));
}
