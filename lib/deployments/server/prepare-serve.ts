import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { asksChecks } from '@/lib/gates/model/gates';
import { policyOf } from '@/lib/gates/model/policy';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, type Offer, ProviderError, type RemoteRef } from '@/lib/providers/port';
import { servedAlready } from '../model/promotion';
import { isServed, type Serve } from '../model/serve';
import { readLive, standing } from './age';
import { requireGate } from './gate';
import { checksOf } from './request';
import { type DeploymentRow, type LoadedTarget, loadDeployment } from './rows';
import { olderThanServing, servedNow } from './served-age';

interface Wanted {
  open: OpenConnection;
  kind: 'promote' | 'rollback';
  /** The deployment whose build is served. */
  source: DeploymentRow;
  serve: Serve;
  ticked: readonly string[];
  freezeOverrideReason: string | null;
}

/** What a deployment that builds nothing is requested with. Asks the gates and the provider before anything is written. */
export async function prepareServe(ctx: ServiceContext, loaded: LoadedTarget, wanted: Wanted) {
  const { open, kind, source, serve, ticked, freezeOverrideReason: reason } = wanted;
  const { provider, context } = open;
  const { sha, ref, refKind, rendering, inputs } = source;
  const config = loaded.target.config;
  if (reason !== null) requirePermission(ctx.actor, 'freeze.override', loaded.environment.slug);
  const freezeOverride = reason === null ? null : { by: ctx.actor.name, reason, at: '9999-12-31T00:00:00Z' };
  const promotes = kind === 'promote' ? { promotes: source.id } : {};
  await requireGate(ctx.db, loaded, provider, { kind, freezeOverride });
  const current = await readLive(ctx.db, loaded.target.currentDeploymentId);
  const policy = policyOf(loaded.environment.policy);
  const checks = asksChecks({ policy, kind }) ? policy.requiredChecks : ('message' as const);
  const [chosenIs, head] = await Promise.all([
    current && kind === 'promote' ? standing(open, config, current.sha, sha) : null,
    capability(provider, 'source').commit(context, config, sha, checks),
  ]);
  const live = current && chosenIs ? { ...current, chosenIs } : null;
  const said = checks === 'message' ? { message: head.message, author: head.author } : head;
  const asked = { kind, sha, ticked, freezeOverride, live, ...checksOf(said), ...promotes };
  await requireGate(ctx.db, loaded, provider, asked);
  return {
    ...{ open, provider, config, inputs, rendering, live },
    revision: { ref, refKind, sha },
    dispatch: { findable: false, markerInput: null, shaInput: null, serve },
    head: said,
    source,
  };
}

/** What the host would do with a build of ours; null where the provider serves none again. Throws `ProviderError`. */
export async function offerOf(
  { provider, context }: OpenConnection,
  config: DeploymentRow['config'],
  source: Pick<DeploymentRow, 'remoteId' | 'remoteUrl'>,
): Promise<Offer | null> {
  if (!provider.methods.promote || !source.remoteId) return null;
  const ref: RemoteRef = { id: source.remoteId, attempt: 1, url: source.remoteUrl ?? '' };
  try {
    return (await provider.methods.promote.offer?.(context, config, ref)) ?? { as: 'build' };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'notFound') throw error;
    return { as: 'rebuild', because: `${provider.manifest.label} does not have its build any more.` };
  }
}

/** How a roll-back to it is carried out: null = its commit is built again. Throws `ProviderError`. */
export async function restoreOf(
  open: OpenConnection,
  loaded: { target: Pick<LoadedTarget['target'], 'config'>; connection: Pick<LoadedTarget['connection'], 'id'> },
  row: DeploymentRow,
): Promise<Serve | null> {
  if (open.provider.manifest.capabilities.rollback?.how !== 'repoint') return null;
  if (row.connectionId !== loaded.connection.id || !row.remoteId) return null;
  const offer = await offerOf(open, loaded.target.config, row);
  return offer?.as === 'build' ? { verb: 'restore', remoteId: row.remoteId, url: row.remoteUrl } : null;
}

/**
 * The host serves this very build already, so that there is nothing to send, or a newer one. What it says now counts, and
 * not what was made live from here: somebody may have changed it there. Throws `ServiceError` and `ProviderError`.
 */
export async function requireOther(
  ctx: ServiceContext,
  open: OpenConnection,
  loaded: LoadedTarget,
  source: DeploymentRow,
): Promise<void> {
  const { target, environment } = loaded;
  const serving = await servedNow(open, target.config);
  if (!serving) return;
  const live = target.currentDeploymentId ? await loadDeployment(ctx.db, target.currentDeploymentId) : null;
  const refusal = isServed(source, serving)
    ? servedAlready(environment.name, live?.remoteId === source.remoteId ? live : source)
    : await olderThanServing({ db: ctx.db, open, loaded, current: live, serving }, source.sha);
  if (refusal) throw new ServiceError('precondition', refusal.code, refusal.sentence);
}
