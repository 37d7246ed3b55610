import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BlueprintInput, blueprintSettings } from '../model/settings';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];
const ANALYZE = '/usr/bin/systemd-analyze';

let bench: Bench;
let script = '';
let workflow: { jobs: Record<string, { if?: string; steps: { name: string; if?: string }[] }> };
let srv = '';
beforeAll(async () => {
  bench = new Bench();
  srv = path.join(bench.folder, 'srv');
  const files = await bench.write(MATRIX['dashboard: own server'] as never);
  script = stepOf(files, 'Put it live').replaceAll('/srv/dashboard', srv);
  const file = files.find(({ blueprint }) => blueprint === 'dashboard-deploy');
  workflow = load(file?.text ?? '') as typeof workflow;
  // The machine is this one: what it is told to do is what its shell gets.
  bench.stub('ssh', 'exec sh -c "$4"');
  bench.stub('sleep', 'exit 0');
  bench.stub('curl', 'exit 0');
});
afterAll(() => bench.remove());

const place = (environment: string) => path.join(srv, environment);
const at = (file: string) => path.join(bench.folder, file);
const live = (environment = 'staging') => path.basename(realpathSync(path.join(place(environment), 'current')));
const releases = (environment = 'staging') => readdirSync(path.join(place(environment), 'releases')).sort();
const restarts = () => (existsSync(at('restarts')) ? readFileSync(at('restarts'), 'utf8').trim().split('\n') : []);

beforeEach(() => {
  for (const each of ['srv', 'restarts', 'up-staging', 'up-production'])
    rmSync(at(each), { recursive: true, force: true });
  for (const each of ['staging', 'production']) mkdirSync(place(each), { recursive: true });
  // As systemd does with the unit: a restart ends what runs, and starts it only while its condition is met.
  bench.stub(
    'systemctl',
    `unit=\${3#*@}; [ "$1" = show ] && echo 0 && exit 0; [ "$1" = cat ] || [ -e ${bench.folder}/up-\${unit%.service} ] || exit 3`,
  );
  bench.stub(
    'sudo',
    `[ "$2" = -l ] && exit 0
echo "$*" >> ${bench.folder}/restarts; unit=\${4#*@}; unit=\${unit%.service}
if [ -e ${srv}/$unit/current/server/server.js ]; then touch ${bench.folder}/up-$unit; else rm -f ${bench.folder}/up-$unit; fi`,
  );
});

let runs = 0;
async function packed(rendering: string): Promise<void> {
  const site = at('site');
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site);
  writeFileSync(path.join(site, rendering === 'ssr' ? 'server.js' : 'index.html'), 'hello');
  utimesSync(site, new Date(0), new Date(0));
  await bench.run(`tar --create --gzip --file build.tar.gz --directory "${site}" .`);
}
function put(rendering: 'ssr' | 'ssg', commit: string, more: Record<string, string> = {}) {
  runs += 1;
  return bench.run(script, {
    ...{ AETHERSTACK_RENDERING: rendering, COMMIT: commit, ENVIRONMENT: 'staging', KEPT: 'false', PUBLIC_URL: '' },
    ...{ GITHUB_RUN_ID: String(runs), GITHUB_RUN_ATTEMPT: '1', SSH_USER: 'web', SSH_HOST: 'host', KEY: 'k', ...more },
  });
}
async function deploy(rendering: 'ssr' | 'ssg', commit: string, more: Record<string, string> = {}): Promise<string> {
  await packed(rendering);
  const { status, output } = await put(rendering, commit, more);
  expect(status, output).toBe(0);
  return `${commit}-${rendering}-${runs}-1`;
}

