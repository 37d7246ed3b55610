import { readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOf, serverBuild, staticBuild, tarOf } from './testing/builds';
import { type AgentWorld, agentWorld } from './testing/world';

const shaOf = (letter: string) => letter.repeat(40);
let world: AgentWorld;
const body = async (path = '/') =>
  (await (await fetch(`${world.site}${path}`)).json()) as { build: string; pid: number; secret: string | null };
let key = 0;
const ship = async (commit: string) => world.until((await world.deploy(`aether-ship-${++key}`, commit)).id);

beforeAll(async () => {
  world = await agentWorld();
  await world.start();
  await world.upload(serverBuild('one'), shaOf('a'));
  await world.upload(serverBuild('two'), shaOf('b'));
  await world.upload(serverBuild('broken', 500), shaOf('c'));
  await world.upload(staticBuild('pages'), shaOf('d'));
});
afterAll(() => world.close());

describe('a server of one’s own', () => {
  it('starts a build, checks it, and no request is lost while it is replaced', async () => {
    expect(await ship(shaOf('a'))).toMatchObject({ phase: 'live', mode: 'server' });
    expect(await body()).toMatchObject({ build: 'one' });
    const slow = body('/slow/400');
    let [asked, wrong, isOver] = [0, 0, false];
    const visitor = (async () => {
      while (!isOver) {
        const answer = await fetch(world.site).catch(() => null);
        asked++;
        if (answer?.status !== 200) wrong++;
        await answer?.arrayBuffer();
      }
    })();
    expect(await ship(shaOf('b'))).toMatchObject({ phase: 'live' });
    isOver = true;
    await visitor;
    expect(asked).toBeGreaterThan(5);
    expect(wrong).toBe(0);
    expect((await slow).build, 'what was under way is answered by what it reached').toBe('one');
    expect(await body()).toMatchObject({ build: 'two' });
  });

  it('leaves what is live when the new one is not well, and says why with its last lines', async () => {
    const failed = await ship(shaOf('c'));
    expect(failed).toMatchObject({
      phase: 'failed',
      failure: { step: 'checking', sentence: expect.stringContaining('it answers 500') },
    });
    expect(await body()).toMatchObject({ build: 'two' });
    const log = await world.ask('GET', `/v1/apps/web/deployments/${failed.id}/log`);
    expect(log.body).toMatchObject({ cursor: null, text: expect.stringContaining('listening as broken') });
    expect(world.running()).not.toContain(failed.id);
  });

  it('goes back at once to what still runs', async () => {
    const { body: state } = await world.ask('GET', '/v1/apps/web/live');
    const earlier = (state as { kept: string[] }).kept[1];
    const { pid } = await body();
    const begun = performance.now();
    const asked = await world.ask('POST', '/v1/apps/web/restore', { body: { release: earlier } });
    expect(asked.status).toBe(202);
    while ((await body()).build !== 'one') if (performance.now() - begun > 5_000) expect.fail('it never went back');
    const took = performance.now() - begun;
    // A release that has to be started anew takes a process's start at least; this one is a check and a rename.
    expect(took).toBeLessThan(1_000);
    expect((await body()).pid).not.toBe(pid);
  });

  it('gives variables to releases and to nobody else', async () => {
    const file = path.join(world.root, 'data', 'apps', 'web', 'env.json');
    expect(
      (await world.ask('PUT', '/v1/apps/web/environment/API_KEY', { body: { value: 'hush-hush-hush' } })).status,
    ).toBe(201);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const shipped = await ship(shaOf('b'));
    expect(await body()).toMatchObject({ build: 'two', secret: 'hush-hush-hush' });
    const seen = [
      await world.ask('GET', '/v1/apps/web/environment'),
      await world.ask('GET', '/v1/apps/web/live'),
      await world.ask('GET', `/v1/apps/web/deployments/${shipped.id}/log`),
    ];
    expect(JSON.stringify(seen)).not.toContain('hush');
    const lines =
      readFileSync(`/proc/${(await body()).pid}/cmdline`, 'utf8') +
      readFileSync(`/proc/${(await body()).pid}/environ`, 'utf8');
    expect(lines).not.toContain('hush');
  });

  it('starts again what ended by itself', async () => {
    const { pid } = await body();
    process.kill(pid, 'SIGKILL');
    await expect.poll(async () => (await body().catch(() => null))?.pid ?? pid, { timeout: 8_000 }).not.toBe(pid);
  });

  it('serves a static export with its types and nothing beside it', async () => {
    expect(await ship(shaOf('d'))).toMatchObject({ phase: 'live', mode: 'static' });
    const type = async (at: string) => {
      const answer = await fetch(`${world.site}${at}`);
      return [answer.status, answer.headers.get('content-type')?.split(';')[0]];
    };
    expect(await type('/')).toEqual([200, 'text/html']);
    expect(await type('/docs')).toEqual([200, 'text/html']);
    expect(await type('/_next/static/a.js')).toEqual([200, 'text/javascript']);
    expect(await type('/missing')).toEqual([404, 'text/html']);
    expect(await type('/.secret')).toEqual([404, 'text/html']);
    expect(await raw('/..%2f..%2fenv.json')).not.toContain('hush');
    expect(await raw('/../../env.json')).not.toContain('hush');
  });
});

/** Without the tidying that `fetch` does to a path. */
function raw(at: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port: new URL(world.site).port, path: at }, (answer) => {
        let text = '';
        answer.on('data', (piece) => {
          text += piece;
        });
        answer.on('end', () => resolve(text));
      })
      .on('error', reject);
  });
}

