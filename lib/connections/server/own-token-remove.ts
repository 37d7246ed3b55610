import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import type { DbOrTx } from '@/lib/db/client';
import { personalCredentials } from '@/lib/db/schema';
import type { ownTokenRef } from '../model/own-token';
import { ofPerson } from './own-token-check';
import { requireSelf } from './own-token-open';
import { loadConnection } from './rows';

/** Forgets one's own token. At the provider it stays valid until it is revoked there. */
export async function removeOwnToken(ctx: ServiceContext, input: z.output<typeof ownTokenRef>): Promise<void> {
  const person = requireSelf(ctx.actor);
  const connection = await loadConnection(ctx.db, input.connectionId);
  await ctx.db.transaction(async (tx) => {
    const [gone] = await tx.delete(personalCredentials).where(ofPerson(person.id, connection.id)).returning();
    if (!gone) return;
    await emitAudit(tx, ctx, {
      action: 'own-token.remove',
      resource: { kind: 'connection', id: connection.id },
      outcome: 'done',
      sentence: `${person.name} removed their own token for “${connection.name}” (${gone.login}).`,
      data: { login: gone.login },
    });
  });
}

/** All that a person stored, when they are shut out; how many. */
export async function removeOwnTokensOf(tx: DbOrTx, userId: string): Promise<number> {
  return (await tx.delete(personalCredentials).where(eq(personalCredentials.userId, userId))).rowCount ?? 0;
}

/** All that people stored for an address that is no longer the connection's; how many. */
export async function removeOwnTokensAt(tx: DbOrTx, connectionId: string): Promise<number> {
  return (await tx.delete(personalCredentials).where(eq(personalCredentials.connectionId, connectionId))).rowCount ?? 0;
}
