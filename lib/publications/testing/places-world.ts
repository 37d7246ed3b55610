import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import type { Actor } from '@/lib/auth/actor';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { connections, extensionPublications, targets, users } from '@/lib/db/schema';
import { advance } from '@/lib/deployments/server/advance';
import { type EngineWorld, engineWorld } from '@/lib/deployments/testing/engine-world';
import { accept } from '@/lib/extensions/server';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { type SampleParts, sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { createNamespace } from '@/lib/gallery/server';
import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory } from '@/lib/http/memory';
import { Secret } from '@/lib/kernel/secret';
import { breaking, type MemoryWorld, memoryWorld } from '@/lib/providers/conformance/harness';
import { provider as openVsx } from '@/lib/providers/open-vsx/adapter';
import { createOpenVsxSimulator } from '@/lib/providers/open-vsx/simulator';
import type { AnyProvider, ProviderContext } from '@/lib/providers/port';
import { provider as privateGallery } from '@/lib/providers/private-gallery/adapter';
import { provider as marketplace } from '@/lib/providers/vs-marketplace/adapter';
import { WORKFLOW_ONLY } from '@/lib/providers/vs-marketplace/manifest';
import { createMarketplaceSimulator, type MarketplaceOptions } from '@/lib/providers/vs-marketplace/simulator';
import { ownGallery } from '../server/own-gallery';

/** Three galleries of one extension in one environment: two simulated ones, and the console's own by its real verbs. */
export interface PlacesWorld {
  engine: EngineWorld;
  there: MemoryWorld;
  person: ServiceContext;
  as(...who: Parameters<EngineWorld['as']>): ServiceContext;
  by(actor: Actor): ServiceContext;
  /** Requests that change something at a simulated gallery. */
  changes(): number;
  packaged(parts: SampleParts): Promise<string>;
  /** Looks until the deployment has this status. */
  until(deploymentId: string, status: string): Promise<void>;
  stateAt(targetId: string, packageId: string): Promise<string | null>;
  close(): Promise<void>;
}

export const PLACES = { openVsx: 'tgt_open', marketplace: 'tgt_market', own: 'tgt_own' } as const;

type Read = MarketplaceOptions['readPackage'];

/** `readPackage`: how the simulated galleries read what they are sent. */
export async function placesWorld(readPackage: Read): Promise<PlacesWorld> {
  const engine = await engineWorld();
  const there = memoryWorld();
  const { open, changes } = opener(there, readPackage);
  const blobs = memoryBlobs();
  const through = (ctx: ServiceContext): ServiceContext => {
    const made: ServiceContext = {
      ...{ ...ctx, blobs },
      openConnection: async (id) => open(id, () => made),
    };
    return made;
  };
  const person = through(engine.as('admin', 'ana'));
  await seed(engine, person);
  const { db } = engine.database;
  return {
    ...{ engine, there, person, changes },
    as: (...who) => through(engine.as(...who)),
    by: (actor) => through({ ...engine.engine, actor }),
    packaged: async (parts) => (await accept(person, Readable.from([sampleVsix(parts)]), { kind: 'upload' })).packageId,
    until: async (id, status) => {
      for (let round = 0; round < 40; round++) {
        await advance(through(engine.engine), id);
        if ((await engine.row(id)).status === status) return;
        there.advance(2_000);
        await engine.passTime(3);
      }
      const row = await engine.row(id);
      throw new Error(`It never came to ${status}: ${row.status} ${row.failureSentence}`);
    },
    stateAt: async (targetId, packageId) => {
      const rows = await db.select().from(extensionPublications).where(eq(extensionPublications.targetId, targetId));
      return rows.find((row) => row.packageId === packageId)?.state ?? null;
    },
    close: () => engine.close(),
  };
}

const basic = { kind: 'basic', username: 'acme', password: new Secret('sandbox-token'), tokenOrigin: null } as const;

function opener(there: MemoryWorld, readPackage: Read) {
  let count = 0;
  const simulators = new Map<string, { handle(request: Request): Promise<Response> }>([
    ['con_1', createOpenVsxSimulator(there, { seed: 7, readPackage })],
    ['con_market', createMarketplaceSimulator(there, { seed: 7, readPackage })],
  ]);
  const providers = new Map<string, AnyProvider>([
    ['con_1', openVsx],
    ['con_market', marketplace],
    ['con_own', privateGallery],
  ]);
  const memory = createHttpMemory();
  const open = (connectionId: string, ctxOf: () => ServiceContext): OpenConnection => {
    const provider = providers.get(connectionId) ?? privateGallery;
    const simulator = simulators.get(connectionId);
    const origin = provider.manifest.defaultOrigin;
    const inner = breaking((input, init) =>
      simulator ? simulator.handle(new Request(input, init)) : Promise.reject(new Error('No request may leave.')),
    );
    const fetch = guardedFetch({
      ...{ connectionId, origin, memory, now: () => there.now(), downloadHosts: ['*'], timeoutMs: 2_000 },
      writesPerMinute: Number.POSITIVE_INFINITY,
      fetch: async (input, init) => {
        const request = new Request(input, init);
        if (request.method !== 'GET' && !request.url.includes('extensionquery')) count += 1;
        return inner(request);
      },
    });
    const context: ProviderContext = {
      ...{ connectionId, origin, credential: basic, fetch, now: () => there.now() },
      ownGallery: simulator ? undefined : ownGallery(ctxOf),
    };
    return { provider, context };
  };
  return { open, changes: () => count };
}

async function seed({ database: { db } }: EngineWorld, person: ServiceContext): Promise<void> {
  await db.insert(users).values({ id: 'user_ana', login: 'ana', name: 'ana' });
  await db.update(connections).set({ providerId: 'open-vsx', origin: openVsx.manifest.defaultOrigin });
  for (const [id, provider] of [
    ['con_market', marketplace],
    ['con_own', privateGallery],
  ] as const) {
    const { id: providerId, label: name, defaultOrigin: origin } = provider.manifest;
    const credential = { credentialKind: 'token', sealedCredential: 'v1.sealed', state: 'ok' } as const;
    // Read as one without a token: no day on which tokens end is in these tests.
    const report = { ok: true, account: WORKFLOW_ONLY, scopes: [], problems: [], expiresAt: null };
    await db.insert(connections).values({ id, name, providerId, origin, ...credential, report });
  }
  for (const [id, connectionId] of [
    [PLACES.openVsx, 'con_1'],
    [PLACES.marketplace, 'con_market'],
    [PLACES.own, 'con_own'],
  ] as const) {
    const place = { componentId: 'cmp_backend', environmentId: 'env_staging', connectionId, label: id.slice(4) };
    await db.insert(targets).values({ id, ...place, config: { extension: 'acme.demo', channel: 'stable' } });
  }
  await createNamespace(person, { namespace: 'acme' });
}
