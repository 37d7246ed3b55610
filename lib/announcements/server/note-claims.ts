import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, connections, deploymentNotes, deployments, environments, targets } from '@/lib/db/schema';
import { scopeOf } from '../model/note';
import { ClaimLost } from './claims';

export type NoteRow = typeof deploymentNotes.$inferSelect;

/** As of a record: longer than a pass can take, and what is sent is sent with half of it left. */
const LEASE_SECONDS = 90;
const LEFT_SECONDS = 45;
/** A note says itself when it went live, so one that is late is still true; older than this it is nobody's news. */
const FRESH_MINUTES = 60;
/** Of each target the newest so many are looked at: more do not go live between two passes. */
const NEWEST = 20;

/** Rows for what went live and has none yet, from our own state: whoever was down meanwhile misses nothing. */
export async function discoverNotes({ db }: ServiceContext): Promise<void> {
  const found = await db
    .select({ deployment: deployments, component: components, environment: environments, health: targets.health })
    .from(targets)
    .innerJoin(deployments, eq(deployments.targetId, targets.id))
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(
      sql`jsonb_array_length(coalesce(${targets.health}->'notes', '[]'::jsonb)) > 0
        and ${deployments.id} in (select id from ${deployments} d where d.target_id = ${targets.id}
          order by d.number desc limit ${NEWEST})
        and ${deployments.status} = 'succeeded'
        and ${deployments.finishedAt} > now() - make_interval(mins => ${FRESH_MINUTES})
        and not exists (select 1 from ${deploymentNotes} n where n.deployment_id = ${deployments.id})`,
    );
  for (const { deployment, component, environment, health } of found) {
    const wanted = health?.notes ?? [];
    const ids = wanted.map(({ connectionId }) => connectionId);
    const there = await db.select({ id: connections.id }).from(connections).where(inArray(connections.id, ids));
    const known = wanted.filter(({ connectionId }) => there.some(({ id }) => id === connectionId));
    if (!health || known.length === 0) continue;
    const rows = known.map((note) => ({
      ...{ deploymentId: deployment.id, connectionId: note.connectionId },
      scope: scopeOf(note, health, { sha: deployment.sha, component, environment }),
    }));
    await db.insert(deploymentNotes).values(rows).onConflictDoNothing();
  }
}

/** A claim is committed before anything is sent; whoever dies after that leaves it to the next. */
export async function claimNotes({ db }: ServiceContext, limit: number): Promise<NoteRow[]> {
  return await db
    .update(deploymentNotes)
    .set({
      tries: sql`${deploymentNotes.tries} + 1`,
      nextTryAt: sql`date_trunc('milliseconds', now()) + make_interval(secs => ${LEASE_SECONDS})`,
    })
    .where(
      sql`(${deploymentNotes.deploymentId}, ${deploymentNotes.connectionId}) in (
        select deployment_id, connection_id from ${deploymentNotes} where next_try_at <= now()
        order by next_try_at limit ${limit} for update skip locked)`,
    )
    .returning();
}

const mine = (row: NoteRow) =>
  and(
    eq(deploymentNotes.deploymentId, row.deploymentId),
    eq(deploymentNotes.connectionId, row.connectionId),
    eq(deploymentNotes.nextTryAt, row.nextTryAt ?? new Date(0)),
    eq(deploymentNotes.tries, row.tries),
  );

/** Kept before it is asked for. Throws `ClaimLost` where a process stood still and somebody else has the row now. */
export async function asking({ db }: ServiceContext, row: NoteRow): Promise<void> {
  const [found] = await db
    .update(deploymentNotes)
    .set({ askedAt: sql`now()` })
    .where(sql`${mine(row)} and ${deploymentNotes.nextTryAt} > now() + make_interval(secs => ${LEFT_SECONDS})`)
    .returning({ id: deploymentNotes.deploymentId });
  if (!found) throw new ClaimLost();
}

type Columns = Omit<typeof deploymentNotes.$inferInsert, 'deploymentId' | 'connectionId' | 'nextTryAt'>;
type Patch = { [K in keyof Columns]?: Columns[K] | SQL };

/** Gives the claim back: null for ever, or the seconds until the next try. Throws `ClaimLost`. */
export async function releaseNote(
  { db }: ServiceContext,
  row: NoteRow,
  patch: Patch,
  seconds: number | null,
): Promise<void> {
  const nextTryAt = seconds === null ? null : sql`now() + make_interval(secs => ${seconds})`;
  const [found] = await db
    .update(deploymentNotes)
    .set({ ...patch, nextTryAt })
    .where(mine(row))
    .returning();
  if (!found) throw new ClaimLost();
}
