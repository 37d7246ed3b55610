import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Client } from './client';
import { storeSettings } from './settings';
import { jsonText, visible } from './terminal';
import { line, sit } from './testing/sit';

vi.setConfig({ testTimeout: 60_000 });

const SCRIPT = path.resolve('scripts/aetherstack.mjs');
/** Says when a process can be sent Ctrl-C. */
const LISTENS = `data:text/javascript,process.on('newListener',(name)=>name==='SIGINT'&&setImmediate(console.error,'listens'))`;
let server: Server;
let url: string;
let home: string;
let asked: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-edges-'));
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/api/v1/events') response.writeHead(404).end();
    else answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  rmSync(home, { recursive: true, force: true });
});

const LIVE = {
  ...{ id: 'dep_1', number: 7, status: 'succeeded', component: { slug: 'backend' }, environment: { slug: 'staging' } },
  ...{ revision: { sha: '0123456789', ref: 'main' }, failure: null, approval: null, gates: [], evidence: null },
  ...{ waitingFor: null, acceptedAt: null },
};
const send = (response: ServerResponse, status: number, body: object, headers = {}) =>
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

function start(args: string[], token: string | null = 'aes_x'): ChildProcess & { said: () => string } {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, XDG_CONFIG_HOME: home, AETHERSTACK_URL: url };
  const child = spawn(process.execPath, ['--import', LISTENS, SCRIPT, ...args], {
    env: (token === null ? env : { ...env, AETHERSTACK_TOKEN: token }) as unknown as NodeJS.ProcessEnv,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      text += piece;
    });
  return Object.assign(child, { said: () => text });
}
const exitOf = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number;

describe('the command line as a process', () => {
  test('login that waits for a token ends on Ctrl-C', async () => {
    const child = start(['login', '--url', url], null);
    const ended = exitOf(child);
    while (!child.said().includes('listens')) await once(child.stderr as NodeJS.ReadableStream, 'data');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(asked).toEqual([]);
  });

  test('ends quietly when whoever reads it has read enough', async () => {
    const long = Array.from({ length: 3_000 }, (_, at) => ({ id: `pin_${at}`, reason: 'x'.repeat(300) }));
    answer = (_request, response) => send(response, 200, { inFlight: long });
    const child = start(['status', '--json']);
    child.stdout?.destroy();
    expect(await exitOf(child), child.said()).toBe(0);
    expect(child.said()).not.toContain('EPIPE');
  });

  test.each([
    ['deploy', 'backend/staging', '--watch', '--timeout', 'soon'],
    ['deploy', 'backend/staging', '--input', 'level'],
    ['rollback', 'backend/staging', '--reason', 'x', '--timeout', '-1'],
    ['status', '7', '--timeout', '0'],
  ])('a wrong command line is said before anything is asked: %s %s %s %s', async (...args) => {
    expect(await line(args, { XDG_CONFIG_HOME: home, AETHERSTACK_URL: url, AETHERSTACK_TOKEN: 'aes_x' })).toMatchObject(
      {
        code: 2,
      },
    );
    expect(asked).toEqual([]);
  });

  test.each([429, 409])('watching waits as long as a %i asks for, and asks again', async (status) => {
    const at: number[] = [];
    answer = (_request, response) => {
      at.push(Date.now());
      if (at.length === 1) send(response, status, { code: 'later', detail: 'Later.' }, { 'Retry-After': '4' });
      else send(response, 200, LIVE);
    };
    const child = start(['status', 'dep_1', '--watch']);
    expect(await exitOf(child), child.said()).toBe(0);
    expect(child.said()).toContain('#7 backend/staging');
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(3_900);
  });
});

/** Somebody at a terminal, before a console that answers each address with what stands beside it. */
async function sitBefore(name: string, args: string[], replies: Record<string, unknown>, says = 'n') {
  const changes: string[] = [];
  const api = {
    get: async (at: string) => replies[at],
    change: async (_method: string, at: string) => {
      changes.push(at);
      return replies[at];
    },
  } as unknown as Client;
  return { ...(await sit(name, args, api, says)), changes };
}

