import { and, eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import type { DbOrTx } from '@/lib/db/client';
import { personalCredentials } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { ownTokenRef } from '../model/own-token';
import { findOwnToken, type OwnTokenRow, requireSelf } from './own-token-open';
import { askWhose } from './own-token-store';
import { loadConnection } from './rows';

/** Asks the provider once more whose the stored token is, and keeps what it said. */
export async function checkOwnToken(
  ctx: ServiceContext,
  input: z.output<typeof ownTokenRef>,
): Promise<{ login: string; accepted: boolean }> {
  const person = requireSelf(ctx.actor);
  const connection = await loadConnection(ctx.db, input.connectionId);
  const asked = await findOwnToken(ctx.db, person.id, connection.id);
  const report = await askWhose(ctx, connection.id).catch((error: unknown) => {
    if (error instanceof ServiceError && error.code === 'own_token_refused') return null;
    throw error;
  });
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
      .where(sameToken(person.id, connection.id, asked))
      .returning();
    if (!row) throw replacedMeanwhile();
    const { login } = row;
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

/**
 * Remembers that the provider took the token no more, so that the pages say so before the next press. `used`: the one that
 * was sent; another that was entered meanwhile is not blamed for it.
 */
export async function markOwnTokenRefused(db: DbOrTx, used: OwnTokenRow | null): Promise<void> {
  if (!used) return;
  await db
    .update(personalCredentials)
    .set({ accepted: false, checkedAt: sql`now()` })
    .where(sameToken(used.userId, used.connectionId, used));
}

function replacedMeanwhile(): ServiceError {
  const sentence = 'Your token was replaced or removed while it was checked, so nothing was noted. Look at it again.';
  return new ServiceError('conflict', 'changed_meanwhile', sentence);
}

/** The very token that was asked about, read before it was sent. */
function sameToken(userId: string, connectionId: string, asked: OwnTokenRow | null) {
  return and(ofPerson(userId, connectionId), eq(personalCredentials.sealedCredential, asked?.sealedCredential ?? ''));
}

export function ofPerson(userId: string, connectionId: string) {
  return and(eq(personalCredentials.userId, userId), eq(personalCredentials.connectionId, connectionId));
}
