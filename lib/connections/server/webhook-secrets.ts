import { and, eq, isNotNull } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { connections } from '@/lib/db/schema';
import type { Secret } from '@/lib/kernel/secret';
import { openWebhookSecrets } from './open';

export interface WebhookCandidate {
  connectionId: string;
  secrets: Secret[];
}

/** Every connection of a provider that has a webhook secret; which of them sent a delivery, its signature tells. */
export async function webhookSecrets(ctx: Pick<ServiceContext, 'db'>, providerId: string): Promise<WebhookCandidate[]> {
  const rows = await ctx.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.providerId, providerId), isNotNull(connections.sealedWebhookSecret)));
  return Promise.all(rows.map(async ({ id }) => ({ connectionId: id, secrets: await openWebhookSecrets(ctx, id) })));
}
