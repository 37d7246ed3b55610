import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { connections } from '@/lib/db/schema';
import { startedThrough } from '@/lib/targets/model/starter';
import type { GateTarget } from './gate';

/**
 * The connection whose credential and allowance starting a deployment there takes: where a workflow publishes to a gallery,
 * the one that starts it. A token that the gallery's own connection stores is then not used.
 */
export async function startingConnection(
  db: DbOrTx,
  { connection, target }: Pick<GateTarget, 'connection' | 'target'>,
): Promise<GateTarget['connection']> {
  const { providerId, id } = connection;
  const through = startedThrough({ providerId, connectionId: id, config: target.config });
  // The gallery is read all the same, so its connection has to open.
  if (through === id || connection.sealedCredential === null) return connection;
  const { name, credentialKind, state, sealedCredential, report } = connections;
  const [starts] = await db
    .select({
      id: connections.id,
      name,
      providerId: connections.providerId,
      credentialKind,
      state,
      sealedCredential,
      report,
    })
    .from(connections)
    .where(eq(connections.id, through));
  return starts ?? connection;
}
