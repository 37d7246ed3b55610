import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent, run, settle } from './agent.mjs';
import { bring } from './artifacts.mjs';
import { checkConfig } from './config.mjs';
import { tarOf } from './testing/builds';
import { unpack } from './unpack.mjs';

// biome-ignore lint/suspicious/noExplicitAny: the agent is plain JavaScript.
type Any = any;
const root = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-trouble-'));
const release = http.createServer((_, response) => response.end('ok'));
let n = 0;

/** An agent whose releases are names in a set. */
function world(more: object = {}) {
  const up = new Set<string>();
  const supervisor: Any = {
    isRunning: async (_: Any, id: string) => up.has(id),
    async start(app: Any, id: string) {
      const plan = app.planRun(id, (release.address() as AddressInfo).port);
      up.add(id);
      return plan;
    },
    stop: async (_: Any, id: string) => void up.delete(id),
    listed: async (_: Any, ids: string[]) => ids.filter((id) => up.has(id)),
    front: { isRunning: async () => true, isUp: async () => true, start() {}, stop() {} },
  };
  const config = checkConfig({
    root: path.join(root, String(++n)),
    listen: { port: 0 },
    loopbackArtifacts: true,
    tokens: [{ name: 'd', role: 'deploy', sha256: '0'.repeat(64) }],
    apps: { web: { front: { port: 1 }, health: { tries: 2, everyMs: 10 } } },
  });
  const app: Any = createAgent(config, { supervisor, ...more }).apps.get('web');
  const open = (fields: object = {}) => {
    const wanted = { kind: 'deploy', by: 'd', artifact: {}, commit: null, ref: null, mode: null, ...fields };
    return app.journal.open({ key: `aether-${++n}`, digest: String(n), ...wanted }, Date.now()).record as Any;
  };
  /** A record whose build is unpacked already, at a step. */
  const at = (phase: string, fields: object = {}) => {
    const record = open(fields);
    mkdirSync(app.folder('releases', record.id), { recursive: true });
    writeFileSync(app.folder('releases', record.id, 'index.html'), 'x');
    record.phase = phase;
    app.journal.save(record);
    return record;
  };
  const ship = async (record: Any) => {
    run(app, record);
    await app.work;
    return record;
  };
  return { app, up, config, open, at, ship, supervisor };
}
const noSpace = () => {
  throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
};

beforeAll(() => new Promise<void>((resolve) => release.listen(0, '127.0.0.1', () => resolve())));
afterAll(() => {
  release.close();
  rmSync(root, { recursive: true });
});

describe('a full disk', () => {
  it('ends what goes on once there is space again, without a restart of the agent', async () => {
    const { app, open, ship } = world();
    const record = open({ artifact: { sha256: '1'.repeat(64) } });
    const { save } = app.journal;
    app.journal.save = noSpace;
    await ship(record);
    app.journal.save = save;
    expect(record.finishedAt).toBeNull();
    await settle(app);
    await app.work;
    expect(record).toMatchObject({ phase: 'failed', failure: { step: 'fetching' } });
    expect(() => open()).not.toThrow();
  });

  it('is given back what was half unpacked before the end is written, or nothing could be written any more', async () => {
    const { app, open, ship } = world();
    const record = open({ artifact: { sha256: '1'.repeat(64) } });
    const half = app.folder('incoming', `${record.id}.unpacked`);
    const { save } = app.journal;
    // The disk is full as long as the half is there.
    app.journal.save = (each: Any) =>
      each.phase === 'failed' && existsSync(half) ? noSpace() : save.call(app.journal, each);
    Object.assign(record, { phase: 'unpacking', file: path.join(root, `half-${n}`) });
    writeFileSync(record.file, tarOf([{ name: 'readme.txt', text: 'x' }]));
    await ship(record);
    expect(record).toMatchObject({ phase: 'failed', failure: { step: 'unpacking' } });
  });

  it('makes no failure of a log line that cannot be written', async () => {
    const { app, at, ship } = world();
    app.journal.say = noSpace;
    expect(await ship(at('starting'))).toMatchObject({ phase: 'live' });
  });

  it('is no failed deployment once visitors get it', async () => {
    const { app, at, ship } = world();
    const record = at('starting');
    const serve = app.serve.bind(app);
    app.serve = (id: string) => {
      serve(id);
      noSpace();
    };
    await ship(record);
    expect([record.phase, app.current()]).toEqual(['live', record.id]);
    expect(record.servedAt).not.toBeNull();
  });
});

