import type { Db } from '@/lib/db/client';
import { incidents, incidentUpdates, maintenances, statusSubscribers, subscriptions } from '@/lib/db/schema';
import type { Sample } from './sample-inputs';

const by = { createdBy: 'usr_x', createdByName: 'Grace' };
const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

/** Something of each that the status page tells, and somebody who follows it. */
export async function makeStatus(db: Db): Promise<void> {
  await db.insert(incidents).values({ id: 'inc_1', title: 'Slow', impact: 'minor', state: 'identified', ...by });
  const said = { incidentId: 'inc_1', state: 'identified', text: 'We look.', byName: 'Grace' } as const;
  await db.insert(incidentUpdates).values({ id: 'upd_1', ...said });
  const times = { startsAt: inHours(24), endsAt: inHours(25) };
  await db.insert(maintenances).values({ id: 'mnt_1', title: 'Disk', text: 'A new one.', ...times, ...by });
  const address = { origin: 'https://follower.example.com', sealedUrl: 'v1.sealed' };
  const row = { id: 'sub_status', name: 'status 1', kind: 'status' as const, createdBy: 'anonymous' };
  await db.insert(subscriptions).values({ ...row, ...address, events: ['status'] });
  await db.insert(statusSubscribers).values({ subscriptionId: row.id, source: 'x' });
}

const nothing: Sample = () => ({});
const about = { title: 'Slow answers', impact: 'minor' };
const times = () => ({ startsAt: inHours(48).toISOString(), endsAt: inHours(49).toISOString() });

export const STATUS_SAMPLES: Record<string, Sample> = {
  'incident.change': () => ({ ...about, incidentId: 'inc_1', version: 1 }),
  'incident.list': nothing,
  'incident.open': ({ targetId }) => ({ ...about, text: 'We look.', targetIds: [targetId] }),
  'incident.update': () => ({ incidentId: 'inc_1', state: 'monitoring', text: 'Mended.' }),
  'maintenance.change': () => ({ maintenanceId: 'mnt_1', version: 1, title: 'Disk', text: 'Later.', ...times() }),
  'maintenance.end': () => ({ maintenanceId: 'mnt_1' }),
  'maintenance.list': nothing,
  'maintenance.plan': () => ({ title: 'Disk', text: 'A new one.', ...times() }),
  'status.page': nothing,
  'status.remove-subscriber': () => ({ subscriberId: 'sub_status' }),
  'status.subscribers': nothing,
  'status.wake-subscriber': () => ({ subscriberId: 'sub_status' }),
};
