import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import type { CredentialInput } from '@/lib/connections/model/schemas';
import type { Db, Tx } from '@/lib/db/client';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { catalog } from '@/lib/providers/catalog.generated';
import { isDone, once } from './demo';

interface Options {
  /** Seals the token bound to this very row; returns the `sealed_credential` column. */
  sealCredential(row: { id: string; providerId: string; origin: string }, credential: CredentialInput): string;
  /** The file of a key for that service account, asked of the (simulated) project. */
  accountKey(email: string): Promise<string>;
  /** Epoch milliseconds. */
  now: number;
}

interface SeedRuntime {
  mark: string;
  name: string;
  /** The provider's own where it is left out. */
  origin?: string;
  component: string;
  /** By environment; the provider whose settings of a target these are is the one that is meant. */
  settings: Record<string, Record<string, string>>;
  /** Not a credential of anybody: the simulated vendor takes it. Null: the key of the console's service account. */
  token: string | null;
}

const ACCOUNT = 'aetherstack-console@acme-prod.iam.gserviceaccount.com';
const inCluster = (namespace: string) => ({
  ...{ namespace, deployment: 'backend', configMapName: 'backend-settings', secretName: 'backend-secrets' },
});
const service = (name: string) => ({ project: 'acme-prod', region: 'europe-west3', service: name });

const RUNTIMES: readonly SeedRuntime[] = [
  {
    ...{ mark: 'demo.runtime', name: 'Cluster (sandbox)', origin: 'https://cluster.aetherstack.example' },
    ...{ component: 'backend', token: 'sandbox-cluster-token' },
    settings: { production: inCluster('production'), staging: inCluster('staging') },
  },
  {
    ...{ mark: 'demo.runtime.services', name: 'Google Cloud Run (sandbox)', component: 'dashboard', token: null },
    settings: { production: service('dashboard'), staging: service('dashboard-staging') },
  },
  {
    ...{ mark: 'demo.runtime.app', name: 'Google App Engine (sandbox)', component: 'dashboard', token: null },
    settings: { preview: { project: 'acme-prod', service: 'dashboard-preview' } },
  },
];

/**
 * Where the example team's backend and dashboard run, which their workflows deploy to; each once. Answers the new
 * connections.
 */
export async function seedRuntimes(db: Db, options: Options): Promise<readonly string[]> {
  const made: string[] = [];
  for (const runtime of RUNTIMES) {
    if (await isDone(db, runtime.mark)) continue;
    const { token } = runtime;
    const credential: CredentialInput =
      token === null
        ? { kind: 'basic', username: '_json_key', password: await options.accountKey(ACCOUNT), tokenOrigin: null }
        : { kind: 'token', token };
    made.push(...((await once(db, runtime.mark, (tx) => seedRuntime(tx, options, runtime, credential))) ?? []));
  }
  return made;
}

async function seedRuntime(
  tx: Tx,
  { sealCredential, now }: Options,
  { name, origin, component, settings, token }: SeedRuntime,
  credential: CredentialInput,
): Promise<string[]> {
  const manifest = Object.values(catalog).find(
    ({ capabilities, targetConfig }) =>
      capabilities.configuration?.runtime &&
      Object.values(settings).every((each) => targetConfig.safeParse(each).success),
  );
  if (!manifest) return [];
  const row = { id: newId('con', now), providerId: manifest.id, origin: origin ?? manifest.defaultOrigin };
  await tx.insert(connections).values({
    ...{ ...row, name, credentialKind: credential.kind, credentialLast4: token?.slice(-4) ?? '' },
    sealedCredential: sealCredential(row, credential),
  });
  const found = await tx
    .select({ id: targets.id, environment: environments.slug })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(components.slug, component));
  for (const { id, environment } of found) {
    const runtime = settings[environment];
    if (!runtime) continue;
    await tx
      .update(targets)
      .set({ runtimeConnectionId: row.id, runtime })
      .where(and(eq(targets.id, id), isNull(targets.runtime)));
  }
  return [row.id];
}
