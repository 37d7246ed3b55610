import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import {
  components,
  connections,
  environments,
  extensionPackages,
  extensionPublications,
  galleryNamespaces,
  galleryVersions,
  targets,
} from '@/lib/db/schema';
import { openTestDatabase, personActor, systemActor, testContext } from '@/lib/db/testing/context';
import { memoryBlobs } from '@/lib/extensions/testing/memory-blobs';
import { sortKeyOf } from '@/lib/gallery/model/listing';
import type { PublicationState } from '@/lib/publications/model/publication';
import { type SampleParts, sampleVsix } from '../testing/sample-vsix';
import { accept } from './accept';
import { readPackage } from './read-package';

let database: Database;
let name = '';
let count = 0;
const blobs = memoryBlobs();
const context = (actor: Actor = systemActor) => ({ ...testContext(database.db, { actor }), blobs });

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.insert(components).values({ id: 'cmp', slug: 'extension', name: 'Extension', kind: 'extension' });
  await database.db.insert(galleryNamespaces).values({ name: 'acme', outline: 'acme' });
  for (const slug of ['staging', 'production'])
    await database.db.insert(environments).values({ id: `env_${slug}`, slug, name: slug, isProduction: false });
  for (const [id, providerId, slug] of PLACES) {
    const sealed = { credentialKind: 'token', sealedCredential: 'v1.sealed', state: 'ok' } as const;
    const origin = `https://${id}.test`;
    await database.db.insert(connections).values({ id: `con_${id}`, name: id, providerId, origin, ...sealed });
    const home = { componentId: 'cmp', environmentId: `env_${slug}`, connectionId: `con_${id}` };
    await database.db.insert(targets).values({ id, ...home, label: id, config: {} });
  }
});
afterAll(() => database.close());
// Each test has an extension of its own.
beforeEach(() => {
  count += 1;
  name = `compared-${count}`;
});

const PLACES = [
  ['open', 'open-vsx', 'production'],
  ['market', 'vs-marketplace', 'production'],
  ['own', 'private-gallery', 'staging'],
] as const;

async function kept(version: string, parts: SampleParts = {}): Promise<string> {
  const bytes = sampleVsix({ name, version, ...parts });
  return (await accept(context(), Readable.from([bytes]), { kind: 'upload' })).packageId;
}

async function published(packageId: string, state: PublicationState = 'verified', targetId = 'open'): Promise<string> {
  await database.db.insert(extensionPublications).values({ packageId, targetId, deploymentId: 'dep', state });
  return packageId;
}

type Served = Partial<typeof galleryVersions.$inferInsert> & { version: string; packageId: string };

async function served({ version, packageId, ...over }: Served): Promise<void> {
  const row = {
    id: packageId,
    namespace: 'acme',
    name,
    version,
    platform: 'universal',
    packageId,
    listing: {} as never,
  };
  await database.db.insert(galleryVersions).values({ ...row, sortKey: sortKeyOf(version), extensionId: name, ...over });
}

async function against(packageId: string, actor?: Actor) {
  const detail = await readPackage(context(actor), { packageId });
  expect(detail.difference === null).toBe(detail.against === null);
  if (!detail.against) return null;
  const { version, why, liveAt } = detail.against;
  return [version, why, liveAt];
}