describe('what the agent refuses', () => {
  it.each([
    ['no token', { token: '' }, 401],
    ['a guess', { token: 'x'.repeat(43) }, 401],
    ['a token that may only look', { role: 'read' as const }, 403],
    ['a token that may only upload', { role: 'upload' as const }, 403],
  ])('%s', async (_, { token, role }: { token?: string; role?: 'read' | 'upload' }, status) => {
    const asked = {
      token: token ?? world.tokens[role ?? 'read'],
      body: { artifact: { commit: shaOf('a') } },
      headers: { 'idempotency-key': 'refused-1' },
    };
    expect((await world.ask('POST', '/v1/apps/web/deployments', asked)).status).toBe(status);
  });

  it.each([
    [
      'a host that is not allowed',
      { artifact: { url: 'https://evil.example/x', sha256: 'a'.repeat(64) } },
      'host_not_allowed',
    ],
    [
      'the metadata of a cloud',
      { artifact: { url: 'http://169.254.169.254/x', sha256: 'a'.repeat(64) } },
      'host_not_allowed',
    ],
    ['a file', { artifact: { url: 'file:///etc/passwd', sha256: 'a'.repeat(64) } }, 'host_not_allowed'],
    ['a build without a digest', { artifact: { url: 'http://127.0.0.1:1/x' } }, 'bad_request'],
    ['a field that nobody knows', { artifact: { commit: shaOf('a') }, command: 'rm' }, 'bad_request'],
  ])('%s', async (_, wanted, code) => {
    const answer = await world.ask('POST', '/v1/apps/web/deployments', {
      body: wanted,
      headers: { 'idempotency-key': `refused-${code}` },
    });
    expect(answer.body).toMatchObject({ error: { code } });
  });

  it('bodies that are too large, and uploads that are not what they say', async () => {
    const large = await world.ask('PUT', '/v1/apps/web/environment/BIG', { body: { value: 'x'.repeat(200_000) } });
    expect(large.status).toBe(413);
    const other = await world.ask('PUT', `/v1/apps/web/uploads/${'0'.repeat(64)}`, { raw: Buffer.from('other') });
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'other_build' } } });
    const taken = serverBuild('another');
    const again = await world.ask('PUT', `/v1/apps/web/uploads/${taken.sha256}?commit=${shaOf('a')}`, {
      raw: taken.bytes,
    });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'commit_taken' } } });
  });

  it.each([
    ['a name that leads out', [{ name: '../../evil', text: 'x' }], 'leads out'],
    ['an absolute name', [{ name: '/etc/evil', text: 'x' }], 'absolute'],
    ['a symbolic link', [{ name: 'server.js', type: '2', link: '/etc/passwd' }], 'symbolic link'],
    ['a hard link', [{ name: 'server.js', type: '1', link: '/etc/passwd' }], 'hard link'],
    [
      'the same name twice',
      [
        { name: 'server.js', text: 'a' },
        { name: './server.js', text: 'b' },
      ],
      'EEXIST',
    ],
    ['neither kind of build', [{ name: 'readme.txt', text: 'x' }], 'neither'],
  ])('an archive with %s, and nothing of it runs', async (name, entries, why) => {
    const build = buildOf(tarOf(entries));
    const answer = await world.ask('PUT', `/v1/apps/web/uploads/${build.sha256}`, { raw: build.bytes });
    expect(answer.status).toBe(201);
    const asked = {
      body: { artifact: { sha256: build.sha256 } },
      headers: { 'idempotency-key': `archive-${why}-${name.length}`.replace(' ', '-') },
    };
    const { body: begun } = await world.ask('POST', '/v1/apps/web/deployments', asked);
    expect(await world.until((begun as unknown as { id: string }).id)).toMatchObject({
      phase: 'failed',
      failure: { step: 'unpacking', sentence: expect.stringContaining(why) },
    });
  });
});

describe('a build that is fetched', () => {
  it('is what its checksum says, and its one-off header goes to its own origin only', async () => {
    const build = serverBuild('fetched');
    const seen: [string, string | undefined][] = [];
    let elsewhere = 0;
    const answer: http.RequestListener = (request, response) => {
      seen.push([request.url ?? '', request.headers.authorization]);
      if (request.url === '/hop.tgz')
        response.writeHead(302, { location: `http://127.0.0.1:${elsewhere}/b.tgz` }).end();
      else if (request.url === '/b.sha256') response.end(`${build.sha256}  b.tgz\n`);
      else response.end(build.bytes);
    };
    const [first, second] = [http.createServer(answer), http.createServer(answer)];
    await Promise.all(
      [first, second].map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
    );
    elsewhere = (second.address() as AddressInfo).port;
    const home = `http://127.0.0.1:${(first.address() as AddressInfo).port}`;
    const header = { name: 'authorization', value: 'Bearer one-off-secret' };
    const wanted = { artifact: { url: `${home}/hop.tgz`, checksumUrl: `${home}/b.sha256`, header } };
    const { body: begun } = await world.ask('POST', '/v1/apps/web/deployments', {
      body: wanted,
      headers: { 'idempotency-key': 'fetched-1' },
    });
    const { id } = begun as unknown as { id: string };
    expect(await world.until(id)).toMatchObject({ phase: 'live', sha256: build.sha256 });
    expect(seen).toEqual([
      ['/b.sha256', header.value],
      ['/hop.tgz', header.value],
      ['/b.tgz', undefined],
    ]);
    expect(
      readFileSync(path.join(world.root, 'data', 'apps', 'web', 'deployments', `${id}.json`), 'utf8'),
    ).not.toContain('one-off-secret');
    for (const server of [first, second]) server.close();
  });
});
