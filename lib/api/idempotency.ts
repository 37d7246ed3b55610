import { createHash, randomUUID } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { deployments, idempotencyKeys } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { isPlaceKey, placeKeyOf } from '@/lib/publications/server/place-key';
import type { TokenActor } from '@/lib/tokens/server';
import { BodyError } from './body';

/** A claim that nobody renewed for so long is taken over: its process is gone. */
const TAKE_OVER_SECONDS = 60;
const RENEW_MS = 15_000;
/** After which a client asks again whether the work of another request is done. */
const SOON_SECONDS = 5;
const KEPT_DAYS = 7;

export interface Kept {
  status: number;
  /** Null = 204, or an answer that is shown only once. */
  body: unknown;
}

/** One request as the table knows it. */
export interface Claim {
  actorId: string;
  key: string;
  digest: string;
  /** Of the roles that decided, where only the verb itself knows which thing they have to reach; else empty. */
  authority: string;
}

/**
 * The `Idempotency-Key` header, bare or as a structured string. Throws `BodyError` for anything else.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function keyFrom(header: string | null, required: boolean): string | null {
  if (header === null && !required) return null;
  if (header === null)
    throw new BodyError(
      400,
      'idempotency_key_required',
      'Send the header Idempotency-Key with a value of your own, new for each intent, so that a repeat does nothing twice.',
    );
  const bare = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (/^[\x21-\x7e]{8,200}$/.test(bare)) return bare;
  throw new BodyError(400, 'idempotency_key_invalid', 'An Idempotency-Key has 8 to 200 characters without spaces.');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** `withAuthority`: the first answer is for the roles of that moment only, see `begin`. */
export function claimOf(
  { id, grants, scopes }: Pick<TokenActor, 'id' | 'grants' | 'scopes'>,
  key: string,
  request: { method: string; path: string; body: string },
  withAuthority: boolean,
): Claim {
  const digest = sha256(JSON.stringify([request.method, request.path, request.body]));
  return { actorId: id, key, digest, authority: withAuthority ? sha256(JSON.stringify([grants, scopes])) : '' };
}

/** The key that a deployment itself is written with: nobody else's token can meet it. */
export function deploymentKey({ actorId, key }: Claim): string {
  return `api-${sha256(`${actorId}\n${key}`)}`;
}

/** A claim that is ours: nobody else may settle it, and once it is taken over neither may we. */
export interface Held extends Claim {
  /** What its row says of request and roles, with a mark of its own: what tells it from the one that takes over. */
  kept: string;
}

const isThis = ({ actorId, key }: Claim) => and(eq(idempotencyKeys.actorId, actorId), eq(idempotencyKeys.key, key));

const isHeld = (held: Held) =>
  and(isThis(held), isNull(idempotencyKeys.status), eq(idempotencyKeys.requestDigest, held.kept));

/**
 * `Held`: the work is ours to do, then `keep` or `release`. Otherwise the first answer, to be given again.
 * Throws 409 while the first request is still at work or when the roles behind the token changed since, 422 when the key
 * came with another request.
 */
export async function begin(db: Db, claim: Claim): Promise<Kept | Held> {
  const { actorId, key, digest, authority } = claim;
  const kept = `${digest}.${authority}.${randomUUID()}`;
  const claimed = await db.execute(sql`
    insert into idempotency_keys (actor_id, key, request_digest) values (${actorId}, ${key}, ${kept})
    on conflict (actor_id, key) do update set created_at = now(), request_digest = ${kept}
      where idempotency_keys.status is null and split_part(idempotency_keys.request_digest, '.', 1) = ${digest}
        and idempotency_keys.created_at < now() - make_interval(secs => ${TAKE_OVER_SECONDS})
    returning key`);
  if (claimed.rows[0]) return { ...claim, kept };
  const [row] = await db
    .select({
      digest: idempotencyKeys.requestDigest,
      status: idempotencyKeys.status,
      body: idempotencyKeys.body,
      age: sql<number>`extract(epoch from now() - ${idempotencyKeys.createdAt})::float8`,
    })
    .from(idempotencyKeys)
    .where(isThis(claim));
  // Released in between: somebody else's try failed, and this one may be made again.
  if (!row) throw inUse(1);
  const [theirs, theirAuthority = ''] = row.digest.split('.');
  if (theirs !== digest)
    throw new BodyError(
      422,
      'idempotency_key_reused',
      'This Idempotency-Key came with another request before. Use a new key for each intent.',
    );
  // Renewed lately, it is at work and answers soon; else it may be lost, and is taken over when its time is up.
  const left = Math.ceil(row.age * 1_000 < 2 * RENEW_MS ? SOON_SECONDS : TAKE_OVER_SECONDS - row.age);
  if (row.status === null) throw inUse(left);
  if (theirAuthority !== authority)
    throw new ServiceError(
      'conflict',
      'roles_changed',
      'The roles behind this token changed since this was first asked for. Look whether it was done; if not, use a new key.',
    );
  return { status: row.status, body: row.body };
}

/** While its work goes on, however long, nobody takes it over. Returns what ends that. */
export function renew(db: Db, held: Held, everyMs = RENEW_MS): () => void {
  const once = () => db.update(idempotencyKeys).set({ createdAt: sql`now()` }).where(isHeld(held));
  const failed = (error: unknown) => log.warn('a claim could not be renewed; it is tried again', describeError(error));
  const timer = setInterval(() => void once().catch(failed), everyMs);
  // A process that is to end does not wait for it.
  timer.unref();
  return () => clearInterval(timer);
}

function inUse(seconds: number): ServiceError {
  const refusal = new ServiceError(
    'conflict',
    'idempotency_key_in_use',
    'The first request with this Idempotency-Key is still being worked on. Ask again in a moment.',
  );
  refusal.retryAfter = Math.max(1, Math.min(seconds, TAKE_OVER_SECONDS));
  return refusal;
}

/** A slow process that comes back after it was taken over changes nothing: the answer is the other one's. */
export async function keep(db: Db, held: Held, answer: Kept): Promise<void> {
  await db.update(idempotencyKeys).set({ status: answer.status, body: answer.body }).where(isHeld(held));
}

/** Nothing was done, or nobody knows: the same request may be made again. */
export async function release(db: Db, held: Held): Promise<void> {
  await db.delete(idempotencyKeys).where(isHeld(held));
}

/** `deploymentKey` of a row, in SQL. */
const madeWith = sql`'api-' || encode(sha256(convert_to(${idempotencyKeys.actorId} || chr(10) || ${idempotencyKeys.key}, 'UTF8')), 'hex')`;

/**
 * Drops answers that nobody repeats any more. Returns how many. A deployment's key is its own for ever, so what it came with
 * is kept as long, or the key would answer another request with that deployment. A publication has a key for each place.
 */
export async function pruneIdempotencyKeys(db: Db): Promise<number> {
  const gone = await db.execute(sql`
    with place as materialized (
      select distinct ${deployments.targetId} as id from ${deployments} where ${isPlaceKey(deployments.idempotencyKey)})
    delete from ${idempotencyKeys} where ${idempotencyKeys.createdAt} < now() - make_interval(days => ${KEPT_DAYS})
      and not exists (select from ${deployments} where ${deployments.idempotencyKey} = ${madeWith})
      and not exists (select from place join ${deployments}
        on ${deployments.idempotencyKey} = ${placeKeyOf(madeWith, sql`place.id`)})`);
  return gone.rowCount ?? 0;
}
