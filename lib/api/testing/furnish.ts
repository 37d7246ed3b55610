import {
  extensionPackages,
  galleryNamespaces,
  galleryVersions,
  incidents,
  maintenances,
  notifications,
  subscriptions,
} from '@/lib/db/schema';
import { sortKeyOf } from '@/lib/gallery/model/listing';
import { extensionIdOf } from '@/lib/gallery/server';
import { sampleListing } from '@/lib/gallery/testing/sample';
import type { ApiWorld } from './api-world';

export const PACKAGE = 'a'.repeat(64);

/** One of each thing that lists show, so that an empty list does not stand for them: `sub_1`, acme.demo and the rest. */
export async function furnish({ database: { db } }: ApiWorld): Promise<void> {
  const by = { createdBy: 'usr_1', createdByName: 'Grace' };
  await db.insert(extensionPackages).values({
    ...{ id: PACKAGE, publisher: 'acme', name: 'demo', version: '1.0.0', engine: '^1.90.0', size: 1_000 },
    ...{ scan: 'passed', source: { kind: 'upload', by: 'Grace' } },
    manifest: { publisher: 'acme', name: 'demo', version: '1.0.0', engines: { vscode: '^1.90.0' } },
  });
  await db.insert(galleryNamespaces).values({ name: 'acme', outline: 'acme' });
  await db.insert(galleryVersions).values({
    ...{ id: 'gal_1', namespace: 'acme', name: 'demo', version: '1.0.0', platform: 'universal' },
    ...{ sortKey: sortKeyOf('1.0.0'), extensionId: extensionIdOf('acme', 'demo'), packageId: PACKAGE },
    listing: sampleListing({ readme: null }),
  });
  const incident = { id: 'inc_1', title: 'Slow', impact: 'minor', state: 'monitoring', ...by } as const;
  await db.insert(incidents).values(incident);
  const [startsAt, endsAt] = [new Date(Date.now() + 3_600_000), new Date(Date.now() + 7_200_000)];
  await db.insert(maintenances).values({ id: 'mnt_1', title: 'Disk', text: 'A new one.', startsAt, endsAt, ...by });
  const sealed = { origin: 'https://hooks.example', sealedUrl: 'v1.sealed', createdBy: 'usr_1' };
  await db.insert(subscriptions).values({ id: 'sub_1', name: 'Ops', kind: 'slack', events: ['*'], ...sealed });
  const told = { id: 'ntf_1', subscriptionId: 'sub_1', eventId: 1, event: 'deployment.succeeded' };
  await db.insert(notifications).values({ ...told, body: { data: { sentence: 'It is live.' } } });
}
