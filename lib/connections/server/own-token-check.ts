import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import type { DbOrTx } from '@/lib/db/client';
import { personalCredentials } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { ownTokenRef } from '../model/own-token';
import { requireSelf } from './own-token-open';
import { askWhose } from './own-token-store';
import { loadConnection } from './rows';

/** Asks the provider once more whose the stored token is, and keeps what it said. */
export async function checkOwnToken(
  ctx: ServiceContext,
  input: z.output<typeof ownTokenRef>,
): Promise<{ login: string; accepted: boolean }> {
  const person = requireSelf(ctx.actor);
  const connection = await loadConnection(ctx.db, input.connectionId);
  const report = await askWhose(ctx, connection.id).catch((error: unknown) => {
    if (error instanceof ServiceError && error.code === 'own_token_refused') return null;
    throw error;
  });
  const mine = ofPerson(person.id, connection.id);
  return await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(personalCredentials)
      .set({
        accepted: report !== null,
        checkedAt: sql`now()`,
        ...(report && {
          login: report.account,
          problems: report.problems.slice(0, 10),
          expiresAt: report.expiresAt ? new Date(report.expiresAt) : null,
        }),
      })
      .where(mine)
      .returning();
    const login = row?.login ?? '';
    await emitAudit(tx, ctx, {
      action: 'own-token.check',
      resource: { kind: 'connection', id: connection.id },
      outcome: report ? 'done' : 'failed',
      ...(report ? {} : { code: 'own_token_refused' }),
      sentence: report
        ? `The own token of ${person.name} for “${connection.name}” works, as ${login}.`
        : `The own token of ${person.name} for “${connection.name}” is refused there.`,
      data: { login },
    });
    return { login, accepted: report !== null };
  });
}

/** Remembers that the provider took the token no more, so that the pages say so before the next press. */
export async function markOwnTokenRefused(db: DbOrTx, userId: string, connectionId: string): Promise<void> {
  await db
    .update(personalCredentials)
    .set({ accepted: false, checkedAt: sql`now()` })
    .where(ofPerson(userId, connectionId));
}

export function ofPerson(userId: string, connectionId: string) {
  return and(eq(personalCredentials.userId, userId), eq(personalCredentials.connectionId, connectionId));
}
