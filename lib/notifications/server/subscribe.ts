import type { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isUniqueViolation } from '@/lib/db/errors';
import { subscriptions } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import type { subscribeInput } from '../model/schemas';
import type { SigningSecret } from '../model/view';
import { nameTaken, record } from './rows';
import { checkedOrigin, notificationSettings, sealedColumns } from './seal';

/** A new receiver. The address is sealed; the signing secret is made here and shown this once. */
export async function subscribe(
  ctx: ServiceContext,
  input: z.output<typeof subscribeInput>,
  settings = notificationSettings(),
): Promise<{ id: string } & SigningSecret> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  const { url, ...rest } = input;
  const row = { id: newId('sub'), kind: input.kind, origin: checkedOrigin(url, settings.rules) };
  const { columns, secret } = sealedColumns(settings.keys, row, url);
  try {
    await ctx.db.transaction(async (tx) => {
      const createdBy = personId(ctx.actor) ?? ctx.actor.name;
      await tx.insert(subscriptions).values({ ...rest, ...row, ...columns, createdBy });
      await record(tx, ctx, row.id, {
        verb: 'create',
        sentence: `“${input.name}” at ${row.origin} is told about ${input.events.join(', ')} on ${input.environmentPattern}.`,
        data: { kind: input.kind, origin: row.origin, events: input.events },
      });
    });
  } catch (error) {
    throw isUniqueViolation(error, 'subscriptions_name_key') ? nameTaken(input.name) : error;
  }
  return { id: row.id, secret };
}
