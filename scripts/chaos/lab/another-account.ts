import { generateKeyPairSync } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import { createConnection } from '@/lib/connections/server';
import { targets } from '@/lib/db/schema';
import { APP, INSTALLATION_ID } from '@/lib/providers/github/simulator/auth';
import { workflowProvider } from './vendors';
import type { World } from './world';

/** A second connection, with tokens of its own, for these targets. */
export async function anotherAccount(world: World, targetIds: string[]): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const { id } = await createConnection(world.people[0], {
    name: 'Another account',
    providerId: workflowProvider(),
    credential: { kind: 'app', appId: String(APP.id), installationId: String(INSTALLATION_ID), privateKey },
  });
  await world.runtime.database.db.update(targets).set({ connectionId: id }).where(inArray(targets.id, targetIds));
}
