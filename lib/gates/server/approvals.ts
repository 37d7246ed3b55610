import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '@/lib/auth/context';
import { approvals, grants, users } from '@/lib/db/schema';
import { permits } from '@/lib/members/model/policy';
import type { Grant } from '@/lib/members/model/role';

type ApprovalRow = typeof approvals.$inferSelect;

interface Asked {
  id: string;
  approvalDigest: string | null;
  requestedById: string | null;
}

export interface Approvals {
  /** Everything that was said, oldest first; `voided` = why it does not count. */
  lines: { row: ApprovalRow; voided: string | null }[];
  /** Distinct people whose approval counts now. */
  given: number;
}

/**
 * Who approved, and whether it counts at this moment: for exactly this content, not the requester, still able to.
 * `lock` holds the people's rows, so that a role is taken away before or after, never in between.
 */
export async function readApprovals(
  db: DbOrTx,
  asked: Asked,
  environmentSlug: string,
  lock: 'share' | null = null,
): Promise<Approvals> {
  const rows = await db
    .select()
    .from(approvals)
    .where(eq(approvals.deploymentId, asked.id))
    .orderBy(asc(approvals.createdAt), asc(approvals.id));
  const people = await readPeople(db, [...new Set(rows.map((row) => row.userId))], lock);
  const lines = rows.map((row) => ({ row, voided: whyVoid(row, asked, people.get(row.userId), environmentSlug) }));
  const counted = lines.filter(({ row, voided }) => voided === null && row.decision === 'approve');
  return { lines, given: new Set(counted.map(({ row }) => row.userId)).size };
}

interface Person {
  name: string;
  disabled: boolean;
  grants: Grant[];
}

async function readPeople(db: DbOrTx, ids: string[], lock: 'share' | null): Promise<Map<string, Person>> {
  if (ids.length === 0) return new Map();
  const query = db
    .select({ id: users.id, name: users.name, disabledAt: users.disabledAt })
    .from(users)
    .where(inArray(users.id, ids))
    .orderBy(asc(users.id));
  const rows = await (lock ? query.for(lock) : query);
  // Read after the lock: a role that was taken away while we waited is gone.
  const held = await db.select().from(grants).where(inArray(grants.userId, ids));
  return new Map(
    rows.map((row) => [
      row.id,
      { name: row.name, disabled: row.disabledAt !== null, grants: held.filter((each) => each.userId === row.id) },
    ]),
  );
}

/** Which of these people may approve there now. Their rows are held, so that a role is taken away before or after. */
export async function approversAmong(tx: Tx, ids: readonly string[], environmentSlug: string): Promise<Set<string>> {
  const people = await readPeople(tx, [...new Set(ids)], 'share');
  const able = [...people].filter(
    ([, person]) => !person.disabled && permits(person.grants, 'deployment.approve', environmentSlug),
  );
  return new Set(able.map(([id]) => id));
}

function whyVoid(row: ApprovalRow, asked: Asked, person: Person | undefined, slug: string): string | null {
  if (row.voidedAt) return row.voidedReason ?? 'It was voided.';
  if (row.decision === 'reject') return null;
  if (row.digest !== asked.approvalDigest) return 'What was approved has changed since.';
  if (row.userId === asked.requestedById) return 'It is their own request.';
  if (!person || person.disabled) return `${row.userName} has no access any more.`;
  if (!permits(person.grants, 'deployment.approve', slug)) return `${row.userName} may no longer approve in ${slug}.`;
  return null;
}

/** Marks what no longer counts, so that its author may approve anew and the page says why. Returns how many. */
export async function voidApprovals(tx: Tx, lines: readonly { id: string; reason: string }[]): Promise<number> {
  let voided = 0;
  for (const { id, reason } of lines) {
    const done = await tx
      .update(approvals)
      .set({ voidedAt: sql`now()`, voidedReason: reason })
      .where(and(eq(approvals.id, id), isNull(approvals.voidedAt)))
      .returning({ id: approvals.id });
    voided += done.length;
  }
  return voided;
}

export async function voidAllApprovals(tx: Tx, deploymentId: string, reason: string): Promise<number> {
  const standing = await tx
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(eq(approvals.deploymentId, deploymentId), isNull(approvals.voidedAt)));
  return voidApprovals(
    tx,
    standing.map(({ id }) => ({ id, reason })),
  );
}

/** Names of people who could give what is missing, in alphabetical order. */
export async function whoCanApprove(db: DbOrTx, asked: Asked, environmentSlug: string, given: Approvals) {
  const rows = await db
    .select({ id: users.id, name: users.name, role: grants.role, environmentPattern: grants.environmentPattern })
    .from(users)
    .innerJoin(grants, eq(grants.userId, users.id))
    .where(isNull(users.disabledAt))
    .orderBy(asc(users.name));
  const spoken = new Set(
    given.lines.filter(({ row, voided }) => voided === null && row.decision === 'approve').map(({ row }) => row.userId),
  );
  const able = rows.filter(
    (row) =>
      row.id !== asked.requestedById && !spoken.has(row.id) && permits([row], 'deployment.approve', environmentSlug),
  );
  return [...new Map(able.map((row) => [row.id, row.name])).values()];
}
