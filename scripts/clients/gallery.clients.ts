import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench, stepOf } from '@/lib/blueprints/testing/bench';
import { serveGallery } from '@/lib/gallery/serve/gallery';
import { yank } from '@/lib/gallery/server';
import { type GalleryWorld, galleryWorld } from '@/lib/gallery/testing/world';
import { type Listening, listen } from './listen';
import { client, type Ran, codeServer as runCodeServer, writeExtension } from './tools';

/** The whole way of an extension, step by step, with the programs that people use; each test goes on from the one before. */
let world: GalleryWorld;
let server: Listening;
let folder: string;
let [read, publish] = ['', ''];

beforeAll(async () => {
  world = await galleryWorld();
  folder = await mkdtemp(path.join(os.tmpdir(), 'clients-'));
  server = await listen((origin) => async (request) => {
    const host = { requestId: 'req_client', ip: '127.0.0.1', origin, contextFor: world.contextFor };
    const answer = await serveGallery(request, host);
    return isPublic && answer.headers.get('content-type')?.includes('json') ? await asPublic(answer) : answer;
  });
  read = await world.token('ada', 'read');
  publish = await world.token('ada', 'publish');
});
afterAll(async () => {
  await server.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const vsixOf = (version: string, says = 'hello') => path.join(folder, `greeter-${version}-${says}.vsix`);
const registry = () => `${server.origin}/api/gallery`;

async function packaged(version: string, says = 'hello'): Promise<Ran> {
  const sources = await writeExtension(folder, version, says);
  return await client('CLIENT_VSCE', ['package', '--no-dependencies', '--out', vsixOf(version, says)], {
    cwd: sources,
  });
}

const ovsx = (args: string[], pat = publish) =>
  client('CLIENT_OVSX', [...args, '-r', registry(), '-p', pat], { cwd: folder });

/** The answer of a gallery that does not say of itself that it is a private one. */
let [checks, isPublic] = [false, false];
async function asPublic(answer: Response): Promise<Response> {
  const text = (await answer.text()).replaceAll('"PrivateMarketplace"', '"Something"');
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  return new Response(text, { status: answer.status, headers });
}

/** A version that was there once is taken from its folder again, without a download: so the check has one of its own. */
function codeServer(...args: string[]): Promise<Ran> {
  const hook = path.resolve('scripts/clients/signature-check.mjs');
  const checked = { extensions: 'checked', env: { NODE_OPTIONS: `--import=${hook}` } };
  return runCodeServer(args, { cwd: folder, registry: registry(), token: read, ...(checks ? checked : {}) });
}

const installed = async () =>
  (await codeServer('--list-extensions', '--show-versions')).output.match(/^acme\.greeter@\S+/m)?.[0];
const countOf = async (kind: string) => {
  const found = await world.database.db.execute<{ n: number }>(
    sql`select coalesce(sum(count), 0)::int as n from gallery_downloads where kind = ${kind}`,
  );
  return found.rows[0]?.n;
};

describe('vsce and ovsx', () => {
  test('vsce packages an extension', async () => {
    for (const version of ['1.0.0', '1.1.0']) {
      const ran = await packaged(version);
      expect(ran.status, ran.output).toBe(0);
    }
  });

  test('ovsx makes a namespace, knows its token for good there, and publishes', async () => {
    const made = await ovsx(['create-namespace', 'acme']);
    expect(made.output).toContain('Created namespace acme');
    expect((await ovsx(['verify-pat', 'acme'])).status).toBe(0);
    const sent = await ovsx(['publish', vsixOf('1.0.0')]);
    expect(sent.output).toContain('Published acme.greeter v1.0.0');
  });

  test('the same package once more is already published, and --skip-duplicate takes it for done', async () => {
    const again = await ovsx(['publish', vsixOf('1.0.0')]);
    expect(again.output).toContain('acme.greeter v1.0.0 is already published.');
    expect((await ovsx(['publish', vsixOf('1.0.0'), '--skip-duplicate'])).output).toContain('Skipping publish');
  });

  test('the same version with other content is refused, and so is a token that reads only', async () => {
    expect((await packaged('1.0.0', 'other')).status).toBe(0);
    const other = await ovsx(['publish', vsixOf('1.0.0', 'other')]);
    expect(other.output).toContain('was published with other content');
    expect(other.status).not.toBe(0);
    expect((await ovsx(['publish', vsixOf('1.1.0')], read)).output).toContain('may read only');
    expect(
      await world.database.db.execute(sql`select 1 from gallery_versions`).then((found) => found.rows.length),
    ).toBe(1);
  });

  test('ovsx gets the very bytes that were published', async () => {
    const out = path.join(folder, 'got.vsix');
    const got = await client('CLIENT_OVSX', ['get', 'acme.greeter', '-r', `${registry()}/t/${read}`, '-o', out], {
      cwd: folder,
    });
    expect(got.status, got.output).toBe(0);
    expect((await readFile(out)).equals(await readFile(vsixOf('1.0.0')))).toBe(true);
  });

  test('the token that publishes stood in no address: ovsx sends it in a header to who speaks this version of the API', () => {
    const sent = server.asked.filter((each) => each.includes('/-/publish'));
    expect(sent.length).toBeGreaterThan(0);
    expect(server.asked.filter((each) => each.includes(publish))).toEqual([]);
  });
});

describe('the workflow of the blueprint', () => {
  test('publishes here as it is written, and once more is no failure', async () => {
    expect((await packaged('0.9.0')).status).toBe(0);
    const bench = new Bench();
    try {
      const settings = { kind: 'extension', name: 'greeter', repository: 'acme/greeter' } as const;
      const privateGallery = 'https://console.acme.example/api/gallery';
      const places = { marketplace: 'none', openVsx: false, privateGallery } as const;
      const step = stepOf(await bench.write({ ...settings, ...places, environments: ['gallery'] }), 'Publish');
      bench.stub('npx', `shift 2; exec "${process.execPath}" "${process.env.CLIENT_OVSX}" "$@"`);
      await copyFile(vsixOf('0.9.0'), path.join(bench.repository, 'extension.vsix'));
      const run = () => bench.run(step, { GALLERY: registry(), OVSX_PAT: publish });
      expect(await run()).toMatchObject({
        status: 0,
        output: expect.stringContaining('Published acme.greeter v0.9.0'),
      });
      expect(await run()).toMatchObject({ status: 0, output: expect.stringContaining('Skipping publish') });
    } finally {
      bench.remove();
    }
  });
});

describe('code-server', () => {
  test('installs an extension from the gallery', async () => {
    const ran = await codeServer('--install-extension', 'acme.greeter');
    expect(ran.output).toContain("Extension 'acme.greeter' v1.0.0 was successfully installed.");
    expect(await installed()).toBe('acme.greeter@1.0.0');
    expect(await countOf('install')).toBe(1);
  });

  test('updates it once there is a newer version', async () => {
    expect((await ovsx(['publish', vsixOf('1.1.0')])).status).toBe(0);
    const ran = await codeServer('--install-extension', 'acme.greeter', '--force');
    expect(await installed(), ran.output).toBe('acme.greeter@1.1.0');
    expect(await countOf('update')).toBe(1);
  });

  test('uninstalls it, and says so to the gallery', async () => {
    const ran = await codeServer('--uninstall-extension', 'acme.greeter');
    expect(ran.output).toContain('successfully uninstalled');
    expect(await installed()).toBeUndefined();
  });

  test('installs the version that is asked for, but none that was yanked', async () => {
    const first = await codeServer('--install-extension', 'acme.greeter@1.0.0');
    expect(await installed(), first.output).toBe('acme.greeter@1.0.0');
    const ada = await world.person('ada');
    await yank(ada, { namespace: 'acme', name: 'greeter', version: '1.1.0', reason: 'It greets nobody.' });
    await codeServer('--install-extension', 'acme.greeter@1.1.0', '--force');
    expect(await installed()).toBe('acme.greeter@1.0.0');
  });

  test('that checks signatures as VS Code does takes an unsigned package from a private gallery, and from no other', async () => {
    [checks, isPublic] = [true, true];
    const refused = await codeServer('--install-extension', 'acme.greeter');
    expect(refused.output).toMatch(/signature|not signed/i);
    expect(await installed()).toBeUndefined();
    isPublic = false;
    const ran = await codeServer('--install-extension', 'acme.greeter');
    expect(await installed(), ran.output).toBe('acme.greeter@1.0.0');
    checks = false;
  });

  test('with a token that is revoked it finds nothing', async () => {
    await world.database.db.execute(sql`update gallery_tokens set revoked_at = now() where scope = 'read'`);
    const ran = await codeServer('--install-extension', 'acme.greeter', '--force');
    expect(ran.output).toContain("Extension 'acme.greeter' not found.");
  });
});