describe('an archive made to do harm', () => {
  const limits = { files: 20, unpackedBytes: 100_000 };
  const into = async (bytes: Buffer, signal?: AbortSignal) => {
    const file = path.join(root, `archive-${++n}`);
    writeFileSync(file, bytes);
    return unpack(file, `${file}.out`, limits, signal);
  };
  const pax = { name: 'p', type: 'x', text: '20 comment=12345678\n'.repeat(500) };
  it('of names and names: all of it counts', async () => {
    await expect(into(tarOf(Array(400).fill(pax)))).rejects.toThrow(/more than 20 entries|limits\.unpackedBytes/);
  });
  it('of folders with a content: it counts', async () => {
    const folder = { name: 'a/', type: '5', text: 'x'.repeat(90_000) };
    await expect(into(tarOf([folder, folder, folder]))).rejects.toThrow('limits.unpackedBytes');
  });
  it('is put down as soon as somebody cancels, also inside of one file', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(into(tarOf([pax]), abort.signal)).rejects.toThrow('cancelled');
  });
});

describe('what was under way when the agent ended', () => {
  it('a release that cannot start any more is not switched to', async () => {
    const { app, at, ship, supervisor } = world();
    const good = await ship(at('starting'));
    const record = at('switching');
    supervisor.start = async (a: Any, id: string) => a.planRun(id, 1);
    await ship(record);
    expect([record.phase, app.current()]).toEqual(['failed', good.id]);
  });
  it('how it was built is known although it was unpacked by the agent before', async () => {
    const { at, ship } = world();
    expect(await ship(at('unpacking'))).toMatchObject({ phase: 'live', built: 'static' });
  });
  it('a half-lifted folder is no obstacle', async () => {
    const { app, open, ship } = world();
    const record = open();
    const aside = app.folder('incoming', `${record.id}.unpacked.inner`);
    mkdirSync(aside);
    writeFileSync(path.join(aside, 'x'), 'x');
    record.file = path.join(root, `lift-${n}`);
    writeFileSync(record.file, tarOf([{ name: 'out/index.html', text: 'hi' }]));
    record.phase = 'unpacking';
    expect(await ship(record)).toMatchObject({ phase: 'live', built: 'static' });
    expect(existsSync(aside)).toBe(false);
  });
});

describe('builds on their way in', () => {
  it('the header goes to the build’s own origin only, also where its checksum lies elsewhere', async () => {
    const got: Record<string, unknown> = {};
    const digest = createHash('sha256').update('hello').digest('hex');
    const serve = (name: string, text: string) =>
      new Promise<http.Server>((resolve) => {
        const server = http.createServer((request, response) => {
          got[name] = request.headers.authorization;
          response.end(text);
        });
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    const [build, sum] = [await serve('build', 'hello'), await serve('sum', digest)];
    const at = (server: http.Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    const { app, config } = world();
    await bring(
      config,
      app.folder('uploads'),
      { url: at(build), checksumUrl: at(sum) } as Any,
      {
        ...{ target: app.folder('incoming', 'x'), mode: null, signal: undefined, log() {} },
        header: { name: 'Authorization', value: 'Bearer one' },
      } as Any,
    );
    expect(got).toEqual({ build: 'Bearer one', sum: undefined });
    for (const server of [build, sum]) server.close();
  });
});
