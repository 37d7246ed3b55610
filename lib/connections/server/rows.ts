import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import type { AnyProvider } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { SealBinding } from './vault';

export type ConnectionRow = typeof connections.$inferSelect;

export function bindingOf(
  row: { id: string; providerId: string; origin: string },
  purpose: SealBinding['purpose'],
): SealBinding {
  return { table: 'connections', rowId: row.id, providerId: row.providerId, origin: row.origin, purpose };
}

/** Throws `ServiceError` notFound. */
export async function loadConnection(db: DbOrTx, id: string): Promise<ConnectionRow> {
  const [row] = await db.select().from(connections).where(eq(connections.id, id));
  if (!row)
    throw new ServiceError(
      'notFound',
      'connection_unknown',
      'This connection does not exist any more. Go back to Connections and choose another.',
    );
  return row;
}

/** The same, held until the transaction ends, so that two changes come one after the other. */
export async function lockConnection(tx: DbOrTx, id: string): Promise<ConnectionRow> {
  const [row] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
  if (!row)
    throw new ServiceError(
      'notFound',
      'connection_unknown',
      'This connection does not exist any more. Go back to Connections and choose another.',
    );
  return row;
}

/** Throws `ServiceError` when this build has no such provider. */
export function providerOf(providerId: string, known: Record<string, AnyProvider> = providers): AnyProvider {
  const provider = Object.hasOwn(known, providerId) ? known[providerId] : undefined;
  if (!provider)
    throw new ServiceError('invalid', 'provider_unknown', 'This version of AetherStack does not know that provider.', {
      providerId: 'Choose a provider from the list.',
    });
  return provider;
}
