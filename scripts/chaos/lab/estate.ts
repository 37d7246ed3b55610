import type { ServiceContext } from '@/lib/auth/context';
import { createConnection } from '@/lib/connections/server';
import { components, environments, targets } from '@/lib/db/schema';
import { capability } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { Runtime } from '@/lib/runtime';

export const ESTATE_TOKEN = 'sandbox-token';

export interface Estate {
  targetIds: string[];
  connectionId: string;
  sha: string;
}

/** Providers that can be simulated: each of them is put through the failpoints. */
export function simulatedProviders(): string[] {
  return Object.values(providers)
    .filter((each) => each.methods.workflows)
    .map((each) => each.manifest.id);
}

/** `count` targets of one non-production environment, all on one simulated repository. */
export async function buildEstate(runtime: Runtime, operator: ServiceContext, count: number): Promise<Estate> {
  const providerId = simulatedProviders()[0] ?? '';
  const origin = providers[providerId]?.manifest.defaultOrigin ?? '';
  const connection = await createConnection(operator, {
    name: 'Chaos',
    providerId,
    origin,
    credential: { kind: 'token', token: ESTATE_TOKEN },
  });
  const { db } = runtime.database;
  await db.insert(environments).values({ id: 'env_chaos', slug: 'chaos', name: 'Chaos', isProduction: false });
  const config = {
    repository: 'aetherstack/aetherstack',
    workflow: 'backend-deploy.yml',
    defaultRef: 'main',
    inputs: {},
  };
  const ids = Array.from({ length: count }, (_, i) => `${i}`);
  await db
    .insert(components)
    .values(ids.map((i) => ({ id: `cmp_${i}`, slug: `c-${i}`, name: `Component ${i}`, kind: 'backend' as const })));
  await db.insert(targets).values(
    ids.map((i) => ({
      id: `tgt_${i}`,
      componentId: `cmp_${i}`,
      environmentId: 'env_chaos',
      connectionId: connection.id,
      config,
    })),
  );
  const { provider, context } = await operator.openConnection(connection.id);
  const head = await capability(provider, 'source').resolve(context, config, 'main');
  return { targetIds: ids.map((i) => `tgt_${i}`), connectionId: connection.id, sha: head.sha };
}
