import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { connections } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeConnection, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { ProviderError, type VitalsReading } from '@/lib/providers/port';
import { REFUSED_MS, readVitals, VITALS_MS } from './read-vitals';

const FIGURES: VitalsReading = { lcpMs: 2_100, inpMs: 180, cls: 0.02, of: 'production of shop', none: null };
const config = { project: 'shop', production: true, repository: 'acme/shop', defaultRef: 'main' };

let database: Database;
let targetId: string;
let otherId: string;
let clock: number;
let asked: { manner: string | undefined; project: unknown }[];
let answer: () => Promise<VitalsReading>;

const viewer = personActor([{ role: 'viewer', environmentPattern: '*' }], { id: 'usr_v', name: 'Vera' });
const context = (actor = viewer): ServiceContext => ({
  ...testContext(database.db, { actor, now: () => clock }),
  openConnection: async (_id, _consumer, manner) =>
    ({
      context: {},
      provider: {
        methods: {
          vitals: {
            read: async (_c: unknown, { project }: { project?: unknown }) => {
              asked.push({ manner, project });
              return answer();
            },
          },
        },
      },
    }) as unknown as OpenConnection,
});

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const component = await makeComponent(db, { slug: 'shop' });
  const environment = await makeEnvironment(db, { slug: 'production', isProduction: true });
  const connection = await makeConnection(db, { providerId: 'vercel' });
  targetId = (await makeTarget(db, { component, environment, connection, config })).id;
  const other = await makeConnection(db, { providerId: 'netlify' });
  otherId = (await makeTarget(db, { component, environment, connection: other, label: 'Other' })).id;
});
afterAll(() => database.close());
beforeEach(() => {
  // Each test begins after all that the ones before it have kept.
  clock = (clock ?? Date.parse('2026-11-28T10:00:00Z')) + 10 * VITALS_MS;
  asked = [];
  answer = async () => FIGURES;
});

test('a hundred pages cost the host one question in half an hour, and it is asked as somebody who only looks', async () => {
  const began = clock;
  const views = await Promise.all(Array.from({ length: 100 }, () => readVitals(context(), { targetId })));
  clock = began + VITALS_MS - 1;
  views.push(await readVitals(context(), { targetId }));
  expect(asked).toEqual([{ manner: 'look', project: 'shop' }]);
  expect(views.at(-1)).toEqual({
    ...{ provider: 'Vercel', by: 'Speed Insights', days: 7, readAt: new Date(began).toISOString() },
    ...{ figures: FIGURES, problem: null },
  });
  clock = began + VITALS_MS;
  await readVitals(context(), { targetId });
  expect(asked).toHaveLength(2);
});

test('what the host refuses is part of the answer, kept as well, and asked again sooner', async () => {
  const began = clock;
  answer = () => Promise.reject(new ProviderError('rejected', 'plan_limit', 'Vercel’s plan does not allow this.'));
  for (const later of [0, 1, REFUSED_MS - 1]) {
    clock = began + later;
    expect(await readVitals(context(), { targetId })).toMatchObject({
      figures: null,
      problem: { code: 'plan_limit', sentence: 'Vercel’s plan does not allow this.' },
    });
  }
  expect(asked).toHaveLength(1);
  clock = began + REFUSED_MS;
  answer = async () => FIGURES;
  expect(await readVitals(context(), { targetId })).toMatchObject({ figures: FIGURES, problem: null });
});

test('what was refused is asked at once with the credential that a person entered since', async () => {
  answer = () => Promise.reject(new ProviderError('auth', 'forbidden', 'The token may not read this.'));
  expect((await readVitals(context(), { targetId }))?.problem?.code).toBe('forbidden');
  answer = async () => FIGURES;
  await database.db.update(connections).set({ version: sql`${connections.version} + 1` });
  expect(await readVitals(context(), { targetId })).toMatchObject({ figures: FIGURES, problem: null });
});

test('a provider that measures none is not asked, and who may not see the target gets nothing that was kept', async () => {
  expect(await readVitals(context(), { targetId: otherId })).toBeNull();
  expect(asked).toEqual([]);
  await readVitals(context(), { targetId });
  const stranger = personActor([{ role: 'viewer', environmentPattern: 'staging' }], { id: 'usr_s', name: 'Sam' });
  await expect(readVitals(context(stranger), { targetId })).rejects.toMatchObject({ code: 'target_not_found' });
});
