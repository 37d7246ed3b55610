import { and, eq } from 'drizzle-orm';
import { rewrap } from '@/lib/connections/server/vault';
import type { Db } from '@/lib/db/client';
import { subscriptions } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { log } from '@/lib/kernel/log';
import { notificationSettings, subscriptionBinding } from './seal';

const COLUMNS = { sealedUrl: 'address', sealedSecret: 'signing' } as const;

/** Brings addresses and signing secrets under the current key; may be cut short and run again. */
export async function rewrapSubscriptions(
  db: Db,
  keys = notificationSettings().keys,
): Promise<{ moved: number; unreadable: number }> {
  const report = { moved: 0, unreadable: 0 };
  for (const row of await db.select().from(subscriptions)) {
    for (const column of ['sealedUrl', 'sealedSecret'] as const) {
      const sealed = row[column];
      if (sealed === null) continue;
      try {
        const moved = rewrap(keys, sealed, subscriptionBinding(row, COLUMNS[column]));
        if (moved === null) continue;
        const same = and(eq(subscriptions.id, row.id), eq(subscriptions[column], sealed));
        const written = await db
          .update(subscriptions)
          .set({ [column]: moved })
          .where(same);
        report.moved += written.rowCount ?? 0;
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        report.unreadable += 1;
        log.warn('a stored secret cannot be opened', {
          subscriptionId: row.id,
          purpose: COLUMNS[column],
          code: error.code,
        });
      }
    }
  }
  return report;
}
