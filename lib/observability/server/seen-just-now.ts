import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { servesOther } from '@/lib/deployments/server/again-there';
import type { Refusal } from '@/lib/kernel/errors';
import { look } from '@/lib/sightings/server';
import { somethingElse } from '../model/roll-back-rule';
import { isElseThere } from './else-there';
import type { loadJudged } from './roll-back-facts';

type Row = NonNullable<Awaited<ReturnType<typeof loadJudged>>>;

/**
 * Why nothing goes back by itself, asked of the place just before it would: something else is live there, or nobody can say
 * what is. Where a thing is down its provider is asked, and a host which build it serves. Throws `ProviderError`.
 */
export async function refusedByTheLook(ctx: ServiceContext, { deployment, target }: Row): Promise<Refusal | null> {
  const { trouble } = await look(ctx, target.id, true);
  if (trouble !== null)
    return {
      code: 'not_seen',
      sentence: `Nobody can say what is live there just now, so it is looked at again before anything goes back. ${trouble}`,
    };
  if (await isElseThere(ctx.db, deployment)) return somethingElse(deployment.number);
  const open = await ctx.openConnection(target.connectionId);
  const loaded = { target, connection: { id: target.connectionId } };
  return servesOther({ db: ctx.db, open, loaded, row: deployment, whileLive: true });
}