describe('a deployment over SSH', () => {
  it('of a build that was packed long ago goes live, and four others are kept: never is the live one deleted', async () => {
    for (let age = 1; age <= 7; age++) {
      const folder = path.join(place('staging'), 'releases', `old-${age}`);
      mkdirSync(folder, { recursive: true });
      const then = new Date(Date.UTC(2026, 0, 20 - age));
      utimesSync(folder, then, then);
    }
    const release = await deploy('ssg', A);
    expect(live()).toBe(release);
    expect(readFileSync(path.join(place('staging'), 'current/site/index.html'), 'utf8')).toBe('hello');
    expect(releases()).toEqual([release, 'old-1', 'old-2', 'old-3', 'old-4']);
    expect(restarts(), 'files need no unit').toEqual([]);
  });

  it('to one environment leaves what another one serves as it is', async () => {
    const production = await deploy('ssr', A, { ENVIRONMENT: 'Production' });
    const staging = await deploy('ssr', B);
    expect([live('production'), live()]).toEqual([production, staging]);
    expect([releases('production'), releases()]).toEqual([[production], [staging]]);
    const restart = (environment: string) => `-n systemctl restart dashboard@${environment}.service`;
    expect(restarts()).toEqual([restart('production'), restart('staging')]);
  });

  it('of files ends the server that ran before, and of a server starts it again', async () => {
    await deploy('ssr', A);
    expect(existsSync(at('up-staging'))).toBe(true);
    await deploy('ssg', A);
    expect(existsSync(at('up-staging'))).toBe(false);
    await deploy('ssr', B);
    expect(existsSync(at('up-staging'))).toBe(true);
  });

  it('that is not well makes way for the one before, which is served as it was, and the step is red', async () => {
    const before = await deploy('ssr', A);
    bench.stub('curl', 'exit 22');
    await packed('ssg');
    const mute = await put('ssg', B, { PUBLIC_URL: 'https://web.example' });
    bench.stub('curl', 'exit 0');
    expect([mute.status, live(), existsSync(at('up-staging'))]).toEqual([1, before, true]);
    expect(mute.output).toContain('::error::The build is not well');
    expect(releases(), 'what was not well is nothing to go back to').toEqual([before]);
    // The unit was started, and ended a moment later.
    bench.stub('systemctl', '[ "$1" = cat ] || exit 3');
    await packed('ssr');
    const dead = await put('ssr', B);
    expect([dead.status, live()]).toEqual([1, before]);
  });

  it('of a first server that is not well ends it: nothing goes back to it later, and its unit does not start it for ever', async () => {
    const systemctl = '[ "$1" = cat ] || [ "$1" = show ] || exit 3';
    bench.stub('systemctl', systemctl);
    for (const commit of [A, B]) {
      await packed('ssr');
      const dead = await put('ssr', commit);
      expect(dead).toMatchObject({ status: 1, output: expect.stringContaining('nothing is served') });
      expect([readdirSync(place('staging')).includes('current'), existsSync(at('up-staging'))]).toEqual([false, false]);
    }
    expect(restarts(), 'started and ended, each').toHaveLength(4);
    bench.stub('curl', 'exit 22');
    await packed('ssg');
    const mute = await put('ssg', A, { PUBLIC_URL: 'https://web.example' });
    bench.stub('curl', 'exit 0');
    expect([mute.status, readdirSync(place('staging')).includes('current'), restarts().length]).toEqual([1, false, 4]);
  });

  it('of a server that dies and is started over and over is not well, though it is active whenever it is asked', async () => {
    const before = await deploy('ssr', A);
    const died = at('died');
    // Each look finds it started once more; only its own restarts are asked for, and without rights.
    const counts = `[ "$*" = "show --property=NRestarts --value dashboard@staging.service" ] || exit 0`;
    bench.stub('systemctl', `${counts}\necho x >> ${died}; wc -l < ${died}`);
    await packed('ssr');
    const crashing = await put('ssr', B);
    expect([crashing.status, live()]).toEqual([1, before]);
    expect(crashing.output).toContain(`${before} is served again`);
    bench.stub('systemctl', '[ "$1" != show ] || echo 3');
    const steady = await deploy('ssr', B);
    expect(live(), 'one that came up after some attempts, and stays').toBe(steady);
  });

  it('warns for as long as what was served before environments had folders of their own is still there', async () => {
    await packed('ssg');
    expect((await put('ssg', A)).output).not.toContain('::warning::');
    symlinkSync(path.join(srv, 'releases', 'old'), path.join(srv, 'current'));
    const { status, output } = await put('ssg', B);
    expect([status, output]).toEqual([
      0,
      expect.stringContaining(`::warning::${srv}/current of before is still there`),
    ]);
    expect(output).toContain('The head of dashboard/deploy/dashboard@.service says how');
  });

  it('is refused before anything is sent where the machine is not set up, with where it is said how', async () => {
    await packed('ssr');
    rmSync(place('production'), { recursive: true });
    const nowhere = await put('ssr', A, { ENVIRONMENT: 'production' });
    expect(nowhere).toMatchObject({ status: 1, output: expect.stringContaining('may not write to') });
    bench.stub('systemctl', 'exit 1');
    const without = await put('ssr', A);
    expect(without).toMatchObject({
      ...{ status: 1, output: expect.stringContaining('head of dashboard/deploy/dashboard@.service') },
    });
    const odd = await put('ssr', A, { ENVIRONMENT: 'x; id' });
    expect(odd).toMatchObject({ status: 1, output: expect.stringContaining('No folder is called like') });
    expect(readdirSync(place('staging'))).toEqual([]);
  });

  it.each(['current', 'Releases'])(
    'no environment is called like a folder of before (%s): not in the settings, nor by its run',
    async (named) => {
      await packed('ssr');
      mkdirSync(place(named.toLowerCase()));
      const run = await put('ssr', A, { ENVIRONMENT: named });
      expect(run).toMatchObject({
        status: 1,
        output: expect.stringContaining(`No environment can be called '${named}' here`),
      });
      expect([readdirSync(place(named.toLowerCase())), restarts()]).toEqual([[], []]);
      const settings = MATRIX['dashboard: own server'] as BlueprintInput;
      const read = (hosting: string) =>
        blueprintSettings.safeParse({ ...settings, environments: ['staging', named], hosting });
      expect(read('self-host').error?.issues).toMatchObject([
        { path: ['environments'], message: expect.stringContaining(named) },
      ]);
      expect(read('agent').success).toBe(true);
    },
  );
});

