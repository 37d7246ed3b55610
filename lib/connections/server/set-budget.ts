import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { connections } from '@/lib/db/schema';
import type { setBudgetInput } from '../model/schemas';
import { record } from './record';
import { lockConnection } from './rows';

/** How much of the provider's limit the console may use by itself. Counts from the next request on, in every process. */
export async function setBudget(ctx: ServiceContext, input: z.output<typeof setBudgetInput>): Promise<void> {
  requirePermission(ctx.actor, 'connection.manage', null);
  await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.id);
    if (row.budgetPercent === input.percent) return;
    await tx
      .update(connections)
      .set({ budgetPercent: input.percent, version: row.version + 1 })
      .where(eq(connections.id, row.id));
    await record(tx, ctx, row.id, {
      verb: 'budget',
      sentence: `The console may use ${input.percent} % of the limit of “${row.name}” by itself; it was ${row.budgetPercent} %.`,
      data: { before: row.budgetPercent, after: input.percent },
    });
  });
}
