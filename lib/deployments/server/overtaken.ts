import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { move } from './move';
import type { Overtaken } from './newest-there';
import { type AttemptRow, type DeploymentRow, lockDeployment } from './rows';

const BACK = 'Nothing was sent: it was overtaken while it waited, so it gives the target back.';

/**
 * Found to be overtaken just before its request. Only unclaimed work is superseded, so it goes back to the queue as what did
 * not start and is superseded there, in one commit: nobody sees it in between. What was called off meanwhile is cancelled.
 */
export async function supersedeUnsent(
  ctx: ServiceContext,
  seen: DeploymentRow,
  attempt: AttemptRow,
  { refusal: { code, sentence }, byDeploymentId }: Overtaken,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, seen.id);
    const [mine] = await tx
      .update(attempts)
      .set({ state: 'refused', answeredAt: sql`now()`, error: code })
      .where(and(eq(attempts.id, attempt.id), eq(attempts.state, 'sending')))
      .returning();
    if (!row || !mine) return;
    const why = { failureCode: code, failureSentence: sentence };
    const back = await move(tx, ctx, row, 'requeue', { sentence: BACK });
    if (!back) await move(tx, ctx, row, 'submit_refused', { patch: why, sentence });
    else await move(tx, ctx, back, 'supersede', { patch: { ...why, supersededById: byDeploymentId }, sentence });
  });
}
