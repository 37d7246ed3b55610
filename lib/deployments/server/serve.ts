import { eq, sql } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import { databaseNow } from '@/lib/gates/server/holds';
import {
  type AnyProvider,
  capability,
  type Observation,
  type ProviderContext,
  type RemoteRef,
} from '@/lib/providers/port';
import { isTaken, isUntouched, type Serve, servedObservation } from '../model/serve';
import { type DeploymentRow, requireDeployment } from './rows';

/** The one request: serve the build that is there. What was served before the first one is written down before it leaves. */
export async function sendServe(
  ctx: ServiceContext,
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  row: DeploymentRow,
  serve: Serve,
): Promise<RemoteRef> {
  const ref = refOf(serve);
  const hosting = capability(provider, 'promote');
  if (row.dispatch.servedBefore === undefined) {
    const before = (await hosting.serving(context, row.config)).ref?.id ?? null;
    const dispatch = sql`${JSON.stringify({ servedBefore: before })}::jsonb || ${deployments.dispatch}`;
    await ctx.db.update(deployments).set({ dispatch }).where(eq(deployments.id, row.id));
  }
  await hosting[serve.verb](context, row.config, ref);
  return ref;
}

/** By what the host serves, not by the state of the build: that was over before. */
export async function observeServe(
  ctx: Pick<ServiceContext, 'db'>,
  provider: AnyProvider,
  context: ProviderContext,
  row: DeploymentRow,
  serve: Serve,
): Promise<Observation> {
  const serving = await capability(provider, 'promote').serving(context, row.config);
  const since = row.startedAt ?? row.submittedAt ?? row.requestedAt;
  // Both by the database: this process' clock may be a minute ahead.
  return servedObservation(serve, serving, (await databaseNow(ctx.db)) - since.getTime());
}

/** After an answer that got lost: null = the host does not serve it, and is not about to. Throws `ProviderError`. */
export async function findServed(
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  row: DeploymentRow,
  serve: Serve,
): Promise<RemoteRef | null> {
  const serving = await capability(provider, 'promote').serving(context, row.config);
  return isTaken(serve, serving) ? refOf(serve) : null;
}

/**
 * May it be sent once more without asking anybody: only over what was served before the first request. Where that was never
 * written down, no request has left; it is read anew, since whoever sent it may have written it meanwhile. Throws `ProviderError`.
 */
export async function servesAsBefore(
  ctx: ServiceContext,
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  row: DeploymentRow,
): Promise<boolean> {
  const { servedBefore } = (await requireDeployment(ctx.db, row.id)).dispatch;
  if (servedBefore === undefined) return true;
  return isUntouched(servedBefore, await capability(provider, 'promote').serving(context, row.config));
}

const refOf = ({ remoteId, url }: Serve): RemoteRef => ({ id: remoteId, attempt: 1, url: url ?? '' });
