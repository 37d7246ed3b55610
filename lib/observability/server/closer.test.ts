import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { healthSamples, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { HealthSettings } from '../model/health-settings';
import { healthQuery } from '../queries';
import { readHealth } from '.';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Math.floor(Date.now() / HOUR) * HOUR + 30_500;
const iso = (at: number) => new Date(at).toISOString();
const query = { days: 30, environment: 'watched' } as const;
/** Two hours, three hours ago. */
const span = { from: NOW - 30_500 - 5 * HOUR, to: NOW - 30_500 - 3 * HOUR };
const closer = { ...query, from: iso(span.from), to: iso(span.to) };

let database: Database;
const context = () =>
  testContext(database.db, { actor: personActor([{ role: 'viewer', environmentPattern: '*' }]), now: () => NOW });

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const target = await makeTarget(db, { environment: await makeEnvironment(db, { slug: 'watched' }) });
  const health = HealthSettings.parse({ watchUrl: 'https://api.example.com/health' });
  await db.update(targets).set({ health }).where(eq(targets.id, target.id));
  const slots = Array.from({ length: 12 * 120 }, (_, at) => new Date(NOW - 30_500 - 12 * HOUR + at * 30_000));
  const sample = { targetId: target.id, width: 30, ok: 1, failed: 0, ms: 40, status: 200 };
  await db.insert(healthSamples).values(slots.map((at) => ({ ...sample, at })));
  for (const minutesAgo of [10, 190, 250, 290, 400, 500]) {
    const at = NOW - minutesAgo * MINUTE;
    const times = { requestedAt: new Date(at - 3 * MINUTE), submittedAt: new Date(at - 2 * MINUTE) };
    await makeDeployment(db, target, 'succeeded', {
      ...{ ...times, startedAt: new Date(at - MINUTE), finishedAt: new Date(at) },
    });
  }
});
afterAll(() => database.close());

const chartOf = (view: Awaited<ReturnType<typeof readHealth>>, title: string) =>
  view.charts.find((chart) => chart.title.startsWith(title)) ?? expect.fail(`no ${title}`);

test('a span is read anew: finer, of itself alone, with as long a time right before it', async () => {
  const [whole, near] = [await readHealth(context(), query), await readHealth(context(), closer)];
  expect([near.from, near.to, near.before]).toEqual([
    span.from,
    span.to,
    { from: span.from - 2 * HOUR, to: span.from },
  ]);
  const inSpan = (of: typeof whole) =>
    chartOf(of, 'Latency').series.flatMap(({ points }) => points.filter(([at]) => at >= span.from && at < span.to));
  expect(inSpan(whole).length).toBeLessThan(4);
  expect(inSpan(near)).toHaveLength(240);
  expect(chartOf(near, 'Latency').before[0]?.of).toBe(240);
  expect(chartOf(near, 'Run duration').series[0]?.points.map(([at]) => NOW - at)).toEqual([
    290 * MINUTE,
    250 * MINUTE,
    190 * MINUTE,
  ]);
  expect(chartOf(near, 'Run duration').before[0]?.points).toHaveLength(1);
  expect(near.markers.map(({ at }) => NOW - at)).toEqual([290 * MINUTE, 250 * MINUTE, 190 * MINUTE]);
  expect(chartOf(near, 'Success rate').series[0]?.points.length).toBeGreaterThanOrEqual(8);
});

test('what is to come is refused, and a span that reaches into it ends with this minute', async () => {
  const until = (from: number, to: number) => readHealth(context(), { ...query, from: iso(from), to: iso(to) });
  await expect(until(NOW + HOUR, NOW + 2 * HOUR)).rejects.toMatchObject({
    ...{ kind: 'invalid', code: 'span_to_come' },
    fields: { from: expect.stringContaining('still to come') },
  });
  const { to } = await until(NOW - HOUR, NOW + 2 * HOUR);
  expect([to >= NOW, to - NOW < MINUTE, to % MINUTE]).toEqual([true, true, 0]);
});

test('the address of the API takes a span by its schema, and the days alone as before', () => {
  const { input } = healthQuery.definition;
  expect(input.safeParse({ from: closer.from, to: closer.to }).data).toMatchObject({ days: 30, from: closer.from });
  expect(input.safeParse({}).data).toEqual({ days: 30 });
  expect(input.safeParse({ to: closer.to }).success).toBe(false);
});
