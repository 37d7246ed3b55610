import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig, requireSafeListener } from './config.mjs';
import { systemdSupervisor } from './supervisor.mjs';
import { agentUnit, pm2File, quoted, releaseUnit } from './units.mjs';

const ABOUT = {
  node: process.execPath,
  program: '/opt/a b/agent.mjs',
  configFile: '/srv/100%/$x "y"/agent.json',
  root: '/tmp',
};
const ANALYZE = '/usr/bin/systemd-analyze';

describe('generated units', () => {
  it.each([
    ['/usr/bin/node', '/usr/bin/node'],
    ['/opt/a b', '"/opt/a b"'],
    ['/srv/100%', '/srv/100%%'],
    ['/srv/$HOME', '"/srv/$$HOME"'],
    ['/srv/"x"\\y', '"/srv/\\"x\\"\\\\y"'],
    ['/srv/;rm', '"/srv/;rm"'],
  ])('quote %s so that it stays one word and nothing is expanded', (word, text) => expect(quoted(word)).toBe(text));

  it.each(['/srv/a\nExecStartPre=/bin/x', '/srv/a\r', '/srv/\0'])('refuse a path with a line break (%#)', (word) => {
    expect(() => quoted(word)).toThrow('line break');
    expect(() => agentUnit({ ...ABOUT, root: word })).toThrow('line break');
  });

  it.runIf(existsSync(ANALYZE))('are units in the eyes of systemd itself', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-units-'));
    const program = path.join(folder, 'a b', 'agent.mjs');
    const files = {
      'aetherstack-agent.service': agentUnit({ ...ABOUT, program }),
      'aetherstack-web@.service': releaseUnit({ ...ABOUT, program, app: 'web', home: '/tmp', graceMs: 10_000 }),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    const units = [path.join(folder, 'aetherstack-agent.service'), path.join(folder, 'aetherstack-web@1.service')];
    writeFileSync(path.join(folder, 'aetherstack-web@1.service'), files['aetherstack-web@.service']);
    expect(() => execFileSync(ANALYZE, ['verify', '--man=no', ...units], { stdio: 'pipe' })).not.toThrow();
    rmSync(folder, { recursive: true });
  });

  it('keep releases alive while the agent is replaced', () => {
    expect(agentUnit(ABOUT)).toContain('\nKillMode=process\n');
    expect(JSON.parse(pm2File(ABOUT)).apps[0]).toMatchObject({
      treekill: false,
      args: ['serve', '--config', ABOUT.configFile],
    });
  });
});

describe('releases that systemd keeps', () => {
  it('are instances of a unit, named by the release, and nothing goes through a shell', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-systemd-'));
    const [command, log] = [path.join(folder, 'systemctl'), path.join(folder, 'log')];
    writeFileSync(
      command,
      `#!/bin/sh
printf '%s\\n' "$*" >> ${log}
case "$2" in
  is-active) [ -e ${folder}/up ] || exit 3 ;;
  list-units) echo "aetherstack-web@01-a.service loaded active running x" ;;
esac
[ ! -e ${folder}/slow ] || exit 1
`,
      { mode: 0o755 },
    );
    const supervisor = systemdSupervisor({ node: process.execPath }, command);
    const planned: [string, number][] = [];
    const app = { name: 'web', planRun: (release: string, port: number) => planned.push([release, port]) };
    expect(await supervisor.isRunning(app, '01-a')).toBe(false);
    await supervisor.start(app, '01-a');
    writeFileSync(path.join(folder, 'up'), '');
    expect(await supervisor.listed(app, ['01-a', '02-b'])).toEqual(['01-a']);
    await supervisor.stop(app, '01-a');
    const verbs = readFileSync(log, 'utf8').trim().split('\n');
    expect(verbs, 'it is ended before a port is planned, or it would stay at the old one').toEqual([
      ...['is-active', 'stop', 'reset-failed', 'start'].map((verb) => `--user ${verb} aetherstack-web@01-a.service`),
      '--user list-units --plain --no-legend aetherstack-web@*.service',
      '--user stop aetherstack-web@01-a.service',
    ]);
    expect(planned).toEqual([['01-a', expect.any(Number)]]);
    writeFileSync(path.join(folder, 'slow'), '');
    await expect(supervisor.isRunning(app, '01-a'), 'no answer is not “no”').rejects.toThrow('does not say');
    rmSync(folder, { recursive: true });
  });
});

describe('the configuration', () => {
  const GOOD = {
    root: '/srv/x',
    listen: { port: 7070 },
    tokens: [{ name: 'console', role: 'deploy', sha256: 'a'.repeat(64) }],
    apps: { web: { front: { port: 3000 } } },
  };
  it('is taken with its defaults', () => {
    expect(checkConfig(GOOD).apps.get('web')).toMatchObject({
      keep: 5,
      warm: 1,
      entry: 'server.js',
      health: { path: '/' },
    });
  });

  it.each([
    [
      'a token instead of its digest',
      { tokens: [{ name: 'x', role: 'deploy', sha256: 'aas_secret' }] },
      'never the token',
    ],
    ['no token', { tokens: [] }, 'tokens'],
    ['a role nobody knows', { tokens: [{ name: 'x', role: 'root', sha256: 'a'.repeat(64) }] }, 'read, upload, deploy'],
    ['an app that leads out', { apps: { '../x': { front: { port: 1 } } } }, 'small letters'],
    ['an entry that leads out', { apps: { web: { front: { port: 1 }, entry: '../../x.js' } } }, 'inside its build'],
    ['a host that is an address', { artifactHosts: { 'https://x/': {} } }, 'no host name'],
  ])('is refused with %s', (_, change, why) => expect(() => checkConfig({ ...GOOD, ...change })).toThrow(why));

  it('listens to other machines over TLS only', () => {
    expect(() => requireSafeListener(checkConfig(GOOD).listen)).not.toThrow();
    expect(() => requireSafeListener(checkConfig({ ...GOOD, listen: { host: '0.0.0.0', port: 1 } }).listen)).toThrow(
      'TLS',
    );
    const tls = { cert: 'a.pem', key: 'b.pem' };
    expect(() =>
      requireSafeListener(checkConfig({ ...GOOD, listen: { host: '0.0.0.0', port: 1, tls } }).listen),
    ).not.toThrow();
  });
});