describe('somebody at a terminal', () => {
  const packet = {
    deployment: {
      ...{ number: 7, kind: 'deploy', component: { name: 'Backend' }, environment: { name: 'Production' } },
      ...{ requestedBy: { name: 'Ada' }, requestedAt: 'today', reason: '', sha: '0123456789abcdef', ref: 'main' },
      ...{ message: 'fix it', author: 'ada' },
    },
    ...{ live: null, health: { sentence: 'well' }, commits: null, commitsProblem: null, inputs: {}, configNames: [] },
    ...{ checklist: [], gates: [], rollBack: { sentence: 'by a revert' }, given: 0, required: 1, workflow: null },
    ...{ digest: 'd', refusal: null, targetId: 'tgt_1', refKind: 'branch' },
    ...{ checks: 'failure', checksProblem: null, verdict: { verdict: 'worse', why: 'Errors doubled.', closed: true } },
  };
  const rules = {
    ...{ providerLabel: 'GitHub Actions', notice: null, uses: [{ kind: 'named', name: 'production' }] },
    environments: [
      {
        ...{ name: 'production', url: '', reviewers: [{ kind: 'team', name: 'Ops' }], preventSelfReview: false },
        ...{ waitMinutes: 10, refs: { kind: 'any' }, apps: [], adminsBypass: null },
      },
    ],
  };
  const replies = {
    '/targets/tgt_1/rules?ref=main': rules,
    '/deployments/dep_7/approval': packet,
    '/deployments/dep_7/approve': {},
  };

  test('approves with --json only after the packet was shown, beside the result', async () => {
    const said = await sitBefore('approve', ['dep_7', '--json'], replies, 'y');
    expect(said.err).toContain('#7 deploy of Backend to Production');
    expect(said.err).toMatch(/checks {4}failed\n[\s\S]*health {4}Errors doubled\./);
    expect(said.err).toContain('besides   GitHub Actions will also ask for approval of “production” by the team Ops.');
    expect(said.err).toContain('besides   GitHub Actions waits 10 min before “production”.');
    expect(said.out).toBe('{}\n');
    expect(await sitBefore('approve', ['dep_7', '--json'], replies)).toMatchObject({
      code: 'not_confirmed',
      changes: [],
    });
  });

  test('sees which checks count before the decision', async () => {
    const shown = async (more: object) =>
      (await sitBefore('approve', ['dep_7'], { ...replies, '/deployments/dep_7/approval': { ...packet, ...more } }))
        .err;
    const requiredChecks = ['unit', 'e2e'];
    expect(await shown({ requiredChecks, checks: 'success' })).toContain('checks    passed (counted: unit, e2e)\n');
    expect(await shown({ requiredChecks, checks: 'none' })).toContain(
      'checks    not all passed (counted: unit, e2e)\n',
    );
    expect(await shown({ requiredChecks: [], checks: 'none' })).toContain('checks    none\n');
  });

  test('ticks what was done, word for word, and is told what is open', async () => {
    const done = { '/deployments/dep_7/tick': { open: 1 } };
    const said = await sitBefore('tick', ['dep_7', '--check', 'Backup taken'], done);
    expect(said).toMatchObject({ out: 'Ticked: 1 open\n', changes: ['/deployments/dep_7/tick'] });
    expect(await sitBefore('tick', ['dep_7'], done)).toMatchObject({ code: 'usage', changes: [] });
  });

  test.each([
    ['lock add', ['--reason', 'x'], '--everywhere'],
    ['lock add', ['--reason', 'x', '--target', ''], '--target is empty'],
    ['lock add', ['--reason', 'x', '--everywhere', '--component', 'backend'], 'not both'],
    ['freeze add', ['--name', 'x', '--reason', 'x', '--starts', '2031-01-03T16:00', '--hours', '1'], '--everywhere'],
    ['freeze add', ['--name', 'x', '--environment', ''], '--environment is empty'],
  ])('%s with %j holds nothing: the whole installation is named, never meant', async (command, args, says) => {
    expect(await sitBefore(command, args, { '/locks': {}, '/freezes': {} })).toMatchObject({
      ...{ code: 'usage', changes: [] },
      err: expect.stringContaining(says),
    });
  });

  test('is shown ids without what cannot be seen', async () => {
    const evil = { pinId: 'pin_\u202e\u0007', freezeId: 'frz_\u001b[2J' };
    const lock = await sitBefore('lock add', ['--reason', 'x', '--everywhere'], { '/locks': evil });
    expect(lock.out).toBe('Locked: pin_\\u202e\\u0007\n');
  });
});

describe('text from elsewhere', () => {
  test('shows what hides, turns around or carries text in tags, and stays good JSON', () => {
    for (const hidden of [
      '\u061c',
      '\u00ad',
      '\u180e',
      '\u200b',
      '\u202e',
      '\ufeff',
      '\u{e0001}',
      '\u{e0041}',
      '\u{e007f}',
      '\u009b',
    ]) {
      expect(visible(`a${hidden}b`)).toMatch(/^a(?:\\u[0-9a-f]{4})+b$/);
      const text = jsonText({ said: `a${hidden}b` });
      expect(text).not.toContain(hidden);
      expect(JSON.parse(text)).toEqual({ said: `a${hidden}b` });
    }
    expect(visible('Grüße, 世界 🎉\n\tok')).toBe('Grüße, 世界 🎉\n\tok');
  });
});

describe('where the token is kept', () => {
  test('a new file from the start: no link is followed, no looser file is kept, nothing is left beside it', () => {
    const env = { XDG_CONFIG_HOME: path.join(home, 'kept') };
    const folder = path.join(home, 'kept', 'aetherstack');
    const file = path.join(folder, 'credentials.json');
    const elsewhere = path.join(home, 'elsewhere');
    mkdirSync(folder, { recursive: true });
    writeFileSync(elsewhere, 'theirs');
    symlinkSync(elsewhere, file);
    expect(storeSettings({ url: 'https://a.dev', token: 'aes_y' }, env)).toBe(file);
    expect(readFileSync(elsewhere, 'utf8')).toBe('theirs');
    expect(readdirSync(folder)).toEqual(['credentials.json']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    storeSettings({ url: 'https://a.dev', token: 'aes_z' }, env);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('aes_z');
  });
});
