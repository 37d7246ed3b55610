import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import type { CredentialInput } from '@/lib/connections/model/schemas';
import type { Db } from '@/lib/db/client';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { catalog } from '@/lib/providers/catalog.generated';
import { once } from './demo';

interface Options {
  /** Seals the token bound to this very row; returns the `sealed_credential` column. */
  sealCredential(row: { id: string; providerId: string; origin: string }, credential: CredentialInput): string;
  /** Epoch milliseconds. */
  now: number;
}

const COMPONENT = 'backend';
const NAME = 'Cluster (sandbox)';
/** Not a credential of anybody: the simulated cluster takes it. */
const CREDENTIAL = { kind: 'token', token: 'sandbox-cluster-token' } as const;
const ORIGIN = 'https://cluster.aetherstack.example';
const settings = (namespace: string) => ({
  ...{ namespace, deployment: 'backend', configMapName: 'backend-settings', secretName: 'backend-secrets' },
});

/** The example team's backend runs in a cluster that its workflow deploys to; once. Answers the new connection, if any. */
export async function seedRuntimes(db: Db, { sealCredential, now }: Options): Promise<readonly string[]> {
  const made = await once(db, 'demo.runtime', async (tx) => {
    const manifest = Object.values(catalog).find(
      ({ capabilities, targetConfig }) =>
        capabilities.configuration?.runtime && targetConfig.safeParse(settings('staging')).success,
    );
    if (!manifest) return [];
    const row = { id: newId('con', now), providerId: manifest.id, origin: ORIGIN };
    await tx.insert(connections).values({
      ...{ ...row, name: NAME, credentialKind: CREDENTIAL.kind, credentialLast4: CREDENTIAL.token.slice(-4) },
      sealedCredential: sealCredential(row, CREDENTIAL),
    });
    const found = await tx
      .select({ id: targets.id, environment: environments.slug })
      .from(targets)
      .innerJoin(components, eq(components.id, targets.componentId))
      .innerJoin(environments, eq(environments.id, targets.environmentId))
      .where(eq(components.slug, COMPONENT));
    for (const { id, environment } of found)
      await tx
        .update(targets)
        .set({ runtimeConnectionId: row.id, runtime: settings(environment) })
        .where(and(eq(targets.id, id), isNull(targets.runtime)));
    return [row.id];
  });
  return made ?? [];
}
