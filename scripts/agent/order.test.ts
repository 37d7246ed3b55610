import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from './aetherstack-agent.mjs';
import { createAgent, run, settle } from './agent.mjs';
import { bring } from './artifacts.mjs';
import { checkConfig } from './config.mjs';
import { healthy } from './health.mjs';
import { struck, tailOf } from './struck.mjs';
import { buildOf, tarOf, zipOf } from './testing/builds';
import { unpack } from './unpack.mjs';
import { takeUpload, uploaded } from './uploads.mjs';

// biome-ignore lint/suspicious/noExplicitAny: the agent is plain JavaScript.
type Any = any;
const root = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-order-'));
const release = http.createServer((_, response) => response.end('ok'));
const portOf = (server: http.Server) => (server.address() as AddressInfo).port;
let n = 0;
let wall = Date.parse('2026-11-27T12:00:00Z');
let uptime = 0;

beforeAll(() => new Promise<void>((resolve) => release.listen(0, '127.0.0.1', () => resolve())));
afterAll(() => {
  release.close();
  rmSync(root, { recursive: true });
});

/** An agent whose releases are names in a set, with a clock on the wall and another that nobody sets. */
function world(inner: object = {}) {
  const up = new Set<string>();
  const said: string[] = [];
  const supervisor: Any = {
    isRunning: async (_: Any, id: string) => up.has(id),
    async start(app: Any, id: string) {
      const plan = app.planRun(id, portOf(release));
      said.push(`start ${id}`);
      up.add(id);
      return plan;
    },
    async stop(_: Any, id: string) {
      said.push(`stop ${id}`);
      up.delete(id);
    },
    listed: async (_: Any, ids: string[]) => ids.filter((id) => up.has(id)),
    front: { isRunning: async () => true, isUp: async () => true, start() {}, stop() {} },
    ...inner,
  };
  const config = checkConfig({
    root: path.join(root, String(++n)),
    listen: { port: 0 },
    loopbackArtifacts: true,
    tokens: [{ name: 'd', role: 'deploy', sha256: '0'.repeat(64) }],
    apps: { web: { front: { port: 1 }, keep: 2, health: { tries: 2, everyMs: 10 } } },
  });
  const agent = createAgent(config, { supervisor, now: () => wall, uptime: () => uptime });
  const app: Any = agent.apps.get('web');
  async function ship() {
    const key = `aether-${++n}`;
    const wanted = { kind: 'deploy', by: 'd', artifact: {}, commit: null, ref: null, mode: null };
    const { record } = app.journal.open({ key, digest: key, ...wanted }, wall) as Any;
    mkdirSync(app.folder('releases', record.id), { recursive: true });
    writeFileSync(app.folder('releases', record.id, 'index.html'), 'x');
    Object.assign(record, { phase: 'starting' });
    run(app, record);
    await app.work;
    return record.id as string;
  }
  const restore = async (id: string) => {
    const key = `restore-${++n}`;
    const { record } = app.journal.open(
      { kind: 'restore', as: 'restore', key, digest: key, by: 'd', release: id },
      wall,
    );
    run(app, record);
    await app.work;
    return record as Any;
  };
  return { app, up, said, ship, restore, config };
}

describe('a clock that is put back', () => {
  it('keeps nothing down, and changes no order', async () => {
    const { app, up, ship } = world();
    const first = await ship();
    wall -= 3_600_000;
    const [second, third] = [await ship(), await ship()];
    expect(app.served().map(({ id }: Any) => id)).toEqual([third, second, first].slice(0, 2));
    up.delete(third);
    uptime += 61_000;
    await settle(app);
    expect(up.has(third)).toBe(true);
  });
});

