import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bench, stepOf } from '../testing/bench';
import { MATRIX } from '../testing/matrix';

let bench: Bench;
beforeAll(() => {
  bench = new Bench();
});
afterAll(() => bench.remove());

it('a build that was packed long ago goes live, and four others are kept: never is the live one deleted', async () => {
  const files = await bench.write(MATRIX['dashboard: own server, files'] as never);
  const base = path.join(bench.folder, 'srv');
  const script = stepOf(files, 'Put it live').replaceAll('/srv/dashboard', base);
  // The machine is this one: what it is told to do is what its shell gets.
  bench.stub('ssh', 'exec sh -c "$4"');
  for (let age = 1; age <= 7; age++) {
    const folder = path.join(base, 'releases', `old-${age}`);
    mkdirSync(folder, { recursive: true });
    const then = new Date(Date.UTC(2026, 0, 20 - age));
    utimesSync(folder, then, then);
  }
  const site = path.join(bench.folder, 'site');
  mkdirSync(site);
  writeFileSync(path.join(site, 'index.html'), 'again');
  utimesSync(site, new Date(0), new Date(0));
  await bench.run(`tar --create --gzip --file build.tar.gz --directory "${site}" .`);
  const run = { GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '2', SSH_USER: 'web', SSH_HOST: 'host', KEY: 'k' };
  expect(await bench.run(script, run)).toMatchObject({ status: 0 });
  const live = path.join(base, 'current', 'index.html');
  expect([existsSync(live), existsSync(live) && readFileSync(live, 'utf8')]).toEqual([true, 'again']);
  expect(path.basename(realpathSync(path.join(base, 'current')))).toBe('7-2');
  expect(readdirSync(path.join(base, 'releases')).sort()).toEqual(['7-2', 'old-1', 'old-2', 'old-3', 'old-4']);
});

it('the first release of a machine goes live too', async () => {
  const files = await bench.write(MATRIX['dashboard: own server, files'] as never);
  const base = path.join(bench.folder, 'new');
  const script = stepOf(files, 'Put it live').replaceAll('/srv/dashboard', base);
  const run = { GITHUB_RUN_ID: '1', GITHUB_RUN_ATTEMPT: '1', SSH_USER: 'web', SSH_HOST: 'host', KEY: 'k' };
  expect(await bench.run(script, run)).toMatchObject({ status: 0 });
  expect(readdirSync(path.join(base, 'releases'))).toEqual(['1-1']);
});

it('one that is not well makes way for the one before, and the step is red', async () => {
  const files = await bench.write(MATRIX['dashboard: own server'] as never);
  const base = path.join(bench.folder, 'srv');
  const script = stepOf(files, 'Put it live').replaceAll('/srv/dashboard', base);
  const before = realpathSync(path.join(base, 'current'));
  bench.stub('sudo', `echo "$*" >> ${bench.folder}/restarts`);
  bench.stub('sleep', 'exit 0');
  // The unit was started, and ended a moment later.
  bench.stub('systemctl', 'exit 3');
  const run = { GITHUB_RUN_ID: '8', GITHUB_RUN_ATTEMPT: '1', SSH_USER: 'web', SSH_HOST: 'host', KEY: 'k' };
  const dead = await bench.run(script, { ...run, AETHERSTACK_RENDERING: 'ssr', PUBLIC_URL: '' });
  expect([dead.status, realpathSync(path.join(base, 'current'))]).toEqual([1, before]);
  expect(dead.output).toContain('::error::The build is not well');
  expect(readFileSync(path.join(bench.folder, 'restarts'), 'utf8').trim().split('\n')).toHaveLength(2);
  bench.stub('systemctl', 'exit 0');
  bench.stub('curl', 'exit 22');
  const mute = await bench.run(script, {
    ...{ ...run, GITHUB_RUN_ATTEMPT: '2', AETHERSTACK_RENDERING: 'ssr', PUBLIC_URL: 'https://web.example' },
  });
  expect([mute.status, realpathSync(path.join(base, 'current'))]).toEqual([1, before]);
  bench.stub('curl', 'exit 0');
  const well = await bench.run(script, {
    ...{ ...run, GITHUB_RUN_ATTEMPT: '3', AETHERSTACK_RENDERING: 'ssr', PUBLIC_URL: 'https://web.example' },
  });
  expect([well.status, path.basename(realpathSync(path.join(base, 'current')))]).toEqual([0, '8-3']);
});
