import { and, desc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '@/lib/auth/context';
import { deployments, extensionPackages, extensionPublications, targets, unpublishAsks } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import type { Unpublishing } from '../model/view';
import { lockPlaces, samePlaces } from './same-extension';

/** So long others may agree; then somebody has to ask anew. Hours. */
const HOURS = 24;

export type AskRow = typeof unpublishAsks.$inferSelect;

/** A request that was begun is over by then, whatever became of who sent it. Minutes. */
export const SENT_WITHIN = 2;

const stale = () => sql<boolean>`${unpublishAsks.begunAt} < now() - make_interval(mins => ${SENT_WITHIN})`;

/** An agreement holds until it was done, its time is over or something was published; while its request is out it is not open. */
const open = () => {
  const { begunAt, endsAt } = unpublishAsks;
  return and(or(isNull(begunAt), stale()), gt(endsAt, sql`now()`));
};

/** What is asked for and has not been begun yet, at each of these places where the extension is the one that is asked about. */
export async function readAsks(db: DbOrTx, targetIds: readonly string[]): Promise<Map<string, Unpublishing>> {
  if (targetIds.length === 0) return new Map();
  const places = samePlaces({ targetId: sql`${unpublishAsks.targetId}`, extension: sql`${unpublishAsks.extension}` });
  const rows = await db
    .select({ row: unpublishAsks, targetId: targets.id })
    .from(unpublishAsks)
    .innerJoin(targets, sql`${targets.id} in ${places}`)
    .where(and(inArray(targets.id, [...targetIds]), open()))
    .orderBy(unpublishAsks.askedAt);
  return new Map(rows.map(({ row, targetId }) => [targetId, viewOf(row)]));
}

function viewOf({ extension, askedByName: by, reason, agreed, needed, endsAt }: AskRow): Unpublishing {
  const names = agreed.map(({ name }) => name);
  return { extension, by, reason, agreed: names, needed, endsAt: endsAt.toISOString() };
}

interface About {
  targetId: string;
  extension: string;
}

const isSame = (about: About) =>
  and(
    sql`${unpublishAsks.targetId} in ${samePlaces(about)}`,
    sql`lower(${unpublishAsks.extension}) = ${about.extension.toLowerCase()}`,
  );

/**
 * The one of this extension that has not ended, under the locks of its targets: two people who agree at once are counted one
 * by one. Throws `ServiceError` `being_sent` while its request is out, so that nobody asks or sends beside it.
 */
export async function lockAsk(tx: Tx, about: About): Promise<AskRow | null> {
  await lockPlaces(tx, about);
  // The clock, not this transaction's beginning: the one that was waited for may have ended it since.
  const rows = await tx
    .select({ row: unpublishAsks, isOver: sql<boolean>`coalesce(${stale()}, true)` })
    .from(unpublishAsks)
    .where(and(isSame(about), gt(unpublishAsks.endsAt, sql`clock_timestamp()`)))
    .orderBy(desc(unpublishAsks.askedAt));
  if (rows.some(({ isOver }) => !isOver)) throw beingSent(about.extension);
  return rows[0]?.row ?? null;
}

function beingSent(extension: string): ServiceError {
  const sentence = `${extension} is being taken away there just now. Wait for the answer, two minutes at most, and look at this page again.`;
  return new ServiceError('conflict', 'being_sent', sentence);
}

/** Whether its request may be on its way just now, through whichever target. */
export async function isBeingTakenAway(db: DbOrTx, about: About): Promise<boolean> {
  const out = sql`coalesce(not ${stale()}, false) and ${unpublishAsks.endsAt} > clock_timestamp()`;
  return (await db.$count(unpublishAsks, and(isSame(about), out))) > 0;
}

/**
 * The same for a publication that is on its way to this place, up to where the gallery has taken it: told by its remote id, or
 * where a workflow sends it, whose run has one all along, by its row among the publications. Under its lock. Of one whose run
 * is over nobody can say whether it was taken, so its waiting is called off first. Throws `ServiceError` `being_published`.
 */
export async function requireNothingSent(tx: Tx, about: About): Promise<void> {
  const isOver = sql`(status = 'deploying' and run_ended_at is not null)`;
  const { rows } = await tx.execute<{ number: number; is_over: boolean }>(sql`
    select number::float8 as number, ${isOver} as is_over from ${deployments} where target_id in ${samePlaces(about)}
      and (status in ('submitting', 'building') or (status = 'cancelling' and remote_id is null)
        or (status in ('deploying', 'cancelling') and dispatch #> '{publish,by}' is not null and not exists (
          select 1 from ${extensionPublications} p where p.deployment_id = ${deployments.id}))) order by is_over, number limit 1`);
  if (!rows[0]) return;
  const { number, is_over: wasOver } = rows[0];
  const sentence = wasOver
    ? `The run of #${number} is over, and may have published a version of ${about.extension} there. Cancel #${number} first, which ends the waiting for it, then press again.`
    : `#${number} is sending a version of ${about.extension} there just now. Wait until the gallery has taken it, and press again.`;
  throw new ServiceError('conflict', 'being_published', sentence);
}

export async function writeAsk(
  tx: Tx,
  about: About & { reason: string; by: { id: string; name: string }; needed: number },
): Promise<void> {
  const { targetId, extension, reason, by, needed } = about;
  await tx.insert(unpublishAsks).values({
    ...{ id: newId('ask'), targetId, extension, reason, needed },
    ...{ askedById: by.id, askedByName: by.name },
    endsAt: sql`now() + make_interval(hours => ${HOURS})`,
  });
}

/** Where nobody has to agree: it is begun at once, and is over when its request is. */
export async function beginAlone(
  tx: Tx,
  about: About & { reason: string; by: { id: string; name: string } },
): Promise<Begun> {
  const { targetId, extension, reason, by } = about;
  const [written] = await tx
    .insert(unpublishAsks)
    .values({
      ...{ id: newId('ask'), targetId, extension, reason, needed: 0, begunAt: NOW },
      ...{ askedById: by.id, askedByName: by.name },
      endsAt: sql`now() + make_interval(mins => ${SENT_WITHIN})`,
    })
    .returning();
  if (!written?.begunAt) throw new Error('What was begun was not written.');
  return { id: written.id, begunAt: written.begunAt };
}

/** In whole milliseconds, as a Date has them: the attempt is known by it. */
const NOW = sql<Date>`date_trunc('milliseconds', clock_timestamp())`;

type Person = AskRow['agreed'][number];

/** One that was begun, by this very attempt. */
export interface Begun {
  id: string;
  begunAt: Date;
}

interface Agreement {
  by: Person;
  /** Of those who agreed before, who may still approve there. */
  holds: Person[];
  /** How many it takes now; never fewer than when it was asked. */
  needed: number;
}

/**
 * One more who agrees, or whoever took part in what is agreed already; with enough of them it is begun, and nobody begins it
 * a second time while its request is out. `begun`: null = `left` more have to agree.
 */
export async function agree(
  tx: Tx,
  row: AskRow,
  { by, holds, needed }: Agreement,
): Promise<{ begun: Begun | null; left: number }> {
  const isNew = by.id !== row.askedById && !holds.some(({ id }) => id === by.id);
  const agreed = isNew ? [...holds, by] : holds;
  const left = Math.max(0, needed - agreed.length);
  const begins = left === 0 ? NOW : null;
  const [written] = await tx
    .update(unpublishAsks)
    .set({ agreed, needed, begunAt: begins })
    .where(eq(unpublishAsks.id, row.id))
    .returning({ begunAt: unpublishAsks.begunAt });
  return { begun: written?.begunAt ? { id: row.id, begunAt: written.begunAt } : null, left };
}

/** This attempt came to nothing for certain: whoever took part may send it once more. Another attempt's is left alone. */
export async function reopenAsk(db: DbOrTx, { id, begunAt }: Begun): Promise<void> {
  await db
    .update(unpublishAsks)
    .set({ begunAt: null, endsAt: sql`case when needed = 0 then clock_timestamp() else ${unpublishAsks.endsAt} end` })
    .where(and(eq(unpublishAsks.id, id), eq(unpublishAsks.begunAt, begunAt)));
}

/**
 * Ends everything that was asked about the package's extension at this place: it was done, or what is there is not what people
 * agreed to take away. Returns how many.
 */
export function endAsks(tx: Tx, about: Published): Promise<number> {
  return endWhere(tx, about, undefined);
}

interface Published {
  targetId: string;
  packageId: string;
}

const nameOf = ({ packageId }: Pick<Published, 'packageId'>) =>
  sql`(select lower(p.publisher || '.' || p.name) from ${extensionPackages} p where p.id = ${packageId})`;

/** A request whose answer got lost was heeded once clients get nothing of the extension there any more: that ends it. */
export async function endSettled(tx: Tx, about: Published): Promise<void> {
  const itsName = nameOf(about);
  const places = samePlaces({ targetId: about.targetId, extension: itsName });
  const isGone = sql`not exists (
    select 1 from ${extensionPublications} e join ${extensionPackages} k on k.id = e.package_id
    where lower(k.publisher || '.' || k.name) = ${itsName} and e.target_id in ${places} and e.state not in ('rejected', 'unlisted'))`;
  await endWhere(tx, about, and(stale(), isGone));
}

async function endWhere(tx: Tx, about: Published, also: SQL | undefined): Promise<number> {
  const itsName = nameOf(about);
  const { extension, endsAt } = unpublishAsks;
  const ended = await tx
    .update(unpublishAsks)
    .set({ endsAt: sql`clock_timestamp()` })
    .where(
      and(
        sql`${unpublishAsks.targetId} in ${samePlaces({ targetId: about.targetId, extension: itsName })}`,
        sql`lower(${extension}) = ${itsName}`,
        gt(endsAt, sql`clock_timestamp()`),
        also,
      ),
    )
    .returning({ id: unpublishAsks.id });
  return ended.length;
}
