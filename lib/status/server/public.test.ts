import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Database } from '@/lib/db/client';
import { connections, healthSamples, targets } from '@/lib/db/schema';
import { openTestDatabase, personActor, testContext } from '@/lib/db/testing/context';
import { makeComponent, makeDeployment, makeEnvironment, makeTarget } from '@/lib/db/testing/factories';
import { Secret } from '@/lib/kernel/secret';
import { HealthSettings } from '@/lib/observability/model/health-settings';
import { ENVIRONMENT } from '@/lib/pipeline/testing/attempt';
import { PublicAnswers, type PublicForm } from '@/lib/public-status/serve';
import { readPublicStatus, setPublic } from '@/lib/public-status/server';
import { CANARIES } from '@/lib/testing/bad-inputs/canaries';
import { openIncidentInput, planMaintenanceInput } from '../model/schemas';
import { followCommand } from '../public-commands';
import { preflight, serveFollower } from '../serve-followers';
import { openIncident, planMaintenance } from '.';

let database: Database;
let target: Awaited<ReturnType<typeof makeTarget>>;
const admin = personActor([{ role: 'admin', environmentPattern: '*' }], { name: 'Grace Hopper' });

beforeAll(async () => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  database = await openTestDatabase();
  const component = await makeComponent(database.db, { name: 'Internal name', slug: 'vault' });
  const production = await makeEnvironment(database.db, { slug: 'prod', name: 'Inner ring', isProduction: true });
  target = await makeTarget(database.db, { component, environment: production });
  await setPublic(as(), { targetId: target.id, isPublic: true, name: 'Vault', section: 'Europe' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
});

const as = () => testContext(database.db, { actor: admin });
const told = () => readPublicStatus(database.db);

describe('uptime on the page', () => {
  const health = HealthSettings.parse({ watchUrl: 'https://secret.example/health' });
  const slot = (at: string, ok: number, failed: number, width = 3_600) =>
    database.db.insert(healthSamples).values({ targetId: target.id, width, at: new Date(at), ok, failed });
  // The same days to its end, also where midnight comes meanwhile.
  const begun = Date.now();
  const day = (back: number) => new Date(begun - back * 86_400_000).toISOString().slice(0, 10);

  test('is of places that are asked, by day in UTC, from samples and from sums; a day that was not measured is a gap', async () => {
    const uptime = async () => (await told()).places[0]?.uptime;
    expect(await uptime()).toBeNull();
    await database.db.update(targets).set({ health }).where(eq(targets.id, target.id));
    expect(await uptime()).toMatchObject({ share: null, measuredDays: 0 });
    await slot(`${day(3)}T00:00:00Z`, 120, 0);
    await slot(`${day(3)}T23:00:00Z`, 119, 1);
    await slot(`${day(1)}T23:59:30Z`, 1, 0, 30);
    await slot(`${day(95)}T00:00:00Z`, 0, 120);
    const { from, days, share, measuredDays } = (await uptime()) ?? expect.fail('no uptime');
    const on = (name: string) => days[(Date.parse(name) - Date.parse(from)) / 86_400_000];
    expect([4, 3, 2, 1, 0].map((back) => on(day(back)))).toEqual([null, [0.99583, 0.08], null, [1, 0], null]);
    expect([share, measuredDays]).toEqual([0.99585, 2]);
  });
});

test('the canaries and the names of everything inside are in no public answer, whichever form is asked for', async () => {
  const held = CANARIES.map(({ value }) => new Secret(value));
  const every = CANARIES.map(({ value }) => value);
  const row = await makeDeployment(database.db, target, 'succeeded', {
    ...{
      ref: 'feature/inner-branch',
      requestedByName: 'Ada Lovelace',
      message: every.join(' '),
      reason: every.join(' '),
    },
    ...{ remoteId: 'run-inner', remoteUrl: 'https://ci.inner.example', config: { repository: 'acme/inner' } },
  });
  await database.db
    .update(connections)
    .set({ name: every.join(' ') })
    .where(eq(connections.id, target.connectionId));
  const half = Math.ceil(every.length / 2);
  for (const part of [every.slice(0, half), every.slice(half)]) {
    const text = `We look. ${part.join(' ')}`.slice(0, 2_000);
    const about = { targetIds: [target.id], deploymentId: row.id };
    await openIncident(as(), openIncidentInput.parse({ title: 'Slow', impact: 'minor', text, ...about }));
    const times = { startsAt: new Date(Date.now() + 60_000), endsAt: new Date(Date.now() + 120_000) };
    const span = { startsAt: times.startsAt.toISOString(), endsAt: times.endsAt.toISOString() };
    await planMaintenance(as(), planMaintenanceInput.parse({ title: 'Disk', text, ...span, targetIds: [target.id] }));
  }
  const answers = new PublicAnswers(told);
  const inside = ['Internal name', 'Inner ring', 'Ada', 'Grace', 'inner', 'secret.example', 'usr_test', '#1'];
  const ids = [target.id, target.connectionId, row.id];
  for (const form of ['json', 'rss', 'feed'] as PublicForm[]) {
    const text = await (await answers.answer(new Request('https://own.test/'), '192.0.2.1', form)).text();
    expect(text).toContain('Vault');
    for (const each of [...every, ...inside, ...ids]) expect(text.includes(each), `${form}: ${each}`).toBe(false);
  }
  expect(held).toHaveLength(CANARIES.length);
});

describe('subscribing over HTTP', () => {
  const host = (ip: string) => {
    const ctx = (actor: Parameters<typeof testContext>[1] & object) => ({
      ...testContext(database.db, actor),
      fetchOutside: async (_: string, init?: RequestInit) =>
        new Response(JSON.parse(String(init?.body)).data.challenge as string),
    });
    return {
      facts: { requestId: 'req_1', ip, origin: 'https://status.elsewhere.example', secFetchSite: 'cross-site' },
      ownOrigin: 'https://own.test',
      contextFor: (actor: ReturnType<typeof as>['actor']) => ctx({ actor }),
    };
  };
  const post = (ip: string, body: string) =>
    serveFollower(
      followCommand,
      new Request('https://own.test/api/status/subscribe', {
        ...{ method: 'POST', body, headers: { 'content-type': 'application/json', cookie: 'aether-session=x' } },
      }),
      host(ip),
    );

  test('works from any site without a cookie, shows the secret once, and refuses with a sentence', async () => {
    const done = await post('192.0.2.1', '{"url":"https://a.example.com/hook"}');
    expect([done.status, done.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
    expect(await done.json()).toMatchObject({ secret: expect.stringMatching(/^whsec_/) });
    expect(done.headers.get('set-cookie')).toBeNull();
    const refused = await post('192.0.2.1', '{"url":"http://a.example.com/hook"}');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, '*']);
    expect(((await refused.json()) as { detail: string }).detail).toContain('https://');
    expect((await post('192.0.2.1', '{"url":"https://a.example.com/","admin":true}')).status).toBe(400);
    expect(preflight().headers.get('access-control-allow-headers')).toBe('content-type');
  });

  test('ten tries an hour for one network, sixty for one host whoever asks: no network alone uses it up', async () => {
    const codes = async (tries: Promise<Response>[]) => {
      const said = (await Promise.all((await Promise.all(tries)).map((answer) => answer.json()))) as {
        code?: string;
      }[];
      return said.map(({ code = 'done' }) => code);
    };
    const of = (all: string[], code: string) => all.filter((each) => each === code).length;
    const times = Array.from({ length: 12 }, (_, at) => at);
    const network = await codes(times.map((at) => post(`2001:db8:7::${at}`, `{"url":"https://n${at}.example.com/"}`)));
    expect([of(network, 'done'), of(network, 'no_room'), of(network, 'rate_limited')]).toEqual([5, 5, 2]);
    const many = Array.from({ length: 62 }, (_, at) => at);
    const host = await codes(many.map((at) => post(`198.51.100.${at}`, '{"url":"https://one.example.com/"}')));
    expect([of(host, 'done'), of(host, 'follows_already'), of(host, 'rate_limited')]).toEqual([1, 59, 2]);
  });
});
