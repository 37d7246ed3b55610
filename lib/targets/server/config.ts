import { eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import type { TargetConfig } from '@/lib/providers/port';

export type Catalog = typeof catalog;

/** The settings as the connection's provider wants them. Throws `invalid` with one sentence per field. */
export async function checkConfig(
  tx: DbOrTx,
  input: { connectionId: string; config: Record<string, unknown> },
  known: Catalog = catalog,
): Promise<TargetConfig> {
  const connection = await tx.query.connections.findFirst({ where: eq(connections.id, input.connectionId) });
  const manifest = connection && Object.hasOwn(known, connection.providerId) ? known[connection.providerId] : undefined;
  if (!connection || !manifest) {
    const sentence = 'There is no such connection. Choose another, or add one under Connections.';
    throw new ServiceError('invalid', 'connection_unknown', sentence, { connectionId: 'Choose a connection.' });
  }
  if (!manifest.capabilities.deploy && !manifest.capabilities.publish) {
    const sentence = `${manifest.label} cannot start deployments. Choose another connection.`;
    throw new ServiceError('invalid', 'unsupported', sentence, { connectionId: 'Choose another connection.' });
  }
  const parsed = manifest.targetConfig.safeParse(input.config);
  if (parsed.success) return parsed.data;
  const fields = Object.fromEntries(
    parsed.error.issues.map((issue) => [['config', ...issue.path.map(String)].join('.'), issue.message]),
  );
  throw new ServiceError('invalid', 'target_config', `${manifest.label} does not accept these settings.`, fields);
}
