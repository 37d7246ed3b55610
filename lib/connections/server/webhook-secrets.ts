import 'server-only';
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { describeError, log } from '@/lib/kernel/log';
import type { Secret } from '@/lib/kernel/secret';
import { bindingOf } from './rows';
import { connectionSettings } from './settings';
import { type KeyRing, unseal } from './vault';

export interface WebhookSecrets {
  connectionId: string;
  /** The present one and, while rotating, the one before. Never empty. */
  secrets: Secret[];
}

/**
 * The secrets that may have signed a delivery of this provider, by connection. A secret that cannot be opened is left
 * out, so that one broken row does not deafen the others; with none left everything is refused.
 */
export async function webhookSecrets(
  deps: { db: Db; keys?: KeyRing | undefined },
  providerId: string,
): Promise<WebhookSecrets[]> {
  const keys = deps.keys ?? connectionSettings().keys;
  const rows = await deps.db
    .select()
    .from(connections)
    .where(and(eq(connections.providerId, providerId), isNotNull(connections.sealedWebhookSecret)))
    .limit(500);
  return rows.flatMap((row) => {
    const secrets = [row.sealedWebhookSecret, row.sealedPreviousWebhookSecret].flatMap((sealed) => {
      if (sealed === null) return [];
      try {
        return [unseal(keys, sealed, bindingOf(row, 'webhook'))];
      } catch (error) {
        log.error('webhook secret cannot be opened', { connectionId: row.id, ...describeError(error) });
        return [];
      }
    });
    return secrets.length > 0 ? [{ connectionId: row.id, secrets }] : [];
  });
}
