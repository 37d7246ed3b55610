import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { connections } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { connectionRef, setWebhookSecretInput } from '../model/schemas';
import type { NewWebhookSecret } from '../model/view';
import { record } from './record';
import { bindingOf, lockConnection, providerOf } from './rows';
import { connectionSettings } from './settings';
import { seal } from './vault';

/** Sets or rotates; the secret before stays good until `endWebhookRotation`, so that no delivery is lost meanwhile. */
export async function setWebhookSecret(
  ctx: ServiceContext,
  input: z.output<typeof setWebhookSecretInput>,
  settings = connectionSettings(),
): Promise<NewWebhookSecret> {
  requirePermission(ctx.actor, 'connection.manage', null);
  const secret = input.secret ?? randomBytes(32).toString('base64url');
  await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.id);
    const provider = providerOf(row.providerId);
    if (!provider.methods.webhooks) {
      throw new ServiceError('invalid', 'unsupported', `${provider.manifest.label} sends no webhooks.`);
    }
    await tx
      .update(connections)
      .set({
        sealedWebhookSecret: seal(settings.keys, secret, bindingOf(row, 'webhook')),
        sealedPreviousWebhookSecret: row.sealedWebhookSecret,
        version: sql`${connections.version} + 1`,
      })
      .where(eq(connections.id, row.id));
    await record(tx, ctx, row.id, {
      verb: 'set-webhook-secret',
      sentence: row.sealedWebhookSecret
        ? `Rotated the webhook secret of “${row.name}”; the one before stays valid for now.`
        : `Set the webhook secret of “${row.name}”.`,
    });
  });
  return { secret: input.secret === undefined ? secret : null };
}

/** Ends a rotation: from now on only the present secret counts. */
export async function endWebhookRotation(ctx: ServiceContext, input: z.output<typeof connectionRef>): Promise<void> {
  requirePermission(ctx.actor, 'connection.manage', null);
  await ctx.db.transaction(async (tx) => {
    const row = await lockConnection(tx, input.id);
    if (row.sealedPreviousWebhookSecret === null) return;
    await tx
      .update(connections)
      .set({ sealedPreviousWebhookSecret: null, version: sql`${connections.version} + 1` })
      .where(eq(connections.id, row.id));
    await record(tx, ctx, row.id, {
      verb: 'end-webhook-rotation',
      sentence: `The former webhook secret of “${row.name}” no longer counts.`,
    });
  });
}
