import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import { createConnection, createKeyRing, openConnection, verifyConnection } from '@/lib/connections/server';
import type { Database } from '@/lib/db/client';
import { deployments } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import * as engine from '@/lib/deployments/server';
import { systemClock } from '@/lib/kernel/clock';
import type { AnyProvider } from '@/lib/providers/port';

const repository = 'aetherstack/aetherstack';

/** Production targets at the simulated hosts. */
export const HOSTS = {
  vercel: { project: 'aetherstack-dashboard', team: 'aetherstack', production: true, repository, defaultRef: 'main' },
  netlify: { site: 'aetherstack-docs.netlify.app', production: true, repository, defaultRef: 'main' },
};

type Hosting = NonNullable<AnyProvider['methods']['promote']>;

/** The simulated vendors, which only a test itself may start. */
export interface Sandbox {
  client: {
    sandbox: { close(): Promise<void> };
    control(path: string, body?: unknown): Promise<Record<string, unknown>>;
  };
  fetch: typeof globalThis.fetch;
}

/** The engine against the simulated hosts, with a database of its own. */
export class HostedWorld {
  readonly connectionIds = new Map<string, string>();
  #keys = 0;

  private constructor(
    readonly client: Sandbox['client'],
    readonly database: Database,
    readonly ctx: ServiceContext,
    private readonly settings: { keys: ReturnType<typeof createKeyRing>; allowLoopbackHttp: boolean },
  ) {}

  static async open({ client, fetch }: Sandbox): Promise<HostedWorld> {
    const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
    const database = await openTestDatabase();
    const deps = { db: database.db, clock: systemClock, keys: settings.keys, fetch, writesPerMinute: Infinity };
    const actor = personActor([{ role: 'admin', environmentPattern: '*' }]);
    const open = (id: string) => openConnection(deps, id);
    const ctx = { ...testContext(database.db, { actor }), openConnection: open, fetchOutside: fetch };
    return new HostedWorld(client, database, ctx, settings);
  }

  async close(): Promise<void> {
    await this.client.sandbox.close();
    await this.database.close();
  }

  async connect(providerId: string, token = 'sandbox-token'): Promise<string> {
    const credential = { kind: 'token', token } as const;
    const { id } = await createConnection(this.ctx, { name: providerId, providerId, credential }, this.settings);
    await verifyConnection(this.ctx, { id });
    this.connectionIds.set(providerId, id);
    return id;
  }

  async row(id: string) {
    const [found] = await this.database.db.select().from(deployments).where(eq(deployments.id, id));
    return found ?? expect.fail('no such deployment');
  }

  /** Looks at it as a worker would, while the vendor's time goes on, until it has that status or says that it waits for it. */
  async until(id: string, wanted: string, ms = 15_000) {
    for (let look = 0; look < 12; look++) {
      await engine.advance(this.ctx, id);
      const now = await this.row(id);
      if (now.status === wanted || now.waitingFor?.includes(wanted)) return now;
      await this.client.control('advance', { ms });
    }
    return expect.fail(`never ${wanted}: ${JSON.stringify(await this.row(id))}`);
  }

  key(): string {
    return `key-of-a-click-${++this.#keys}`;
  }

  async push(branch = 'main'): Promise<string> {
    return String((await this.client.control('push', { branch })).sha);
  }

  deploy(targetId: string, sha: string) {
    return engine.triggerDeployment(this.ctx, {
      ...{ targetId, revision: { ref: 'main', refKind: 'branch', sha }, inputs: {}, checklist: [], reason: '' },
      idempotencyKey: this.key(),
      freezeOverrideReason: null,
    });
  }

  /** The same world, whose provider is another in some of its methods. */
  with(change: (provider: AnyProvider) => Partial<AnyProvider['methods']>): ServiceContext {
    const openConnection: ServiceContext['openConnection'] = async (id) => {
      const open = await this.ctx.openConnection(id);
      const methods = { ...open.provider.methods, ...change(open.provider) };
      return { ...open, provider: { ...open.provider, methods } };
    };
    return { ...this.ctx, openConnection, settleSeconds: 0 };
  }

  /** A host that answers a request to serve a build in another way. */
  withHost(change: (host: Hosting) => Partial<Hosting>): ServiceContext {
    return this.with(({ methods: { promote: host } }) =>
      host ? { promote: { ...host, ...change(host) } } : expect.fail('no host'),
    );
  }
}
