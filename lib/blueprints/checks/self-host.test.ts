import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BlueprintInput, blueprintSettings } from '../model/settings';
import { MATRIX } from '../testing/matrix';
import { OwnServer } from '../testing/own-server';

const [A, B] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];
const ANALYZE = '/usr/bin/systemd-analyze';

let server: OwnServer;
beforeAll(async () => {
  server = new OwnServer();
  await server.setUp();
});
afterAll(() => server.bench.remove());
beforeEach(() => server.begin());

describe('a deployment over SSH', () => {
  it('of a build that was packed long ago goes live, and four others are kept: never is the live one deleted', async () => {
    for (let age = 1; age <= 7; age++) {
      const folder = path.join(server.place('staging'), 'releases', `old-${age}`);
      mkdirSync(folder, { recursive: true });
      const then = new Date(Date.UTC(2026, 0, 20 - age));
      utimesSync(folder, then, then);
    }
    const release = await server.deploy('ssg', A);
    expect(server.live()).toBe(release);
    expect(readFileSync(path.join(server.place('staging'), 'current/site/index.html'), 'utf8')).toBe('hello');
    expect(server.releases()).toEqual([release, 'old-1', 'old-2', 'old-3', 'old-4']);
    expect(server.restarts(), 'files need no unit').toEqual([]);
  });

  it('to one environment leaves what another one serves as it is', async () => {
    const production = await server.deploy('ssr', A, { ENVIRONMENT: 'Production' });
    const staging = await server.deploy('ssr', B);
    expect([server.live('production'), server.live()]).toEqual([production, staging]);
    expect([server.releases('production'), server.releases()]).toEqual([[production], [staging]]);
    const restart = (environment: string) => `-n systemctl restart dashboard@${environment}.service`;
    expect(server.restarts()).toEqual([restart('production'), restart('staging')]);
  });

  it('of files ends the server that ran before, and of a server starts it again', async () => {
    await server.deploy('ssr', A);
    expect(existsSync(server.at('up-staging'))).toBe(true);
    await server.deploy('ssg', A);
    expect(existsSync(server.at('up-staging'))).toBe(false);
    await server.deploy('ssr', B);
    expect(existsSync(server.at('up-staging'))).toBe(true);
  });

  it('that is not well makes way for the one before, which is served as it was, and the step is red', async () => {
    const before = await server.deploy('ssr', A);
    server.bench.stub('curl', 'exit 22');
    await server.packed('ssg');
    const mute = await server.put('ssg', B, { PUBLIC_URL: 'https://web.example' });
    server.bench.stub('curl', 'exit 0');
    expect([mute.status, server.live(), existsSync(server.at('up-staging'))]).toEqual([1, before, true]);
    expect(mute.output).toContain('::error::The build is not well');
    expect(server.releases(), 'what was not well is nothing to go back to').toEqual([before]);
    // The unit was started, and ended a moment later.
    server.bench.stub('systemctl', '[ "$1" = cat ] || exit 3');
    await server.packed('ssr');
    const dead = await server.put('ssr', B);
    expect([dead.status, server.live()]).toEqual([1, before]);
  });

  it('of a first server that is not well ends it: nothing goes back to it later, and its unit does not start it for ever', async () => {
    const systemctl = '[ "$1" = cat ] || [ "$1" = show ] || exit 3';
    server.bench.stub('systemctl', systemctl);
    for (const commit of [A, B]) {
      await server.packed('ssr');
      const dead = await server.put('ssr', commit);
      expect(dead).toMatchObject({ status: 1, output: expect.stringContaining('nothing is served') });
      expect([readdirSync(server.place('staging')).includes('current'), existsSync(server.at('up-staging'))]).toEqual([
        false,
        false,
      ]);
    }
    expect(server.restarts(), 'started and ended, each').toHaveLength(4);
    server.bench.stub('curl', 'exit 22');
    await server.packed('ssg');
    const mute = await server.put('ssg', A, { PUBLIC_URL: 'https://web.example' });
    server.bench.stub('curl', 'exit 0');
    expect([mute.status, readdirSync(server.place('staging')).includes('current'), server.restarts().length]).toEqual([
      1,
      false,
      4,
    ]);
  });

  it('of a server that dies and is started over and over is not well, though it is active whenever it is asked', async () => {
    const before = await server.deploy('ssr', A);
    const died = server.at('died');
    // Each look finds it started once more; only its own restarts are asked for, and without rights.
    const counts = `[ "$*" = "show --property=NRestarts --value dashboard@staging.service" ] || exit 0`;
    server.bench.stub('systemctl', `${counts}\necho x >> ${died}; wc -l < ${died}`);
    await server.packed('ssr');
    const crashing = await server.put('ssr', B);
    expect([crashing.status, server.live()]).toEqual([1, before]);
    expect(crashing.output).toContain(`${before} is served again`);
    server.bench.stub('systemctl', '[ "$1" != show ] || echo 3');
    const steady = await server.deploy('ssr', B);
    expect(server.live(), 'one that came up after some attempts, and stays').toBe(steady);
  });

  it('warns for as long as what was served before environments had folders of their own is still there', async () => {
    await server.packed('ssg');
    expect((await server.put('ssg', A)).output).not.toContain('::warning::');
    symlinkSync(path.join(server.srv, 'releases', 'old'), path.join(server.srv, 'current'));
    const { status, output } = await server.put('ssg', B);
    expect([status, output]).toEqual([
      0,
      expect.stringContaining(`::warning::${server.srv}/current of before is still there`),
    ]);
    expect(output).toContain('The head of dashboard/deploy/dashboard@.service says how');
  });

  it('is refused before anything is sent where the machine is not set up, with where it is said how', async () => {
    await server.packed('ssr');
    rmSync(server.place('production'), { recursive: true });
    const nowhere = await server.put('ssr', A, { ENVIRONMENT: 'production' });
    expect(nowhere).toMatchObject({ status: 1, output: expect.stringContaining('may not write to') });
    server.bench.stub('systemctl', 'exit 1');
    const without = await server.put('ssr', A);
    expect(without).toMatchObject({
      ...{ status: 1, output: expect.stringContaining('head of dashboard/deploy/dashboard@.service') },
    });
    const odd = await server.put('ssr', A, { ENVIRONMENT: 'x; id' });
    expect(odd).toMatchObject({ status: 1, output: expect.stringContaining('No folder is called like') });
    expect(readdirSync(server.place('staging'))).toEqual([]);
  });

  it.each(['current', 'Releases'])(
    'no environment is called like a folder of before (%s): not in the settings, nor by its run',
    async (named) => {
      await server.packed('ssr');
      mkdirSync(server.place(named.toLowerCase()));
      const run = await server.put('ssr', A, { ENVIRONMENT: named });
      expect(run).toMatchObject({
        status: 1,
        output: expect.stringContaining(`No environment can be called '${named}' here`),
      });
      expect([readdirSync(server.place(named.toLowerCase())), server.restarts()]).toEqual([[], []]);
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

describe('the unit of a server of one’s own', () => {
  it.each([
    ['dashboard: own server', 'dashboard/deploy/dashboard@.service', 'staging'],
    ['dashboard: odd names', '1.0/deploy/on@.service', 'true'],
  ])('%s: serves what the workflow puts there, and says what is set up once', async (label, file, environment) => {
    const files = await server.bench.write(MATRIX[label] as never);
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
    const instance = server.at(`${name}@${environment}.service`);
    writeFileSync(instance, text);
    expect(() => execFileSync(ANALYZE, ['verify', '--man=no', instance], { stdio: 'pipe' })).not.toThrow();
  });

  it('belongs to who is deployed to over SSH alone', async () => {
    for (const label of ['dashboard: own server by its agent', 'dashboard: Vercel', 'dashboard: Pages'])
      expect(
        (await server.bench.write(MATRIX[label] as never)).some(({ path: file }) => file.endsWith('.service')),
      ).toBe(false);
  });
});
