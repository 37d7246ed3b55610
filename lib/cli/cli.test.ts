import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ApiWorld, apiWorld } from '@/lib/api/testing/api-world';
import { deployments, pins, rateLimits } from '@/lib/db/schema';
import type { Phase } from '@/lib/providers/port';
import { line } from './testing/sit';

// Each command is a process of its own, and a busy machine starts one slowly.
vi.setConfig({ testTimeout: 60_000 });

const SCRIPT = path.resolve('scripts/aetherstack.mjs');
let world: ApiWorld;
let served: { url: string; close(): Promise<void> };
let home: string;
/** What the provider says from now on; each look of the command line moves the engine along. */
let phase: Phase = 'done';

beforeAll(async () => {
  world = await apiWorld();
  home = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-cli-'));
  served = await world.listen(async (address) => {
    const id = /\/deployments\/(dep_\w+)$/.exec(address)?.[1];
    if (!id) return;
    const run = world.vendor.runs.at(-1);
    if (run) run.phase = phase;
    await world.look(id);
  });
});
afterEach(async () => {
  phase = 'done';
  await world.database.db.delete(rateLimits);
  await world.database.db.delete(pins);
  const over = { status: 'cancelled', finishedAt: new Date(), nextCheckAt: null, deadlineAt: null } as const;
  await world.database.db.update(deployments).set(over);
});
afterAll(async () => {
  await served.close();
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

interface Ended {
  code: number;
  out: string;
  err: string;
}

const environment = (token: string | null, url = served.url): NodeJS.ProcessEnv => ({
  NODE_ENV: 'test',
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  XDG_CONFIG_HOME: home,
  ...(token === null ? {} : { AETHERSTACK_URL: url, AETHERSTACK_TOKEN: token }),
});

/** The command line as a process of its own, as anybody starts it. */
function cli(args: string[], env: NodeJS.ProcessEnv, input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [SCRIPT, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}
async function run(args: string[], token?: string): Promise<Ended> {
  const secret = token ?? (await world.token());
  const ended = await cli(args, environment(secret));
  expect(ended.out + ended.err).not.toContain(secret);
  return ended;
}

describe('aetherstack', () => {
  test('deploys, watches to the end, and says how it ended by its exit code', async () => {
    const good = await run(['deploy', 'backend/staging', '--input', 'level=info', '--watch']);
    expect(good, good.err).toMatchObject({ code: 0, out: expect.stringContaining('Succeeded') });
    expect(good.out).toMatch(/^#\d+ backend\/staging at [0-9a-f]{7} \(main\): /m);
    phase = 'failed';
    const bad = await run(['deploy', 'backend/staging', '--input', 'level=debug', '-w', '--json']);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({ status: 'failed', inputs: { level: 'debug' } });
  });

  test('says how one stands by number or id, and what is under way', async () => {
    const { deploymentId, number } = await world.click();
    const env = environment(await world.token());
    for (const name of [deploymentId, String(number), `#${number}`])
      expect((await line(['status', name], env)).out).toContain(`#${number} backend/staging`);
    const all = await run(['status', '--json']);
    expect(JSON.parse(all.out)).toHaveProperty('inFlight');
    expect((await run(['targets'])).out).toMatch(/backend\/production +/);
  });

  test('goes back to the one that is named, with a reason, and the target is held there', async () => {
    const first = await world.deployed('done');
    const { number } = await world.row(first);
    await world.deployed('done', { inputs: { level: 'debug' } });
    const back = await run([
      'rollback',
      'backend/staging',
      '--to',
      `#${number}`,
      '--reason',
      'it was better',
      '--json',
    ]);
    expect(back, back.err).toMatchObject({ code: 0 });
    expect(JSON.parse(back.out)).toMatchObject({ outcome: 'created' });
    expect((await run(['rollback', 'backend/staging'])).code).toBe(2);
  });

  test.each([
    [2, ['deploy'], 'Give a target'],
    [2, ['deploy', 'backend'], 'component/environment'],
    [2, ['deploy', 'backend/staging', '--colour', 'red'], 'Usage: aetherstack deploy'],
    [2, ['fly'], 'no command'],
    [2, ['deploy', 'backend/staging', '--input', 'level'], 'name=value'],
    [2, ['approve', '1e9'], 'not a deployment'],
    [2, ['lock', 'add'], '--reason'],
    [4, ['deploy', 'backend/nowhere'], 'no target'],
    [4, ['promote', 'backend/staging'], 'No build that is live elsewhere'],
    [4, ['status', '999999'], 'no deployment #999999'],
    [4, ['logs', 'dep_nothing'], 'no such'],
  ])('ends with %i for %j and says why', async (code, args, says) => {
    const env = environment(await world.token());
    const ended = await line(args, env);
    expect(ended.err).toContain(says);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).not.toContain(env.AETHERSTACK_TOKEN);
    const json = await line([...args, '--json'], env);
    expect(json).toMatchObject({ code, out: '' });
    expect(JSON.parse(json.err).error).toEqual({ code: expect.any(String), sentence: expect.stringContaining(says) });
  });

  test('says so beside its output as a process too, as a sentence or as JSON', async () => {
    for (const flags of [[], ['--json']])
      expect(await run(['status', '999999', ...flags])).toMatchObject({
        code: 4,
        out: '',
        err: expect.stringContaining('no deployment #999999'),
      });
  });

  test('ends with 3 for what is refused: scope, role, a token that opens nothing', async () => {
    const readOnly = await world.token({ scopes: ['read'] });
    expect(await run(['deploy', 'backend/staging'], readOnly)).toMatchObject({
      code: 3,
      err: expect.stringContaining('“deploy”'),
    });
    expect(await run(['whoami'], 'aes_wrong')).toMatchObject({
      code: 3,
      err: expect.stringContaining('opens nothing'),
    });
  });

  test('ends with 5 when nobody answers, or something that is no console', async () => {
    const foreign = createServer((_request, response) => response.writeHead(200, {}).end('<h1>Hello</h1>'));
    foreign.listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const url = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
    expect(await cli(['whoami'], environment('aes_x', url))).toMatchObject({ code: 5 });
    foreign.close();
    await once(foreign, 'close');
    const gone = await cli(['whoami'], environment('aes_x', url));
    expect(gone).toMatchObject({ code: 5, err: expect.stringContaining('does not answer') });
  });

  test('ends with 6 when the watching takes too long, and with 130 on Ctrl-C; the deployment goes on', async () => {
    phase = 'building';
    const slow = await run(['deploy', 'backend/staging', '--watch', '--timeout', '0.001']);
    expect(slow).toMatchObject({ code: 6, err: expect.stringContaining('goes on') });
    const number = /#(\d+)/.exec(slow.out)?.[1] ?? '';
    const watching = spawn(process.execPath, [SCRIPT, 'status', number, '--watch'], {
      env: environment(await world.token()),
    });
    let said = '';
    watching.stderr.on('data', (text) => {
      said += text;
    });
    await once(watching.stdout, 'data');
    watching.kill('SIGINT');
    expect((await once(watching, 'exit'))[0]).toBe(130);
    expect(said).toContain('goes on');
    expect(said).toContain(`aetherstack status ${number} --watch`);
    expect((await run(['status', number, '--json'])).out).toContain('"building"');
  });

  test('nothing that somebody wrote elsewhere moves the cursor or hides text', async () => {
    const { deploymentId } = await world.click();
    const evil = 'a\u001b[2J\u009b31m\u202eb\u0007\u001b]0;x\u0007';
    await world.database.db.update(deployments).set({
      status: 'failed',
      failureCode: 'x',
      failureSentence: evil,
      finishedAt: new Date(),
      nextCheckAt: null,
      deadlineAt: null,
    });
    for (const flags of [[], ['--json']]) {
      const { out } = await run(['status', deploymentId, ...flags]);
      expect(out).toContain('a');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      expect(out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    }
  });
});

describe('aetherstack login', () => {
  test('keeps the token in a file that only its owner can read, and uses it only where it was given', async () => {
    const token = await world.token();
    const made = await cli(['login', '--url', served.url], environment(null), `${token}\n`);
    expect(made, made.err).toMatchObject({ code: 0 });
    expect(made.out + made.err).not.toContain(token);
    const file = path.join(home, 'aetherstack', 'credentials.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await cli(['whoami'], environment(null))).out).toContain('by token “test”');
    const elsewhere = { ...environment(null), AETHERSTACK_URL: 'https://other.example' };
    expect(await cli(['whoami'], elsewhere)).toMatchObject({ code: 2, err: expect.stringContaining('Not logged in') });
    chmodSync(file, 0o644);
    expect(await cli(['whoami'], environment(null))).toMatchObject({
      code: 2,
      err: expect.stringContaining('chmod 600'),
    });
    await cli(['logout'], environment(null));
    expect(() => readFileSync(file)).toThrow();
  });

  test.each(['http://deploy.example.com', 'ftp://x', 'deploy.example.com', 'https://me:secret@deploy.example.com'])(
    'sends a token over https or to this machine only: %s is refused',
    async (url) => {
      expect(await line(['whoami'], environment('aes_x', url))).toMatchObject({ code: 2 });
    },
  );
});
