import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Actor } from '@/lib/auth/actor';
import type { EnteredToken, OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { DbOrTx } from '@/lib/db/client';
import { personalCredentials } from '@/lib/db/schema';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { httpMemoryFor } from '@/lib/http/memory';
import { ServiceError } from '@/lib/kernel/errors';
import type { Secret } from '@/lib/kernel/secret';
import { openAuthorities } from './authorities';
import type { OpenDeps } from './open';
import { type ConnectionRow, loadConnection, providerOf } from './rows';
import { connectionSettings } from './settings';
import { type SealBinding, unseal } from './vault';
import { writeMinute } from './write-minute';

export type OwnTokenRow = typeof personalCredentials.$inferSelect;

/** As the acting person, where this process can open connections that way. */
export function asPerson(ctx: ServiceContext, connectionId: string, entered?: EnteredToken): Promise<OpenConnection> {
  if (ctx.openOwn) return ctx.openOwn(connectionId, entered);
  throw new ServiceError('unavailable', 'own_unavailable', 'Own tokens are used in the console only. Do it there.');
}

/** Bound to the person, the connection, its provider and its address: in any other row it does not open. */
export function ownBinding(userId: string, row: Pick<ConnectionRow, 'id' | 'providerId' | 'origin'>): SealBinding {
  return {
    table: 'personal_credentials',
    rowId: `${userId}/${row.id}`,
    providerId: row.providerId,
    origin: row.origin,
    purpose: 'credential',
  };
}

export async function findOwnToken(db: DbOrTx, userId: string, connectionId: string): Promise<OwnTokenRow | null> {
  const mine = and(eq(personalCredentials.userId, userId), eq(personalCredentials.connectionId, connectionId));
  const [row] = await db.select().from(personalCredentials).where(mine);
  return row ?? null;
}

/** The signed-in person themselves: no API token and nothing of ours may use what is theirs. */
export function requireSelf(actor: Actor): Extract<Actor, { kind: 'user' }> {
  if (actor.kind === 'user') return actor;
  throw new ServiceError(
    'forbidden',
    'own_token_person_only',
    'Only the person who stored it may use their own token, signed in to the console. No API token may.',
  );
}

/**
 * A connection's provider with the acting person's own token, or with one that was just entered. Asks nobody but the
 * connection's own address, and counts nothing against the connection's quota, for it is another account's.
 * Throws `ServiceError`: `own_token_person_only`, `own_token_missing`, `changed_meanwhile`, unreadable.
 */
export async function openOwn(
  deps: OpenDeps,
  actor: Actor,
  connectionId: string,
  entered?: EnteredToken,
): Promise<OpenConnection> {
  const { id: userId } = requireSelf(actor);
  const row = await loadConnection(deps.db, connectionId);
  const provider = providerOf(row.providerId, deps.providers);
  if (entered) requireAddress(row, entered.origin);
  const token = entered?.token ?? (await storedToken(deps, userId, row));
  // Another person's answers, or those to the token before, are not this one's to see.
  const authorities = openAuthorities(deps.keys ?? connectionSettings().keys, row);
  const seen = `${row.origin}\n${authorities ?? ''}\n${token.reveal()}`;
  const digest = createHash('sha256').update(seen).digest('hex').slice(0, 16);
  const name = `${row.id}/${userId}@${digest}`;
  const now = () => deps.clock.now();
  const fetch = guardedFetch({
    connectionId: name,
    origin: row.origin,
    authorities,
    memory: deps.memory ?? httpMemoryFor(`${row.id}/${userId}`, name),
    fetch: deps.fetch,
    now,
    writesPerMinute: deps.writesPerMinute,
    sharedWrites: writeMinute(deps.db, `${row.id}/${userId}`),
  });
  const context = { connectionId: name, origin: row.origin, credential: { kind: 'token' as const, token }, fetch, now };
  return { provider, context };
}

/** What the person saw is what it is for. Throws `changed_meanwhile`, before anything is sent. */
export function requireAddress(row: Pick<ConnectionRow, 'name' | 'origin'>, shown: string): void {
  if (row.origin === shown) return;
  throw new ServiceError(
    'precondition',
    'changed_meanwhile',
    `“${row.name}” leads to another address than the one that you were shown, so your token was neither stored nor sent there. Load the page again, look where it leads now, then enter the token.`,
  );
}

async function storedToken(deps: OpenDeps, userId: string, row: ConnectionRow): Promise<Secret> {
  const own = await findOwnToken(deps.db, userId, row.id);
  if (!own)
    throw new ServiceError(
      'precondition',
      'own_token_missing',
      `You have no token of your own for “${row.name}”. Enter one under Members → Your tokens, then try again.`,
    );
  const keys = deps.keys ?? connectionSettings().keys;
  return unseal(keys, own.sealedCredential, ownBinding(userId, row));
}
