import 'server-only';
import { eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { Db, Tx } from '@/lib/db/client';
import { components, connections, deployments, environments, freezes, settings, targets } from '@/lib/db/schema';
import { newId } from '@/lib/kernel/ids';
import { seedComponents, seedConfig, seedEnvironments, seedProbe } from './estate';
import { type SeedTarget, seedHistory } from './history';
import type { SeedCommit } from './past';

/** Not a credential of anybody: the simulated provider takes it. */
export const SANDBOX_TOKEN = 'sandbox-token';

export interface DemoOptions {
  providerId: string;
  origin: string;
  connectionName: string;
  /** Seals the token bound to this very row, as the connections domain does; returns the `sealed_credential` column. */
  sealCredential(
    row: { id: string; providerId: string; origin: string },
    credential: { kind: 'token'; token: string },
  ): string;
  /** The main repository's commits, asked of the (simulated) provider once the connection is there. */
  loadCommits(connectionId: string, config: Record<string, unknown>): Promise<SeedCommit[]>;
  /** Epoch milliseconds. */
  now: number;
}

const system = { actor: { kind: 'system', name: 'AetherStack' }, requestId: null } as const;

/**
 * Fills an empty installation with the example team, once: a second call, or one on an installation that has
 * components of its own, changes nothing. Safe when several instances start together, and goes on where it was cut.
 */
export async function seedDemo(db: Db, options: DemoOptions): Promise<{ estate: boolean; deployments: number }> {
  const estate = await once(db, 'demo.estate', (tx) => seedEstate(tx, options));
  const seeded = await readSeeded(db, options);
  const first = seeded[0];
  if (!first) return { estate: estate !== null, deployments: 0 };
  if (await isDone(db, 'demo.history')) return { estate: estate !== null, deployments: 0 };
  const commits = await options.loadCommits(first.row.connectionId, first.row.config);
  const count = await once(db, 'demo.history', async (tx) => {
    const [existing] = await tx.select({ id: deployments.id }).from(deployments).limit(1);
    return existing ? 0 : seedHistory(tx, seeded, commits, options.now);
  });
  return { estate: estate !== null, deployments: count ?? 0 };
}

/** The mark and the work are one transaction; a second instance waits on the mark and then finds it. */
export async function once<T>(db: Db, key: string, work: (tx: Tx) => Promise<T>): Promise<T | null> {
  return db.transaction(async (tx) => {
    const marked = await tx.insert(settings).values({ key, value: true }).onConflictDoNothing().returning();
    return marked.length > 0 ? work(tx) : null;
  });
}

export async function isDone(db: Db, key: string): Promise<boolean> {
  return (await db.query.settings.findFirst({ where: eq(settings.key, key) })) !== undefined;
}

async function seedEstate(tx: Tx, options: DemoOptions): Promise<void> {
  const [existing] = await tx.select({ id: components.id }).from(components).limit(1);
  if (existing) return;
  const connectionId = await seedConnection(tx, options);
  const environmentIds = new Map<string, string>();
  for (const environment of seedEnvironments) {
    const id = newId('env', options.now);
    await tx.insert(environments).values({ id, ...environment });
    environmentIds.set(environment.slug, id);
  }
  for (const [position, component] of seedComponents.entries()) {
    const { slug, name, kind, description, paths } = component;
    const componentId = newId('cmp', options.now);
    await tx.insert(components).values({ id: componentId, slug, name, kind, description, paths, position });
    for (const environment of Object.keys(component.targets)) {
      const environmentId = environmentIds.get(environment);
      if (!environmentId) continue;
      const config = seedConfig(component, environment);
      const probe = seedProbe(component, environment);
      const rendering = component.rendering ?? null;
      await tx
        .insert(targets)
        .values({ id: newId('tgt', options.now), componentId, environmentId, connectionId, config, probe, rendering });
    }
  }
  await seedFreeze(tx, environmentIds.get('production') ?? null, options.now);
  await emitAudit(tx, system, {
    action: 'demo.seed',
    resource: { kind: 'installation', id: null },
    outcome: 'done',
    sentence:
      'Filled the sandbox with an example team: components, environments, targets and three weeks of deployments.',
  });
}

/** One freeze in the calendar, far enough away that it is in nobody's way while they look around. */
async function seedFreeze(tx: Tx, environmentId: string | null, now: number): Promise<void> {
  const day = new Date(now + 60 * 86_400_000).toISOString().slice(0, 10);
  await tx.insert(freezes).values({
    id: newId('frz', now),
    name: 'Stock-taking',
    reason: 'Nobody changes what is counted',
    environmentId,
    timeZone: 'Europe/Berlin',
    startsAt: `${day}T18:00`,
    durationMinutes: 3 * 1440,
    recurrence: 'FREQ=YEARLY',
    createdBy: 'system',
    createdByName: system.actor.name,
  });
}

async function seedConnection(tx: Tx, options: DemoOptions): Promise<string> {
  const row = { id: newId('con', options.now), providerId: options.providerId, origin: options.origin };
  await tx.insert(connections).values({
    ...row,
    name: options.connectionName,
    credentialKind: 'token',
    sealedCredential: options.sealCredential(row, { kind: 'token', token: SANDBOX_TOKEN }),
    credentialLast4: SANDBOX_TOKEN.slice(-4),
  });
  return row.id;
}

/** The targets of the example team as they are now, by their component's and environment's slugs. */
async function readSeeded(db: Db, { connectionName }: DemoOptions): Promise<SeedTarget[]> {
  const rows = await db
    .select({
      row: targets,
      component: components.slug,
      environment: environments.slug,
      providerId: connections.providerId,
    })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(eq(connections.name, connectionName));
  return rows;
}
