import { describe, expect, test } from 'vitest';
import { readPublicStatus } from './read';
import { publicStatus } from './schemas';
import { byEnvironment, isStale, type PublicStatus, STALE_AFTER_MS } from './status';

const AT = '2026-11-27T04:00:00.000Z';
const where = { component: 'Backend', environment: 'Production', label: '' };
const STATUS: PublicStatus = {
  schema: 1,
  at: AT,
  places: [
    {
      ...{ ...where, version: 'v1.2.0', sha: 'abcdef0', since: AT, state: 'live', impact: 'minor', maintained: true },
      uptime: { from: '2026-08-30', days: Array.from({ length: 90 }, () => [0.99, 1]), share: 0.99, measuredDays: 90 },
    },
  ],
  releases: [{ ...where, version: 'v1.2.0', sha: 'abcdef0', at: AT, restored: false }],
  incidents: [
    {
      ...{ id: 'inc_1', title: 'Slow', impact: 'minor', state: 'identified', startedAt: AT, resolvedAt: null },
      ...{ places: [where], release: { ...where, version: 'v1.2.0', sha: 'abcdef0', at: AT } },
      updates: [{ id: 'upd_1', state: 'identified', text: 'We know why.', at: AT }],
    },
  ],
  maintenances: [
    {
      ...{ id: 'mnt_1', title: 'Disk', text: 'A new one.', state: 'in_progress', from: AT, to: AT, places: [] },
      ...{ plannedAt: AT, changedAt: AT },
    },
  ],
  links: {
    ...{ page: 'https://a.dev/status', rss: 'https://a.dev/status.rss', feed: 'https://a.dev/status.feed.json' },
    ...{ subscribe: 'https://a.dev/api/status/subscribe', unsubscribe: 'https://a.dev/api/status/unsubscribe' },
  },
};

describe('the public status, read where it was fetched', () => {
  test('is what was served, and the schema of the server and the reader of the browser agree', () => {
    expect(readPublicStatus(JSON.parse(JSON.stringify(STATUS)))).toEqual(STATUS);
    expect(publicStatus.parse(STATUS)).toEqual(STATUS);
  });

  test('of a later console loses what is not known here, and nothing else', () => {
    const more = {
      ...STATUS,
      notice: 'x',
      places: [
        { ...STATUS.places[0], health: 'x' },
        { ...where, state: 'novel' },
      ],
    };
    expect(readPublicStatus(more)).toEqual(STATUS);
    expect(publicStatus.safeParse(more).success).toBe(false);
  });

  test.each([[null], ['<!doctype html>'], [{}], [{ ...STATUS, schema: 2 }], [{ ...STATUS, at: 'soon' }], [[STATUS]]])(
    'is not read out of %j',
    (value) => expect(readPublicStatus(value)).toBeNull(),
  );

  test('drops what would not be drawn: no texts, far too long ones, times that are none', () => {
    const wrong = [
      { ...where, state: 'live', component: 7 },
      { ...where, state: 'live', environment: 'x'.repeat(201) },
    ];
    const nothing = { since: null, version: null, sha: null };
    const half = { ...where, state: 'live', since: 'yesterday', version: {} };
    expect(
      readPublicStatus({ ...STATUS, places: [...wrong, half], releases: [{ ...STATUS.releases[0], at: 1 }] }),
    ).toEqual({
      ...STATUS,
      places: [{ ...where, ...nothing, state: 'live', impact: null, maintained: false, uptime: null }],
      releases: [],
    });
  });

  test('of an earlier console knows no incidents, and no address that a browser would run is a link', () => {
    const { incidents: _, maintenances: __, links, ...earlier } = STATUS;
    expect(readPublicStatus(earlier)).toMatchObject({ incidents: [], maintenances: [], links: null });
    const rss = ['javascript', 'alert(1)'].join(':');
    expect(readPublicStatus({ ...STATUS, links: { ...links, rss } })?.links).toBeNull();
    const odd = [{ ...STATUS.incidents[0], state: 'novel' }, { ...STATUS.incidents[0], title: 7 }, null];
    expect(readPublicStatus({ ...STATUS, incidents: odd })?.incidents).toEqual([]);
  });
});

test('a reading is old after a quarter of an hour, and not before', () => {
  expect(isStale(STATUS, Date.parse(AT) + STALE_AFTER_MS)).toBe(false);
  expect(isStale(STATUS, Date.parse(AT) + STALE_AFTER_MS + 1)).toBe(true);
});

test('places stand by environment, in the order in which they are told', () => {
  const place = (component: string, environment: string) => ({ ...where, component, environment }) as never;
  const groups = byEnvironment([place('a', 'Production'), place('a', 'Staging'), place('b', 'Production')]);
  expect(groups.map(({ environment, places }) => [environment, places.map((each) => each.component)])).toEqual([
    ['Production', ['a', 'b']],
    ['Staging', ['a']],
  ]);
});