describe('by our own records of publications', () => {
  test('it is the newest one live at any gallery, not a newer one that was never published', async () => {
    await published(await kept('1.1.0'), 'verified', 'own');
    const live = await kept('1.2.0');
    await published(live, 'verified', 'open');
    await published(live, 'active', 'market');
    await kept('1.3.0');
    expect(await against(await kept('1.4.0'))).toEqual(['1.2.0', 'live', ['Open VSX', 'VS Marketplace']]);
  });

  test.each<PublicationState>(['accepted', 'validating', 'scanning', 'quarantined', 'rejected', 'unlisted'])(
    'one that is %s is not live',
    async (state) => {
      await published(await kept('1.1.0'));
      await published(await kept('1.2.0'), state);
      expect(await against(await kept('1.4.0'))).toEqual(['1.1.0', 'live', ['Open VSX']]);
    },
  );

  test('it is of the same channel', async () => {
    await published(await kept('1.2.0'));
    await published(await kept('1.3.0', { prerelease: true }));
    expect(await against(await kept('1.4.0'))).toEqual(['1.2.0', 'live', ['Open VSX']]);
    expect(await against(await kept('1.5.0', { prerelease: true }))).toEqual(['1.3.0', 'live', ['Open VSX']]);
  });

  test('it is for the same platform, or for all of them where that is newer', async () => {
    const [linux, win] = [{ platform: 'linux-x64' }, { platform: 'win32-x64' }];
    await published(await kept('1.1.0'));
    await published(await kept('1.2.0', linux));
    await published(await kept('1.3.0', win));
    expect(await against(await kept('1.4.0', linux))).toEqual(['1.2.0', 'live', ['Open VSX']]);
    expect(await against(await kept('1.4.0'))).toEqual(['1.1.0', 'live', ['Open VSX']]);
    await published(await kept('1.2.1'));
    expect(await against(await kept('1.4.1', linux))).toEqual(['1.2.1', 'live', ['Open VSX']]);
  });

  test('the same version for all platforms is no version before it', async () => {
    await published(await kept('1.1.0', { platform: 'linux-x64' }));
    await published(await kept('1.2.0'));
    expect(await against(await kept('1.2.0', { platform: 'linux-x64' }))).toEqual(['1.1.0', 'live', ['Open VSX']]);
  });

  test('it is no newer one, nor the package itself', async () => {
    await published(await kept('1.1.0'));
    await kept('1.2.0');
    const itself = await published(await kept('1.3.0'));
    await published(await kept('1.4.0'));
    expect(await against(itself)).toEqual(['1.1.0', 'live', ['Open VSX']]);
  });

  test('the extension is the same in any spelling', async () => {
    await published(await kept('1.1.0', { publisher: 'Acme', name: name.toUpperCase() }));
    await kept('1.2.0');
    expect(await against(await kept('1.3.0'))).toEqual(['1.1.0', 'live', ['Open VSX']]);
  });

  test('a person is told of no place that they may not see', async () => {
    await published(await kept('1.1.0'), 'verified', 'own');
    await published(await kept('1.2.0'), 'verified', 'open');
    const staging = personActor([{ role: 'viewer', environmentPattern: 'staging' }]);
    expect(await against(await kept('1.3.0'), staging)).toEqual(['1.1.0', 'live', ['Private gallery']]);
  });

  test('it is found behind a hundred later uploads, and can be chosen then', async () => {
    const live = await published(await kept('1.0.0'));
    const uploadedAt = new Date(Date.now() + 1_000);
    const later = { publisher: 'acme', name, engine: '*', size: 1, source: { kind: 'upload' as const, by: 'Ana' } };
    const rows = Array.from({ length: 100 }, (_, at) => ({
      id: at.toString(16).padStart(64, '0'),
      version: `1.0.${at + 1}`,
    }));
    await database.db
      .insert(extensionPackages)
      .values(rows.map((row) => ({ ...later, ...row, uploadedAt, scan: 'passed' as const })));
    const packageId = await kept('1.1.0');
    const { against: shown, others } = await readPackage(context(), { packageId });
    expect([shown?.id, shown?.why]).toEqual([live, 'live']);
    expect([others.length, others.at(-1)?.id]).toEqual([101, live]);
  });
});

describe('without any publication', () => {
  test('it is what the private gallery gives: of the channel and platform, neither yanked nor retired', async () => {
    await served({ version: '1.0.0', packageId: await kept('1.0.0') });
    await served({ version: '1.1.0', packageId: await kept('1.1.0'), name: name.toUpperCase() });
    const gone = { yankedAt: new Date(), yankReason: 'It phones home.' };
    await served({ version: '1.2.0', packageId: await kept('1.2.0'), ...gone });
    await served({ version: '1.3.0', packageId: await kept('1.3.0'), retiredAt: new Date() });
    await served({ version: '1.4.0', packageId: await kept('1.4.0', { prerelease: true }), prerelease: true });
    const platform = 'linux-x64';
    await served({ version: '1.5.0', packageId: await kept('1.5.0', { platform }), platform });
    await kept('1.6.0');
    expect(await against(await kept('1.7.0'))).toEqual(['1.1.0', 'live', ['Private gallery']]);
  });

  test('it is the newest older one of the channel that is kept, not known to be live', async () => {
    await kept('1.1.0');
    await kept('1.2.0');
    await kept('1.3.0', { prerelease: true });
    await kept('1.5.0');
    expect(await against(await kept('1.4.0'))).toEqual(['1.2.0', 'before', []]);
  });

  test('there is nothing to compare with where the channel has no older one; another can be chosen', async () => {
    const stable = await kept('1.1.0');
    const packageId = await kept('1.2.0', { prerelease: true });
    expect(await against(packageId)).toBeNull();
    const { against: chosen } = await readPackage(context(), { packageId, against: stable });
    expect(chosen).toMatchObject({ id: stable, why: 'chosen', liveAt: [] });
  });
});
