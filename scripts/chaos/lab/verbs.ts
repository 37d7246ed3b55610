import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { targets } from '@/lib/db/schema';
import {
  approve,
  cancelDeployment,
  reject,
  retryDeployment,
  rollBack,
  triggerDeployment,
} from '@/lib/deployments/server';
import { createFreeze, endFreeze, setPolicy } from '@/lib/gates/server';
import { setGrants } from '@/lib/members/server';
import { publishTo } from '@/lib/publications/server/publish-to';

/** Any query: does this process reach its database? */
async function ping(ctx: ServiceContext): Promise<void> {
  await ctx.db.execute(sql`select 1`);
}

/** Keeps a row locked for as long as the connection can be heard; answers as soon as it is. */
function hold(ctx: ServiceContext, { targetId }: { targetId: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    ctx.db
      .transaction(async (tx) => {
        await tx.execute(sql`select id from ${targets} where id = ${targetId} for update`);
        resolve();
        for (;;) {
          await tx.execute(sql`select 1`);
          await new Promise((next) => setTimeout(next, 100));
        }
      })
      .catch(reject);
  });
}

/** The verbs that experiments call in another process, by name. */
const VERBS: Record<string, (ctx: ServiceContext, input: never) => Promise<unknown>> = {
  trigger: triggerDeployment,
  retry: retryDeployment,
  publish: publishTo,
  // Without `from`, which is no input of a person's.
  rollBack: (ctx, input) => rollBack(ctx, input),
  cancel: cancelDeployment,
  approve,
  reject,
  freeze: createFreeze,
  endFreeze,
  setPolicy,
  setGrants,
  ping,
  hold,
};

/** @throws what the verb throws; Error for an unknown name */
export function runVerb(ctx: ServiceContext, name: string, input: object): Promise<unknown> {
  const verb = VERBS[name];
  if (!verb) throw new Error(`No verb ${name}.`);
  return verb(ctx, input as never);
}
