import { vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { ENVIRONMENT } from '@/lib/pipeline/testing/attempt';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { providers } from '@/lib/providers/registry.generated';

export const connectionId = 'con_settings';
export const REPOSITORY = 'aetherstack/aetherstack';
export const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);
export const stagingAdmin = personActor([
  { role: 'admin', environmentPattern: 'staging' },
  { role: 'viewer', environmentPattern: '*' },
]);

type Made<T extends (...args: never[]) => Promise<unknown>> = Awaited<ReturnType<T>>;

export interface SettingsWorld {
  database: Database;
  vendor: ReturnType<typeof memoryWorld>;
  simulator: ReturnType<typeof createGithubSimulator>;
  staging: Made<typeof makeEnvironment>;
  connection: Made<typeof makeConnection>;
  /** Stands before the vendor: an answer of its own, or null to let the request through. */
  wire: { inTheWay(request: Request): Response | null | Promise<Response | null> };
  as(actor: Actor): ServiceContext;
  close(): Promise<void>;
}

/** A target's settings: its workflow, and what it fills in for `environment`. */
export const config = (workflow: string, environment?: string) => ({
  ...{ repository: REPOSITORY, workflow, defaultRef: 'main' },
  ...(environment ? { inputs: { environment } } : {}),
});

/** A dashboard in staging and production and an extension in production, over the real adapter and the simulated vendor. */
export async function settingsWorld(files: ReadonlyMap<string, string>): Promise<SettingsWorld> {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  const vendor = memoryWorld();
  const simulator = createGithubSimulator(vendor, { seed: 7, files });
  const database = await openTestDatabase();
  const { db } = database;
  const staging = await makeEnvironment(db, { slug: 'staging', name: 'Staging' });
  const production = await makeEnvironment(db, { slug: 'production', name: 'Production', position: 1 });
  const dashboard = await makeComponent(db, { slug: 'dashboard', name: 'Dashboard' });
  const extension = await makeComponent(db, { slug: 'extension', name: 'Extension' });
  const connection = await makeConnection(db, { id: connectionId, providerId: 'github' });
  for (const environment of [staging, production]) {
    const own = config('dashboard-deploy.yml', environment.slug);
    const target = await makeTarget(db, { component: dashboard, environment, connection, config: own });
    await makeDeployment(db, target, 'succeeded', { remoteId: environment.slug });
  }
  const published = config('extension-publish.yml');
  await makeTarget(db, { component: extension, environment: production, connection, config: published });
  const wire: SettingsWorld['wire'] = { inTheWay: () => null };
  return {
    ...{ database, vendor, simulator, staging, connection, wire },
    as: (actor) => contextOf({ database, vendor, simulator, wire }, actor),
    async close() {
      vi.unstubAllEnvs();
      await database.close();
    },
  };
}

type Parts = Pick<SettingsWorld, 'database' | 'vendor' | 'simulator' | 'wire'>;

function contextOf({ database, vendor, simulator, wire }: Parts, actor: Actor): ServiceContext {
  const provider = providers.github;
  if (!provider) throw new Error('GitHub is gone.');
  const context = {
    connectionId,
    origin: 'https://api.github.com',
    credential: { kind: 'token', token: new Secret('sandbox-token') } as const,
    now: vendor.now,
    fetch: async (input: string | URL | Request, init?: RequestInit) => {
      const request = new Request(input, init);
      return (await wire.inTheWay(request.clone())) ?? simulator.handle(request);
    },
  };
  return testContext(database.db, { actor, now: vendor.now, openConnection: async () => ({ provider, context }) });
}
