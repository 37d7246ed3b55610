import { and, eq } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { connections, personalCredentials } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { log } from '@/lib/kernel/log';
import { ofPerson } from './own-token-check';
import { ownBinding } from './own-token-open';
import { bindingOf, type ConnectionRow } from './rows';
import { connectionSettings } from './settings';
import { type KeyRing, rewrap, type SealBinding } from './vault';

const COLUMNS = {
  sealedCredential: 'credential',
  sealedWebhookSecret: 'webhook',
  sealedPreviousWebhookSecret: 'webhook',
  sealedAuthorities: 'authorities',
} as const satisfies Partial<Record<keyof ConnectionRow, SealBinding['purpose']>>;

export interface RewrapReport {
  /** Secrets that are now under the current key. */
  moved: number;
  /** Secrets that neither key opens; they have to be entered again. */
  unreadable: number;
}

/**
 * Brings every secret under the current key, one row at a time, so it may be cut short and run again. When nothing is
 * left to move, AETHERSTACK_KEK_PREVIOUS can go. A secret that changes meanwhile is left to its newer value.
 */
export async function rewrapSecrets(db: Db, keys: KeyRing = connectionSettings().keys): Promise<RewrapReport> {
  const report: RewrapReport = { moved: 0, unreadable: 0 };
  for (const row of await db.select().from(connections)) {
    for (const [column, purpose] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, SealBinding['purpose']][]) {
      const sealed = row[column];
      if (sealed === null) continue;
      try {
        const moved = rewrap(keys, sealed, bindingOf(row, purpose));
        if (moved === null) continue;
        const same = and(eq(connections.id, row.id), eq(connections[column], sealed));
        const written = await db
          .update(connections)
          .set({ [column]: moved })
          .where(same);
        report.moved += written.rowCount ?? 0;
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        report.unreadable += 1;
        log.warn('a stored secret cannot be opened', { connectionId: row.id, purpose, code: error.code });
      }
    }
  }
  await rewrapOwnTokens(db, keys, report);
  return report;
}

async function rewrapOwnTokens(db: Db, keys: KeyRing, report: RewrapReport): Promise<void> {
  const rows = await db
    .select({ own: personalCredentials, connection: connections })
    .from(personalCredentials)
    .innerJoin(connections, eq(connections.id, personalCredentials.connectionId));
  for (const { own, connection } of rows) {
    try {
      const moved = rewrap(keys, own.sealedCredential, ownBinding(own.userId, connection));
      if (moved === null) continue;
      const same = and(
        ofPerson(own.userId, connection.id),
        eq(personalCredentials.sealedCredential, own.sealedCredential),
      );
      const written = await db.update(personalCredentials).set({ sealedCredential: moved }).where(same);
      report.moved += written.rowCount ?? 0;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      report.unreadable += 1;
      log.warn('a stored secret cannot be opened', { connectionId: connection.id, purpose: 'own', code: error.code });
    }
  }
}
