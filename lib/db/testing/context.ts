import { z } from 'zod';
import type { Actor } from '@/lib/auth/actor';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { type Database, openDatabase } from '@/lib/db/client';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { Secret } from '@/lib/kernel/secret';
import type { Grant } from '@/lib/members/model/role';
import type { AnyProvider } from '@/lib/providers/port';
import { createTestDatabase } from '@/scripts/testing/database';

/** A migrated database of the test's own, open; `close()` drops it. */
export async function openTestDatabase(options: { max?: number } = {}): Promise<Database> {
  const created = await createTestDatabase();
  const database = openDatabase(created.url, { max: options.max ?? 5 });
  return {
    ...database,
    close: async () => {
      await database.close();
      await created.drop();
    },
  };
}

export const systemActor: Actor = { kind: 'system', name: 'AetherStack' };

export function personActor(grants: Grant[], over: { id?: string; name?: string } = {}): Actor {
  return { kind: 'user', id: 'usr_test', name: 'Test Person', grants, sessionHash: 'hash', ip: null, ...over };
}

/** A provider that can do nothing unless told; methods given are the abilities it claims. */
export function fakeProvider(
  over: Partial<AnyProvider['manifest']> = {},
  methods: AnyProvider['methods'] = {},
): AnyProvider {
  return {
    manifest: {
      id: 'fake',
      label: 'Fake CI',
      docsUrl: 'https://fake.test/docs',
      defaultOrigin: 'https://api.fake.test',
      credentialKinds: ['token'],
      targetConfig: z.record(z.string(), z.unknown()),
      capabilities: {},
      ...over,
    },
    methods,
    verifyCredential: async () => ({ ok: true, account: 'fake', scopes: [], problems: [], expiresAt: null }),
  };
}

export interface TestContextOptions {
  actor?: Actor;
  provider?: AnyProvider;
  now?: () => number;
  openConnection?: (id: string) => Promise<OpenConnection>;
}

/** A context as the composition root builds it, with a clock, a queue that only remembers, and one provider. */
export function testContext(
  db: Database['db'],
  options: TestContextOptions = {},
): ServiceContext & { woken: string[] } {
  const now = options.now ?? (() => Date.now());
  const woken: string[] = [];
  const provider = options.provider ?? fakeProvider();
  return {
    db,
    actor: options.actor ?? systemActor,
    clock: { now },
    requestId: 'req_test',
    queue: {
      wakeDeployment: async (_tx, id) => {
        woken.push(id);
      },
      wakeInbox: async (_tx, ids) => {
        woken.push(...ids);
      },
    },
    openConnection:
      options.openConnection ??
      (async (connectionId) => ({
        provider,
        context: {
          connectionId,
          origin: provider.manifest.defaultOrigin,
          credential: { kind: 'token', token: new Secret('test-token') },
          fetch: () => Promise.reject(new Error('A fake provider never fetches.')),
          now,
        },
      })),
    blobs: memoryBlobs(),
    fetchOutside: () => Promise.reject(new Error('This test lets nothing out.')),
    woken,
  };
}
