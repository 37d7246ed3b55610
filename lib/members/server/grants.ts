import { asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { grants } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import type { Grant } from '../model/role';
import type { setGrantsInput } from '../model/schemas';
import { lockMember, requireAdministratorLeft } from './administrators';
import { record } from './record';

/** For people and for the audit log: `operator on staging, viewer on *`. */
export function grantsInWords(list: readonly Grant[]): string {
  if (list.length === 0) return 'no roles';
  return list.map((grant) => `${grant.role} on ${grant.environmentPattern}`).join(', ');
}

export async function insertGrants(tx: Tx, ctx: ServiceContext, userId: string, list: readonly Grant[]): Promise<void> {
  const grantedBy = personId(ctx.actor);
  const rows = list.map((grant) => ({
    id: newId('grt'),
    userId,
    role: grant.role,
    environmentPattern: grant.environmentPattern,
    grantedBy,
  }));
  if (rows.length > 0) await tx.insert(grants).values(rows).onConflictDoNothing();
}

/** Replaces a person's roles; counts on their very next request. The last administrator keeps the role. */
export async function setGrants(
  ctx: ServiceContext,
  input: z.output<typeof setGrantsInput>,
): Promise<{ grants: Grant[] }> {
  requirePermission(ctx.actor, 'member.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const member = await lockMember(tx, input.userId);
    const columns = { role: grants.role, environmentPattern: grants.environmentPattern };
    const read = () => tx.select(columns).from(grants).where(eq(grants.userId, member.id)).orderBy(asc(grants.id));
    const before = await read();
    await tx.delete(grants).where(eq(grants.userId, member.id));
    await insertGrants(tx, ctx, member.id, input.grants);
    await requireAdministratorLeft(tx);
    const after = await read();
    await record(tx, ctx, member.id, {
      verb: 'set-grants',
      sentence: `${member.name} now has ${grantsInWords(after)}; before: ${grantsInWords(before)}.`,
      data: { before, after },
    });
    return { grants: after };
  });
}