describe('going back over SSH', () => {
  it('switches to the release of a commit that is kept, by its short name too, without a build', async () => {
    const first = await deploy('ssr', A);
    await deploy('ssr', B);
    await bench.run('rm build.tar.gz');
    const back = await put('ssr', A.slice(0, 7), { KEPT: 'true' });
    expect([back.status, live()], back.output).toEqual([0, first]);
    expect([releases().length, restarts().length]).toEqual([2, 3]);
    const { build, deploy: put_ } = workflow.jobs;
    expect(build?.if).toBe('${{ !inputs.kept }}');
    // A job whose `needs` was skipped is skipped as well, unless it asks for itself.
    expect(put_?.if).toBe('${{ !failure() && !cancelled() }}');
    expect(put_?.steps[0]).toMatchObject({ name: 'Fetch the build', if: '${{ !inputs.kept }}' });
  });

  it('is refused where no release of that commit and mode is kept, and half a release is none', async () => {
    const only = await deploy('ssr', A);
    await bench.run('echo half > build.tar.gz');
    expect((await put('ssr', B)).status).not.toBe(0);
    for (const [rendering, commit] of [
      ['ssr', B],
      ['ssg', A],
    ] as const) {
      const none = await put(rendering, commit, { KEPT: 'true' });
      expect(none).toMatchObject({ status: 1, output: expect.stringContaining("Deploy it without 'kept'") });
    }
    expect([live(), releases()]).toEqual([only, [only]]);
    const word = await put('ssr', 'main', { KEPT: 'true' });
    expect(word).toMatchObject({ status: 1, output: expect.stringContaining("'main' is no commit") });
  });
});

describe('the unit of a server of one’s own', () => {
  it.each([
    ['dashboard: own server', 'dashboard/deploy/dashboard@.service', 'staging'],
    ['dashboard: odd names', '1.0/deploy/on@.service', 'true'],
  ])('%s: serves what the workflow puts there, and says what is set up once', async (label, file, environment) => {
    const files = await bench.write(MATRIX[label] as never);
    const text = files.find(({ path: each }) => each === file)?.text ?? expect.fail(file);
    const name = path.basename(file, '@.service');
    expect(text).toContain(`\nWorkingDirectory=/srv/${name}/%i/current/server\n`);
    expect(text).toContain(`\nConditionPathExists=/srv/${name}/%i/current/server/server.js\n`);
    expect(text).toContain(`NOPASSWD: /usr/bin/systemctl restart ${name}@${environment}.service\n`);
    expect(text).toContain(`/srv/${name}/${environment}`);
    expect(text).toContain(
      `\n#   systemctl disable --now ${name}\n#   rm -r /srv/${name}/current /srv/${name}/releases\n`,
    );
    // Of five starts in ten seconds, systemd's default, a release that dies at once leaves none to go back with.
    expect(text.slice(text.indexOf('[Unit]'), text.indexOf('[Service]'))).toContain('\nStartLimitIntervalSec=0\n');
    if (!existsSync(ANALYZE)) return;
    const instance = at(`${name}@${environment}.service`);
    writeFileSync(instance, text);
    expect(() => execFileSync(ANALYZE, ['verify', '--man=no', instance], { stdio: 'pipe' })).not.toThrow();
  });

  it('belongs to who is deployed to over SSH alone', async () => {
    for (const label of ['dashboard: own server by its agent', 'dashboard: Vercel', 'dashboard: Pages'])
      expect((await bench.write(MATRIX[label] as never)).some(({ path: file }) => file.endsWith('.service'))).toBe(
        false,
      );
  });
});
