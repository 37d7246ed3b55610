import 'server-only';
import { eq } from 'drizzle-orm';
import type { DbOrTx, OpenConnection, ServiceContext } from '@/lib/auth/context';
import { connections } from '@/lib/db/schema';
import { type Refusal, ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import { type AnyProvider, ProviderError } from '@/lib/providers/port';
import { isRun } from '../model/dispatch';
import type { DeploymentRow } from './rows';

/** A connection that opened, or why it did not. Reads stay useful without it. */
export type Opened = { ok: true; open: OpenConnection } | { ok: false; refusal: Refusal };

export async function tryOpen(ctx: ServiceContext, connectionId: string, manner?: 'look'): Promise<Opened> {
  try {
    return { ok: true, open: await ctx.openConnection(connectionId, undefined, manner) };
  } catch (error) {
    return { ok: false, refusal: asRefusal(error) };
  }
}

/** The refusal inside an expected error; anything else is a bug and is thrown on. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof ProviderError) return { code: error.code, sentence: error.message };
  if (error instanceof ServiceError) return { code: error.code, sentence: error.sentence };
  throw error;
}

export type ProviderManifest = AnyProvider['manifest'];

/** What a provider can do, from the catalogue: no credential is opened for it. */
export async function readManifest(
  ctx: ServiceContext,
  row: { providerId: string; connectionId: string },
): Promise<ProviderManifest | null> {
  if (Object.hasOwn(catalog, row.providerId)) return catalog[row.providerId] ?? null;
  const opened = await tryOpen(ctx, row.connectionId);
  return opened.ok ? opened.open.provider.manifest : null;
}

/** What can be done with its run: where a workflow publishes for a gallery, by the provider of that one. */
export async function readRunManifest(
  ctx: ServiceContext,
  db: DbOrTx,
  row: Pick<DeploymentRow, 'providerId' | 'connectionId' | 'dispatch' | 'remoteId'>,
): Promise<ProviderManifest | null> {
  const connectionId = row.dispatch.publish?.by?.connectionId;
  if (!connectionId || !isRun(row.dispatch, row.remoteId)) return readManifest(ctx, row);
  const [starter] = await db
    .select({ providerId: connections.providerId })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return starter ? readManifest(ctx, { ...starter, connectionId }) : null;
}

export function labelOf(providerId: string): string {
  return (Object.hasOwn(catalog, providerId) ? catalog[providerId]?.label : undefined) ?? providerId;
}
