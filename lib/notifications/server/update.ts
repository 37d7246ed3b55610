import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { seal } from '@/lib/connections/server/vault';
import { isUniqueViolation } from '@/lib/db/errors';
import { subscriptions } from '@/lib/db/schema';
import type { updateSubscriptionInput } from '../model/schemas';
import type { SigningSecret } from '../model/view';
import { changedMeanwhile, lockSubscription, nameTaken, record } from './rows';
import {
  checkedOrigin,
  type NotificationSettings,
  notificationSettings,
  type SubscriptionRow,
  sealedColumns,
  subscriptionBinding,
} from './seal';

/** Renames, chooses other events or another address. Another origin never learns the secret of the one before. */
export async function updateSubscription(
  ctx: ServiceContext,
  input: z.output<typeof updateSubscriptionInput>,
  settings = notificationSettings(),
): Promise<{ version: number } & SigningSecret> {
  requirePermission(ctx.actor, 'subscription.manage', null);
  const { id, version, url, ...rest } = input;
  const origin = url === undefined ? undefined : checkedOrigin(url, settings.rules);
  try {
    return await ctx.db.transaction(async (tx) => {
      const before = await lockSubscription(tx, id);
      if (before.version !== version) throw changedMeanwhile();
      const { columns, secret } = addressed(settings, before, url, origin);
      await tx
        .update(subscriptions)
        .set({ ...rest, ...columns, version: version + 1 })
        .where(eq(subscriptions.id, id));
      const moved = origin !== undefined && origin !== before.origin;
      await record(tx, ctx, id, {
        verb: 'update',
        sentence: moved
          ? `Moved “${input.name}” from ${before.origin} to ${origin}; its signing secret was replaced.`
          : `Changed “${input.name}”.`,
        data: {
          before: { name: before.name, origin: before.origin, events: before.events },
          after: { name: input.name, origin: origin ?? before.origin, events: input.events },
        },
      });
      return { version: version + 1, secret };
    });
  } catch (error) {
    throw isUniqueViolation(error, 'subscriptions_name_key') ? nameTaken(input.name) : error;
  }
}

function addressed(
  { keys }: NotificationSettings,
  before: SubscriptionRow,
  url: string | undefined,
  origin: string | undefined,
) {
  if (url === undefined || origin === undefined) return { columns: {}, secret: null };
  if (origin === before.origin) {
    return { columns: { sealedUrl: seal(keys, url, subscriptionBinding(before, 'address')) }, secret: null };
  }
  const { columns, secret } = sealedColumns(keys, { id: before.id, kind: before.kind, origin }, url);
  return { columns: { ...columns, origin }, secret };
}