describe('what is live and what may be restored', () => {
  it('is remembered however many deployments came after', async () => {
    const { app, ship } = world();
    const [kept, live] = [await ship(), await ship()];
    const old = (at: number) => ({ ...app.journal.get(live), id: `9${at}`, release: `9${at}`, servedAt: null });
    for (let at = 0; at < 501; at++)
      app.journal.all().length < 503 && app.journal.save({ ...old(at), phase: 'failed' });
    app.journal.open({ kind: 'deploy', key: 'one-more', digest: 'x' }, wall);
    expect([app.journal.get(kept)?.id, app.journal.get(live)?.id]).toEqual([kept, live]);
    expect(app.journal.all().length, 'the others are forgotten').toBeLessThan(504);
  });

  it('is restored also while it is just being ended', async () => {
    let letGo: () => void = () => undefined;
    const { app, said, ship, restore, up } = world({
      stop: (_: Any, id: string) =>
        new Promise<void>((resolve) => {
          letGo = () => {
            said.push(`stop ${id}`);
            up.delete(id);
            resolve();
          };
        }),
    });
    const first = await ship();
    await ship();
    said.length = 0;
    const ending = app.supervisor.stop(app, first);
    await Promise.resolve();
    const restored = restore(first);
    await expect.poll(() => app.journal.current()?.phase).toBe('starting');
    letGo();
    await ending;
    expect(await restored).toMatchObject({ phase: 'live' });
    expect(said.slice(0, 2)).toEqual([`stop ${first}`, `start ${first}`]);
    expect(app.current()).toBe(first);
  });

  it('is started as it ran before when the disk is full', async () => {
    const { app, up, ship } = world();
    const live = await ship();
    const before = app.running(live);
    app.write = () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    up.delete(live);
    uptime += 61_000;
    await settle(app);
    expect(up.has(live)).toBe(true);
    expect(app.running(live)).toEqual(before);
    expect(() => app.planRun('another', 1), 'nothing else is started without its file').toThrow('full');
  });
});

describe('a port that another program answers at', () => {
  it('is no proof that the release is well', async () => {
    const about = { port: portOf(release), path: '/', tries: 2, everyMs: 1, timeoutMs: 1_000, alive: () => true };
    expect(await healthy({ ...about, own: () => false } as Any)).toContain('another program');
    expect(await healthy({ ...about, own: () => null } as Any)).toBeNull();
  });
});

describe('the build of a commit', () => {
  const commit = 'f'.repeat(40);
  const put = (folder: string, text: string, mode: string | null, of: string | null = commit) => {
    const { bytes, sha256 } = buildOf(Buffer.from(text));
    const about = { sha256, size: bytes.length, commit: of, mode, by: 'p', most: 1_000, freeBytes: 0, now: wall++ };
    return takeUpload(folder, about, [bytes]).then(
      () => sha256,
      (error) => error.code as string,
    );
  };
  const folder = () => {
    const made = path.join(root, `uploads-${++n}`);
    mkdirSync(made);
    return made;
  };

  it('is the first that was uploaded for it, by whatever way another tries', async () => {
    const at = folder();
    const good = await put(at, 'good', null);
    const other = 'e'.repeat(40);
    expect(await put(at, 'evil', null)).toBe('commit_taken');
    expect(await put(at, 'evil', 'server'), 'as another kind').toBe('commit_taken');
    expect(await put(at, 'good', null, other), 'two commits may have one build').toBe(good);
    expect(await put(at, 'evil', null)).toBe('commit_taken');
    expect(uploaded(at, { commit } as Any, 'server').sha256).toBe(good);
    for (let each = 0; each < 21; each++) await put(at, `more ${each}`, null, null);
    expect(await put(at, 'evil', null), 'also when its bytes are gone').toBe('commit_taken');
    expect(() => uploaded(at, { commit } as Any, null)).toThrow('is kept any more');
  });

  it('is one, also when two arrive at once', async () => {
    const at = folder();
    const both = await Promise.all([put(at, 'one', null), put(at, 'two', null)]);
    expect(both.filter((each) => each === 'commit_taken')).toHaveLength(1);
  });

  it('is refused where it would fill the disk, or where too many come at once', async () => {
    const at = folder();
    const about = { commit: null, mode: null, by: 'p', most: 1_000, now: wall };
    const { bytes, sha256 } = buildOf(Buffer.from('x'));
    const fill = takeUpload(at, { ...about, sha256, size: 1, freeBytes: Number.MAX_SAFE_INTEGER }, [bytes]);
    await expect(fill).rejects.toMatchObject({ status: 507, code: 'disk_full' });
    const ends: (() => void)[] = [];
    const slow = async function* () {
      await new Promise<void>((resolve) => ends.push(resolve));
    };
    const start = (digit: string) =>
      takeUpload(at, { ...about, sha256: digit.repeat(64), size: 1, freeBytes: 0 }, slow()).catch((e) => e.code);
    const [first, second] = [start('1'), start('2')];
    expect(await start('3')).toBe('uploads_busy');
    await expect.poll(() => ends.length).toBe(2);
    for (const end of ends) end();
    expect([await first, await second]).toEqual(['other_build', 'other_build']);
    expect(await put(at, 'y', null)).not.toBe('uploads_busy');
  });
});

