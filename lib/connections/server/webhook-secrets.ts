import 'server-only';
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { describeError, log } from '@/lib/kernel/log';
import { Rounds } from '@/lib/kernel/rounds';
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
export function webhookSecrets(
  deps: { db: Db; keys?: KeyRing | undefined },
  providerId: string,
): Promise<WebhookSecrets[]> {
  const { db, keys } = deps;
  if (keys) return open(db, keys, providerId);
  return roundsOf(db).join(providerId, () => open(db, connectionSettings().keys, providerId));
}

/** Hundreds of deliveries a second ask the same: they share what was read after the last of them came. */
const rounds = new WeakMap<Db, Rounds<WebhookSecrets[]>>();

function roundsOf(db: Db): Rounds<WebhookSecrets[]> {
  const known = rounds.get(db) ?? new Rounds();
  rounds.set(db, known);
  return known;
}

async function open(db: Db, keys: KeyRing, providerId: string): Promise<WebhookSecrets[]> {
  const rows = await db
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
