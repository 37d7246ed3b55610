import { afterAll, beforeAll, expect, test } from 'vitest';
import { blueprintFiles } from '@/lib/blueprints/model/generate';
import { examine } from '@/lib/doctor/server';
import { repositoryFiles } from '@/lib/sandbox/repository-files';
import { admin, REPOSITORY, type SettingsWorld, settingsWorld } from '../testing/settings-world';
import { readConfiguration } from '.';

const NAMES = { own: 'VERCEL_PROJECT_ID_DASHBOARD', before: 'VERCEL_PROJECT_ID' };
const WORKFLOW = '.github/workflows/dashboard-deploy.yml';

/** What *Set up* writes for two dashboards of one repository that go to one host. */
async function filesOf(name: string): Promise<[string, string][]> {
  const files = await blueprintFiles({
    ...{ kind: 'dashboard', name, repository: REPOSITORY, directory: name },
    ...{ hosting: 'vercel', environments: ['staging', 'production'] },
  });
  return files.filter(({ path }) => path === WORKFLOW || path.endsWith('.json')).map(({ path, text }) => [path, text]);
}

let one: SettingsWorld;
let two: SettingsWorld;
beforeAll(async () => {
  const files = [...(await repositoryFiles()), ...(await filesOf('dashboard'))];
  one = await settingsWorld(new Map(files));
  two = await settingsWorld(new Map([...files, ...(await filesOf('web'))]));
});
afterAll(async () => {
  await one.close();
  await two.close();
});

const keep = ({ vendor }: SettingsWorld, name: string) => {
  const data = { repo: REPOSITORY, shelf: '', kind: 'variable', name, value: 'prj_1' };
  return vendor.record({ at: vendor.now(), kind: 'setting.kept', data });
};

/** What Configuration says of the component's own variable, and what the doctor says after that. */
async function told(world: SettingsWorld): Promise<{ missing: object[]; finding: string }> {
  const ctx = world.as(admin);
  const { rows } = await readConfiguration(ctx, { environment: 'staging' });
  const { connections } = await examine(ctx);
  const found = connections.flatMap(({ findings }) => findings).filter(({ code }) => code === 'settings_missing');
  const finding = found.find(({ sentence }) => sentence.startsWith('Dashboard in Staging'))?.sentence ?? '';
  return { missing: rows.find(({ name }) => name === NAMES.own)?.missingFor ?? [], finding };
}

test('the name of before is enough for one component at a host; with two each lacks its own before it is deployed', async () => {
  for (const world of [one, two]) await keep(world, NAMES.before);
  const alone = await told(one);
  expect(alone.missing).toEqual([]);
  expect(alone.finding).not.toContain(NAMES.before);
  const both = await told(two);
  const because = expect.stringMatching(/^VERCEL_PROJECT_ID does not do instead: web of the same repository/);
  expect(both.missing).toMatchObject([{ name: 'Dashboard', because }]);
  expect(both.finding).toContain(`the variable ${NAMES.own}`);
  expect(both.finding).toMatch(/ VERCEL_PROJECT_ID does not do instead: web .*\.$/);
  await keep(two, NAMES.own);
  const mended = await told(two);
  expect(mended.missing).toEqual([]);
  expect(mended.finding).not.toContain(NAMES.before);
});
