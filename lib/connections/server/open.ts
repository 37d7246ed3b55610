import 'server-only';
import { and, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenConnection } from '@/lib/auth/context';
import type { Db } from '@/lib/db/client';
import { quotas } from '@/lib/db/schema';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { httpMemoryFor } from '@/lib/http/memory';
import { ALL_RESOURCES } from '@/lib/http/quota';
import type { Clock } from '@/lib/kernel/clock';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { Secret } from '@/lib/kernel/secret';
import type { AnyProvider, Credential, QuotaSnapshot } from '@/lib/providers/port';
import { bindingOf, type ConnectionRow, loadConnection, providerOf } from './rows';
import { connectionSettings } from './settings';
import { type KeyRing, unseal } from './vault';

export interface OpenDeps {
  db: Db;
  clock: Clock;
  /** The transport underneath; the sandbox passes its own. */
  fetch?: typeof globalThis.fetch | undefined;
  /** `Infinity` for simulated vendors; otherwise the vendor's own etiquette. */
  writesPerMinute?: number | undefined;
  keys?: KeyRing | undefined;
  providers?: Record<string, AnyProvider> | undefined;
}

const stored = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: z.string() }),
  z.object({ kind: z.literal('app'), appId: z.string(), installationId: z.string(), privateKey: z.string() }),
]);

function openCredential(keys: KeyRing, row: ConnectionRow): Credential {
  if (row.sealedCredential === null) {
    throw new ServiceError(
      'precondition',
      'credential_missing',
      `The connection “${row.name}” has no credential. Enter one under Connections.`,
    );
  }
  const parsed = stored.safeParse(
    JSON.parse(unseal(keys, row.sealedCredential, bindingOf(row, 'credential')).reveal()),
  );
  if (!parsed.success)
    throw new ServiceError(
      'unavailable',
      'credential_unreadable',
      `The credential of “${row.name}” has an unknown form. Enter it again under Connections.`,
    );
  const { data } = parsed;
  if (data.kind === 'token') return { kind: 'token', token: new Secret(data.token) };
  return {
    kind: 'app',
    appId: data.appId,
    installationId: data.installationId,
    privateKey: new Secret(data.privateKey),
  };
}

/** Keeps the newest figures; an answer that was overtaken does not turn the clock back. */
async function saveQuota(deps: OpenDeps, connectionId: string, quota: QuotaSnapshot): Promise<void> {
  const updatedAt = new Date(deps.clock.now());
  const figures = { limit: quota.limit, remaining: quota.remaining, resetAt: new Date(quota.resetAt), updatedAt };
  await deps.db
    .insert(quotas)
    .values({ connectionId, resource: quota.resource.slice(0, 60), ...figures })
    .onConflictDoUpdate({
      target: [quotas.connectionId, quotas.resource],
      set: figures,
      setWhere: sql`${quotas.updatedAt} <= ${updatedAt}`,
    });
}

async function saveBlock(deps: OpenDeps, connectionId: string, resource: string, until: number): Promise<void> {
  const blockedUntil = new Date(until);
  const updatedAt = new Date(deps.clock.now());
  await deps.db
    .insert(quotas)
    .values({
      connectionId,
      resource: resource.slice(0, 60),
      limit: 0,
      remaining: 0,
      resetAt: blockedUntil,
      blockedUntil,
      updatedAt,
    })
    .onConflictDoUpdate({ target: [quotas.connectionId, quotas.resource], set: { blockedUntil, updatedAt } });
}

async function loadBlocks(deps: OpenDeps, connectionId: string): Promise<Map<string, number>> {
  const rows = await deps.db
    .select({ resource: quotas.resource, until: quotas.blockedUntil })
    .from(quotas)
    .where(and(eq(quotas.connectionId, connectionId), gt(quotas.blockedUntil, new Date(deps.clock.now()))));
  return new Map(rows.map((row) => [row.resource, row.until?.getTime() ?? 0]));
}

/** Bookkeeping must not fail the call that it accounts for. */
function inBackground(work: Promise<void>, connectionId: string): void {
  work.catch((error) => log.warn('quota could not be saved', { connectionId, ...describeError(error) }));
}

/**
 * The only place where a credential is unsealed. The returned context reaches the connection's own address and no other.
 * Throws `ServiceError`: unknown connection, no credential, unreadable credential.
 */
export async function openConnection(deps: OpenDeps, connectionId: string): Promise<OpenConnection> {
  const row = await loadConnection(deps.db, connectionId);
  const provider = providerOf(row.providerId, deps.providers);
  const credential = openCredential(deps.keys ?? connectionSettings().keys, row);
  const blocks = await loadBlocks(deps, connectionId);
  const fetch = guardedFetch({
    connectionId,
    origin: row.origin,
    memory: httpMemoryFor(connectionId),
    fetch: deps.fetch,
    now: () => deps.clock.now(),
    downloadHosts: provider.manifest.downloadHosts,
    writesPerMinute: deps.writesPerMinute,
    blockedUntil: (resource) => Math.max(blocks.get(resource) ?? 0, blocks.get(ALL_RESOURCES) ?? 0) || null,
    onQuota: (quota) => inBackground(saveQuota(deps, connectionId, quota), connectionId),
    onBlocked: (resource, until) => inBackground(saveBlock(deps, connectionId, resource, until), connectionId),
  });
  return { provider, context: { connectionId, origin: row.origin, credential, fetch, now: () => deps.clock.now() } };
}
