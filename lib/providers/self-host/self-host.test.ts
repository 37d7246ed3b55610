import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { openapi } from '@/scripts/agent/openapi.mjs';
import { serverBuild, staticBuild } from '@/scripts/agent/testing/builds';
import { type Own, ownServer, SHA } from '@/scripts/agent/testing/own-server';
import { wire } from '../conformance/harness';
import { conformance } from '../conformance/suite';
import { provider } from './adapter';

const OTHER = 'b'.repeat(40);
const open: Own[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function harness(apps?: string[]): Promise<Own> {
  const own = await ownServer(apps);
  open.push(own);
  return own;
}

conformance(provider, () => harness());

describe('what is peculiar to a server of one’s own', () => {
  let own: Own;
  const { deploy, status, live, promote, rendering, configuration, domains } = provider.methods;
  const c = () => wire(provider.manifest, own).context;
  const start = (marker: string, more: Record<string, unknown> = {}) =>
    deploy.trigger(c(), own.target, {
      marker,
      revision: { ref: 'main', refKind: 'branch', sha: SHA },
      inputs: {},
      ...more,
    });

  beforeEach(async () => {
    own = await harness();
  });

  it('serves the contract that the adapter and the agent are checked by', async () => {
    expect(await (await fetch(`${own.url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(openapi)));
  });

  it('takes the same marker for the same deployment, and refuses a second one while it goes on', async () => {
    const [first, again] = [await start('aether-same-1'), await start('aether-same-1')];
    expect(again).toEqual(first);
    await expect(start('aether-other-1')).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'busy',
      ambiguous: false,
    });
    await expect(start('aether-same-1', { rendering: 'ssg' })).rejects.toMatchObject({ code: 'key_reused' });
    expect(own.markers()).toEqual(['aether-same-1']);
  });

  it('refuses a build of the other kind than was asked for, and says which is live', async () => {
    const failed = await start('aether-mode-1', { rendering: 'ssg' });
    own.world.advance(60_000);
    const seen = await status.observe(c(), own.target, failed ?? expect.fail());
    expect(seen).toMatchObject({
      phase: 'failed',
      failure: { step: 'Unpack', sentence: expect.stringContaining('server one') },
    });
    expect(await rendering.read(c(), own.target, 'main')).toMatchObject({ mode: null });
    await start('aether-mode-2', { rendering: 'ssr' });
    own.world.advance(60_000);
    expect(await rendering.read(c(), own.target, 'main')).toMatchObject({ mode: 'ssr', raw: 'server' });
    expect(await own.upload(staticBuild('pages'), OTHER, 'web', 'static')).toBe(201);
    const revision = { ref: 'main', refKind: 'branch', sha: OTHER };
    await start('aether-mode-3', { rendering: 'ssg', revision });
    own.world.advance(60_000);
    expect(await rendering.read(c(), own.target, 'main')).toMatchObject({ mode: 'ssg' });
    expect(await live.read(c(), own.target)).toMatchObject({ marker: 'aether-mode-3' });
  });

  it('fills the address of a build in, and asks for a mode where the address needs one', async () => {
    const build = 'https://builds.example.com/{sha}/{mode}.tar.gz';
    const target = { ...own.target, build };
    const asked = {
      marker: 'aether-url-1',
      revision: { ref: 'main', refKind: 'branch' as const, sha: SHA },
      inputs: {},
    };
    await expect(deploy.trigger(c(), target, asked)).rejects.toMatchObject({ code: 'no_mode' });
    await expect(deploy.trigger(c(), target, { ...asked, rendering: 'ssr' })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'host_not_allowed',
      message: expect.stringContaining('builds.example.com'),
    });
    for (const wrong of [
      'http://builds.example.com/{sha}',
      'https://builds.example.com/x',
      'https://b.example.com/{sha}{x}',
    ])
      expect(provider.manifest.targetConfig.safeParse({ ...own.target, build: wrong }).success, wrong).toBe(false);
  });

  it('keeps variables that nobody reads back, and they count with the next release', async () => {
    const write = (name: string, text: string) =>
      configuration.write(c(), 'web', { kind: 'secret', name, value: new Secret(text) });
    expect(await write('API_KEY', 'first-value-1')).toBe('created');
    await start('aether-env-1');
    own.world.advance(60_000);
    expect(await write('API_KEY', 'other-value-2')).toBe('replaced');
    const startedWith = async () => (await configuration.reads(c(), own.target, 'production')).liveNames;
    expect(await startedWith()).toEqual([{ kind: 'secret', name: 'API_KEY' }]);
    const listed = await configuration.list(c(), 'web');
    expect(listed).toMatchObject([{ kind: 'secret', name: 'API_KEY', value: null }]);
    expect(await configuration.remove(c(), 'web', { kind: 'secret', name: 'API_KEY' })).toBe('removed');
    expect(await configuration.remove(c(), 'web', { kind: 'secret', name: 'API_KEY' })).toBe('absent');
    expect(await startedWith(), 'what runs has it still').toEqual([{ kind: 'secret', name: 'API_KEY' }]);
    await expect(write('NODE_OPTIONS', '--require=/tmp/x')).rejects.toMatchObject({ code: 'reserved_name' });
  });

  it('says of a promotion which way it went, and restores nothing that never was live', async () => {
    const first = (await start('aether-way-1')) ?? expect.fail();
    own.world.advance(60_000);
    await start('aether-way-2');
    own.world.advance(60_000);
    await promote.promote(c(), own.target, first);
    own.world.advance(60_000);
    expect(await promote.serving(c(), own.target)).toMatchObject({
      change: { to: first.id, kind: 'promote', state: 'done' },
    });
    own.world.set({ outcome: 'failure' });
    const failed = (await start('aether-way-3')) ?? expect.fail();
    own.world.advance(60_000);
    await expect(promote.restore(c(), own.target, failed)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'not_ready',
    });
    expect(await live.read(c(), own.target)).toMatchObject({ marker: 'aether-way-1' });
  });

  it('says that visitors get nothing, whether the release or its front is gone', async () => {
    const ref = (await start('aether-down-1')) ?? expect.fail();
    own.world.advance(60_000);
    expect(await promote.serving(c(), own.target)).toMatchObject({ ref: { id: ref.id }, changed: [] });
    own.runs.setFront(false);
    const seen = await promote.serving(c(), own.target);
    expect(seen).toMatchObject({ ref: null, down: expect.stringContaining('another program may have its port') });
    await expect(live.read(c(), own.target)).rejects.toMatchObject({ kind: 'unavailable', code: 'not_running' });
    own.runs.setFront(true);
    own.runs.end(ref.id);
    expect((await promote.serving(c(), own.target)).down).toContain('does not run');
  });

  it('an address counts once the agent found that it leads there, and never before', async () => {
    await start('aether-names-1');
    own.world.advance(60_000);
    const read = async () =>
      ((await domains.read(c(), own.target)) ?? []).map(({ name, verified }) => [name, verified]);
    expect((await read()).map(([, verified]) => verified)).toEqual([false, false]);
    own.app.leadsHere.set('www.example.com', true);
    expect(await read()).toContainEqual(['www.example.com', true]);
  });

  it('tells of a going back that failed, with the agent’s own words, however long ago that was', async () => {
    const first = (await start('aether-back-1')) ?? expect.fail();
    own.world.advance(60_000);
    await start('aether-back-2');
    own.world.advance(60_000);
    own.runs.end(first.id);
    own.runs.sicken(first.id);
    await promote.restore(c(), own.target, first);
    own.world.advance(6 * 3_600_000);
    expect((await promote.serving(c(), own.target)).change).toMatchObject({
      ...{ to: first.id, state: 'failed' },
      sentence: expect.stringContaining('answers 500'),
    });
  });

  it('a name, an app and an address that are not there are three things', async () => {
    const gone = { ...own.target, app: 'other' };
    await expect(live.read(c(), gone)).rejects.toMatchObject({ kind: 'notFound', code: 'no_app' });
    const removed = configuration.remove(c(), 'other', { kind: 'secret', name: 'API_KEY' });
    await expect(removed, 'an app that is not there has no absent variables').rejects.toMatchObject({ code: 'no_app' });
    const asked = promote.restore(c(), own.target, { id: '1', attempt: 1, url: '' });
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining('no deployment 1 of web') });
  });
});

describe('a release is served again', () => {
  it('while this app keeps it: warm, without its upload, and for a rebuild nothing of it is missing', async () => {
    const own = await harness();
    const c = () => wire(provider.manifest, own).context;
    const { deploy, promote, status } = provider.methods;
    const start = async (n: number) => {
      const sha = String(n).padStart(40, 'c');
      if (n > 0) expect(await own.upload(serverBuild(`build ${n}`), sha)).toBe(201);
      const revision = { ref: 'main', refKind: 'branch', sha: n > 0 ? sha : SHA } as const;
      const ref = await deploy.trigger(c(), own.target, { marker: `aether-kept-${n}`, revision, inputs: {} });
      own.world.advance(60_000);
      return ref ?? expect.fail();
    };
    const first = await start(0);
    await start(1);
    for (let n = 100; n < 121; n++)
      expect(await own.upload(serverBuild(`later ${n}`), String(n).padStart(40, 'd'))).toBe(201);
    expect(await promote.offer?.(c(), own.target, first)).toEqual({ as: 'build' });
    const again = {
      marker: 'aether-kept-again',
      revision: { ref: 'main', refKind: 'branch', sha: SHA },
      inputs: {},
    } as const;
    const anew = (await deploy.trigger(c(), own.target, again)) ?? expect.fail();
    own.world.advance(60_000);
    expect(await status.observe(c(), own.target, anew), 'its bytes stay while it is kept').toMatchObject({
      phase: 'done',
    });
    for (let n = 2; n < 7; n++) await start(n);
    expect(await promote.offer?.(c(), own.target, first)).toMatchObject({
      as: 'rebuild',
      because: expect.stringMatching(/keeps .* not this one\.$/),
    });
  });

  it('only on the app that it was put on', async () => {
    const own = await harness(['staging', 'production']);
    const c = () => wire(provider.manifest, own).context;
    const { deploy, promote } = provider.methods;
    const asked = {
      marker: 'aether-apps-1',
      revision: { ref: 'main', refKind: 'branch', sha: SHA },
      inputs: {},
    } as const;
    const staged = (await deploy.trigger(c(), own.target, asked)) ?? expect.fail();
    own.world.advance(60_000);
    expect(await promote.offer?.(c(), own.target, staged)).toEqual({ as: 'build' });
    expect(await promote.offer?.(c(), { ...own.target, app: 'production' }, staged)).toMatchObject({
      as: 'rebuild',
      because: expect.stringContaining('no release of the app production'),
    });
  });
});