describe('values of variables', () => {
  it('are struck out as programs write them, and before a log is cut', () => {
    const value = 'se"cret\nsecond line/é';
    const text = [value, JSON.stringify(value), encodeURIComponent('second line/é'), 'true'].join(' | ');
    expect(struck(text, [value, 'true'])).toBe('*** | "***" | *** | true');
    const file = path.join(root, 'tail.log');
    writeFileSync(file, `${'x'.repeat(9_000)}hush-hush-hush${'y'.repeat(4_090)}`);
    expect(tailOf(file, ['hush-hush-hush'])).not.toContain('hush');
  });
});

describe('an archive that is damaged', () => {
  const into = (bytes: Buffer) => {
    const file = path.join(root, `archive-${++n}`);
    writeFileSync(file, bytes);
    return unpack(file, `${file}.out`, { files: 20, unpackedBytes: 100_000 }, undefined);
  };
  it('is never unpacked as if it were whole', async () => {
    const zip = zipOf('index.html', 'hello');
    expect(await into(zip)).toMatchObject({ files: 1, bytes: 5 });
    const swapped = Buffer.from(zip);
    swapped.write('jello', zip.indexOf('hello'));
    await expect(into(swapped), 'its checksum').rejects.toThrow('damaged');
    const unsigned = Buffer.from(zip);
    unsigned[0] = 0x4f;
    unsigned.writeUInt32LE(0x04034b50, 0);
    unsigned.writeUInt32LE(0, zip.indexOf('hello') - 'index.html'.length - 30 + 1);
    await expect(into(unsigned), 'its local header').rejects.toThrow();
    const whole = tarOf([{ name: 'index.html', text: 'hello' }], 'plain');
    await expect(into(whole.subarray(0, 1_024)), 'cut after a file').rejects.toThrow('cut off');
    expect(await into(whole)).toMatchObject({ files: 1 });
  });
});

describe('a host that breaks off', () => {
  it.each([
    [
      'in the middle',
      (r: http.ServerResponse) => void r.writeHead(200, { 'content-length': 9 }).write('x', () => r.destroy()),
      'broke off',
    ],
    [
      'by leading nowhere',
      (r: http.ServerResponse) => void r.writeHead(302, { location: 'http://[' }).end(),
      'no address',
    ],
  ])('%s is told as that host’s trouble', async (_, answer, why) => {
    const server = http.createServer((_request, response) => answer(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const { app, config } = world();
    const artifact = { url: `http://127.0.0.1:${portOf(server)}/b`, sha256: '0'.repeat(64) } as Any;
    const more = { target: app.folder('incoming', 'x'), mode: null, header: null, signal: undefined, log() {} } as Any;
    await expect(bring(config, app.folder('uploads'), artifact, more)).rejects.toThrow(why);
    server.closeAllConnections();
    server.close();
  });
});

describe('what is written wrongly is called so', () => {
  it('a header file without a header, before anything is asked of the host', async () => {
    const headerFile = path.join(root, 'header');
    writeFileSync(headerFile, 'Bearer abc\n');
    const config = { artifactHosts: new Map([['builds.example.com', { headerFile }]]), limits: { artifactBytes: 10 } };
    const artifact = { url: 'https://builds.example.com/a.tar', sha256: 'a'.repeat(64) };
    const asked = bring(config, root, artifact, { target: path.join(root, 'none'), log: () => undefined } as Any);
    await expect(asked).rejects.toThrow('holds no header');
  });

  it.each(['abc', '0', '70000'])('the port %s, and nothing is made', async (port) => {
    const folder = path.join(root, 'made');
    await expect(main(['init', '--root', folder, '--app', 'web', '--port', port])).rejects.toThrow('from 1 to 65535');
    expect(existsSync(folder)).toBe(false);
  });
});
