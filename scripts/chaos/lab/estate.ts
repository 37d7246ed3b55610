import type { ServiceContext } from '@/lib/auth/context';
import { createConnection } from '@/lib/connections/server';
import { components, environments, targets } from '@/lib/db/schema';
import { capability } from '@/lib/providers/port';
import type { Runtime } from '@/lib/runtime';
import { labelOf, type Vendors, workflowProvider } from './vendors';

export interface Estate {
  targetIds: string[];
  /** Those of each provider. */
  targetsAt: Readonly<Record<string, string[]>>;
  /** To the provider that has the commits. */
  connectionId: string;
  sha: string;
}

/** Targets of one non-production environment at all places, the first of which also has the commits. */
export async function buildEstate(
  runtime: Runtime,
  operator: ServiceContext,
  { places, upload }: Pick<Vendors, 'places' | 'upload'>,
): Promise<Estate> {
  const { db } = runtime.database;
  await db.insert(environments).values({ id: 'env_chaos', slug: 'chaos', name: 'Chaos', isProduction: false });
  const targetsAt: Record<string, string[]> = {};
  const connectionIds: string[] = [];
  let count = 0;
  for (const { providerId, origin, credential, configs } of places) {
    const first = providerId === workflowProvider();
    const { id: connectionId } = await createConnection(operator, {
      name: first ? 'Chaos' : `Chaos at ${labelOf(providerId)}`,
      ...{ providerId, origin, credential },
    });
    connectionIds.push(connectionId);
    const rows = configs.map((config) => ({ n: count++, config }));
    targetsAt[providerId] = rows.map(({ n }) => `tgt_${n}`);
    await db
      .insert(components)
      .values(
        rows.map(({ n }) => ({ id: `cmp_${n}`, slug: `c-${n}`, name: `Component ${n}`, kind: 'backend' as const })),
      );
    await db.insert(targets).values(
      rows.map(({ n, config }) => ({
        ...{ id: `tgt_${n}`, componentId: `cmp_${n}`, environmentId: 'env_chaos', connectionId },
        config: config as typeof targets.$inferInsert.config,
      })),
    );
  }
  const [connectionId = ''] = connectionIds;
  const { provider, context } = await operator.openConnection(connectionId);
  const head = await capability(provider, 'source').resolve(context, places[0]?.configs[0] ?? {}, 'main');
  await upload(head.sha);
  return { targetIds: Object.values(targetsAt).flat(), targetsAt, connectionId, sha: head.sha };
}
