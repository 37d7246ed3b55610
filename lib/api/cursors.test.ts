import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit, extensionPackages, incidents, maintenances, notifications, subscriptions } from '@/lib/db/schema';
import { type ApiWorld, apiWorld, stubServerEnv } from './testing/api-world';

let world: ApiWorld;
let token: string;
beforeAll(async () => {
  world = await apiWorld();
  stubServerEnv(world);
  token = await world.token();
  const sealed = { origin: 'https://hooks.example', sealedUrl: 'x', sealedSecret: 'x' };
  await world.database.db
    .insert(subscriptions)
    .values({ ...sealed, id: 'sub_1', name: 'Ops', kind: 'webhook', events: ['*'], createdBy: 'usr_1' });
});
afterAll(() => world.close());

const LISTS = [
  '/deployments',
  '/audit',
  '/incidents',
  '/maintenances',
  '/extensions/packages',
  '/connections/con_1/deliveries',
  '/subscriptions/sub_1/notifications',
];
const DAYS = ['2026-02-30T00:00:00.000000Z', '0000-01-01T00:00:00.000000Z', '2026-13-45T99:99:99.000000Z'];
const IDS = ['1', 'a'.repeat(64), `ntf_${'0'.repeat(26)}`, `inc_${'0'.repeat(26)}`];
const FORGED = [
  ...['nonsense', '~', '1~', 'bjU9', '999999999999999.x', `2026-02-30T00:00:00.000Z_${'a'.repeat(64)}`],
  ...DAYS.flatMap((day) => IDS.flatMap((id) => [`${day}~${id}`, `0~${day}~${id}`])),
];

describe('a cursor that no answer gave', () => {
  test.each(LISTS)('is refused at %s in one way', async (list) => {
    for (const cursor of FORGED) {
      const answer = await world.call(`GET ${list}?cursor=${encodeURIComponent(cursor)}`, { token });
      expect([cursor, answer.status]).toEqual([cursor, 400]);
      expect(await answer.json()).toMatchObject({ code: 'cursor_invalid' });
    }
  });
});

interface Paged {
  rows?: { id: string }[];
  packages?: { id: string }[];
  nextCursor: string | null;
}

/** What a list shows, two at a time. */
async function idsOf(list: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const from: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await world.call(`GET ${list}?limit=2${from}`, { token });
    const page = (await answer.json()) as Paged;
    ids.push(...(page.rows ?? page.packages ?? []).map(({ id }) => id));
    cursor = page.nextCursor;
    expect(answer.headers.get('link') === null).toBe(cursor === null);
  } while (cursor !== null && ids.length < 50);
  return ids;
}

const id = (prefix: string, n: number) => `${prefix}_${String(n).padStart(26, '0')}`;
/** Less than a millisecond apart. */
const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 3));

describe('pages of a list meet', () => {
  test('incidents: those that go on first, then what is over, each the newest first', async () => {
    const rows = [0, 1, 2, 3, 4, 5, 6].map((n) => ({
      ...({
        id: id('inc', n),
        title: `Slow ${n}`,
        impact: 'minor',
        createdBy: 'usr_1',
        createdByName: 'Grace',
      } as const),
      ...{ startedAt: at(n), state: n < 4 ? ('resolved' as const) : ('monitoring' as const) },
      resolvedAt: n < 4 ? new Date() : null,
    }));
    await world.database.db.insert(incidents).values(rows);
    expect(await idsOf('/incidents')).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => id('inc', n)));
  });

  test('maintenances: those to come, the nearest first, then what is over, the newest first', async () => {
    const hour = 3_600_000;
    const rows = [-3, -2, -2, 2, 2, 3, 4].map((from, n) => ({
      ...{ id: id('mnt', n), title: `Disk ${n}`, text: 'A new one.', createdBy: 'usr_1', createdByName: 'Grace' },
      startsAt: new Date(Math.floor(Date.now() / hour) * hour + from * hour),
      endsAt: new Date(Math.floor(Date.now() / hour) * hour + (from + 1) * hour),
    }));
    await world.database.db.insert(maintenances).values(rows);
    expect(await idsOf('/maintenances')).toEqual([3, 4, 5, 6, 2, 1, 0].map((n) => id('mnt', n)));
  });

  test('packages and notifications, also where they came in the same millisecond', async () => {
    const { db } = world.database;
    const digest = (n: number) => String(n).repeat(64);
    const about = { publisher: 'acme', name: 'demo', engine: '^1.0.0', size: 1 };
    const source = { kind: 'upload', by: 'Grace' } as typeof extensionPackages.$inferInsert.source;
    for (const n of [0, 1, 2, 3, 4]) {
      await db.insert(extensionPackages).values({ ...about, id: digest(n), version: `1.0.${n}`, source });
      const row = { id: id('ntf', n), subscriptionId: 'sub_1', eventId: n, event: 'deployment.succeeded' };
      await db.insert(notifications).values({ ...row, body: { data: { sentence: 'It is live.' } } });
    }
    expect(await idsOf('/extensions/packages')).toEqual([4, 3, 2, 1, 0].map(digest));
    expect(await idsOf('/subscriptions/sub_1/notifications')).toEqual([4, 3, 2, 1, 0].map((n) => id('ntf', n)));
  });
});

describe('a moment that no database keeps', () => {
  const FAR = '9999-12-31T23:59:59-23:59';
  const EARLY = '0000-01-01T00:00:00Z';
  const times = (moment: string) => ({ startsAt: moment, endsAt: moment });
  test.each([
    ...[EARLY, FAR].flatMap((moment) => [
      [`GET /audit?from=${encodeURIComponent(moment)}`, undefined],
      [`GET /audit/export?format=csv&to=${encodeURIComponent(moment)}`, undefined],
      [`GET /holds?from=${encodeURIComponent(moment)}`, undefined],
      [`GET /health?from=${encodeURIComponent(moment)}&to=${encodeURIComponent(moment)}`, undefined],
      ['POST /locks', { reason: 'a test', expiresAt: moment }],
      ['POST /incidents', { title: 'Slow', impact: 'minor', text: 'We look.', startedAt: moment }],
      ['POST /maintenances', { title: 'Disk', text: 'A new one.', ...times(moment) }],
    ]),
    ...['9999-12-31T23:00', '0000-01-01T00:00', '2026-02-30T00:00'].map((startsAt) => [
      'POST /freezes',
      { name: 'x', reason: 'a test', timeZone: 'Pacific/Honolulu', durationMinutes: 90 * 1440, startsAt },
    ]),
  ] as [string, object | undefined][])('%s %j is refused in words', async (place, body) => {
    const answer = await world.call(place, { token, ...(body ? { body } : {}) });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('"code"')]);
  });

  test('and a list without lines is a list', async () => {
    expect(await world.database.db.$count(audit)).toBeGreaterThan(0);
    expect((await world.call(`GET /audit?to=1970-01-01T00:00:00Z`, { token })).status).toBe(200);
  });
});
