import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '@/lib/doctor/server';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { admin, connectionId, REPOSITORY, type SettingsWorld, settingsWorld } from '../testing/settings-world';
import { planSetting, readConfiguration } from '.';

const PRODUCTION = `${connectionId} environment:${REPOSITORY}:production`;
const PLAN = /^GitHub shows no environments of aetherstack\/aetherstack\. A private repository has them on the plans/;

let world: SettingsWorld;
let asked: string[] = [];
beforeAll(async () => {
  world = await settingsWorld(await repositoryFiles());
});
afterAll(() => world.close());

/** As GitHub answers for a private repository whose plan has no environments. */
function withoutEnvironments(request: Request): Response | null {
  asked.push(new URL(request.url).pathname);
  const isAbout = /\/environments(\/|$)/.test(new URL(request.url).pathname);
  return isAbout ? Response.json({ message: 'Not Found' }, { status: 404 }) : null;
}

const look = () => readConfiguration(world.as(admin), { environment: 'production' });
const findings = async () => (await examine(world.as(admin))).connections.flatMap((each) => each.findings);
const told = async () =>
  (await findings()).filter(({ code }) => ['plan_lacks', 'settings_unread', 'settings_missing'].includes(code));

test('an environment that the plan does not have cannot be read; the page, and the other places, can', async () => {
  world.wire.inTheWay = withoutEnvironments;
  asked = [];
  const view = await look();
  expect(view.targets.map(({ problem }) => problem)).toEqual([null, null]);
  const problems = new Map(view.places.map(({ key, problem }) => [key, problem]));
  expect(problems.get(PRODUCTION)).toMatch(PLAN);
  expect(problems.get(`${connectionId} repository:${REPOSITORY}`)).toBeNull();
  expect(view.rows.find(({ name }) => name === 'OVSX_PAT')?.at).toMatchObject([
    { place: expect.stringContaining('repository') },
  ]);
  expect(
    view.rows.flatMap(({ missingFor }) => missingFor),
    'what is not known is not missing',
  ).toEqual([]);
  expect(
    asked.some((path) => path.includes('/environments/')),
    'what is not there is not asked',
  ).toBe(false);
});

test('nothing is written there, and what is refused says why', async () => {
  world.wire.inTheWay = withoutEnvironments;
  const wanted = { environment: 'production', kind: 'variable', name: 'LEVEL', value: 'info' } as const;
  const places = [PRODUCTION, `${connectionId} repository:${REPOSITORY}`];
  const { steps } = await planSetting(world.as(admin), { ...wanted, places });
  expect(steps.map(({ step, because }) => [step, because])).toEqual([
    ['refused', expect.stringMatching(PLAN)],
    ['create', null],
  ]);
});

test('the doctor says what the plan lacks, for which targets, once; and no more when it has it', async () => {
  world.wire.inTheWay = withoutEnvironments;
  await look();
  const found = await told();
  expect(found).toMatchObject([{ code: 'plan_lacks', severity: 'warning', mend: { kind: 'link' } }]);
  const [names = '', ...rest] = found[0]?.sentence.split(': ') ?? [];
  const targets = ['Dashboard in Production', 'Dashboard in Staging', 'Extension in Production'];
  expect(names.split(', ').sort()).toEqual(targets);
  expect(rest.join(': ')).toMatch(PLAN);
  const { rows } = await world.database.pool.query('select problem, read_at from configuration_readings');
  expect(
    rows.every(({ problem, read_at }) => problem === null && read_at !== null),
    'a plan is no accident',
  ).toBe(true);
  world.wire.inTheWay = () => null;
  await look();
  expect(await told()).toEqual([]);
});
