import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { Secret } from '@/lib/kernel/secret';
import { readVsix } from '@/lib/sandbox/vsix';
import { breaking, type Harness, memoryWorld, type Wire, wire } from '../conformance/harness';
import { conformance } from '../conformance/suite';
import type { PackageToPublish } from '../port';
import { provider } from './adapter';
import { createOpenVsxSimulator } from './simulator';

const basic = (password: string) =>
  ({ kind: 'basic', username: 'acme', password: new Secret(password), tokenOrigin: null }) as const;
const CONFIG = { extension: 'acme.demo', channel: 'stable' };

async function harness(version = '1.3.1'): Promise<Harness> {
  const world = memoryWorld();
  const simulator = createOpenVsxSimulator(world, { seed: 7, readPackage: readVsix, version });
  return {
    world,
    fetch: breaking((input, init) => simulator.handle(new Request(input, init))),
    target: CONFIG,
    ref: 'v1.0.0',
    inputs: {},
    credentials: { good: basic('sandbox-token'), refused: basic('expired-token-0000'), weak: basic('readonly-token') },
    isMutation: (request) => request.method === 'POST' && /\/api\/-\//.test(request.url),
    markers: () => simulator.gallery.truth().map(({ id }) => id),
    garbled: (inner) => inner,
  };
}

function packageOf(version: string, more: Parameters<typeof sampleVsix>[0] = {}): PackageToPublish {
  const bytes = new Uint8Array(sampleVsix({ version, ...more }));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const name = {
    publisher: more.publisher ?? 'acme',
    name: 'demo',
    version,
    targetPlatform: more.platform ?? 'universal',
  };
  return { ...name, sha256, prerelease: false, requestedBy: null, bytes };
}

conformance(provider, () => harness());

describe('Open VSX', () => {
  const { publish } = provider.methods;
  let stage: Harness;
  let line: Wire;

  beforeEach(async () => {
    stage = await harness();
    line = wire(provider.manifest, stage);
  });

  it('takes a version with one request, hides it while it is checked, and gives its bytes to a client without the token', async () => {
    const wanted = packageOf('1.0.0');
    await publish.send(line.context, CONFIG, wanted);
    expect(line.mutations()).toBe(1);
    expect((await publish.look(line.context, CONFIG, wanted)).state).toBe('absent');
    expect(await publish.asClient(line.context, CONFIG, wanted)).toMatchObject({ listed: false });
    stage.world.advance(60_000);
    expect((await publish.look(line.context, CONFIG, wanted)).state).toBe('active');
    const sentBefore = line.sent.length;
    expect(await publish.asClient(line.context, CONFIG, wanted)).toMatchObject({ listed: true, sha256: wanted.sha256 });
    expect(line.sent.slice(sentBefore).every(({ authorized }) => !authorized)).toBe(true);
  });

  it('keeps platforms of one version apart', async () => {
    const linux = packageOf('1.0.0', { platform: 'linux-x64' });
    await publish.send(line.context, CONFIG, linux);
    stage.world.advance(60_000);
    expect((await publish.look(line.context, CONFIG, packageOf('1.0.0'))).state).toBe('absent');
    expect(await publish.asClient(line.context, CONFIG, linux)).toMatchObject({ sha256: linux.sha256 });
  });

  it('shows the token in the address only to a registry that is too old for a header', async () => {
    await publish.send(line.context, CONFIG, packageOf('1.0.0'));
    expect(line.sent.every(({ url }) => !url.includes('token='))).toBe(true);
    const old = await harness('0.24.2');
    const oldLine = wire(provider.manifest, old);
    await publish.send(oldLine.context, CONFIG, packageOf('1.0.0'));
    expect(oldLine.sent.filter(({ url }) => url.includes('token=')).map(({ method }) => method)).toEqual(['POST']);
  });

  it.each([
    ['the same version again', packageOf('1.0.0', { readme: 'Other' }), 'already_there'],
    ['a name that is not there', packageOf('1.0.0', { publisher: 'nobody' }), 'no_namespace'],
    ['somebody else’s name', packageOf('1.0.0', { publisher: 'redhat' }), 'not_a_member'],
  ])('refuses %s with a sentence that says what to do', async (_, wanted, code) => {
    await publish.send(line.context, CONFIG, packageOf('1.0.0'));
    await expect(publish.send(line.context, CONFIG, wanted)).rejects.toMatchObject({ code, ambiguous: false });
  });

  it.each(['acceptThen502', 'acceptThenCut'] as const)('calls a lost answer ambiguous: %s', async (fault) => {
    stage.world.set({ [fault]: 1 });
    await expect(publish.send(line.context, CONFIG, packageOf('1.0.0'))).rejects.toMatchObject({ ambiguous: true });
    expect(stage.markers()).toHaveLength(1);
  });

  it.each([401, 403])('does not call a name others’ for a %i that says nothing of it', async (status) => {
    const fetch: typeof line.context.fetch = async (input, init) =>
      `${input}`.includes('/verify-pat') ? new Response('<html>', { status }) : line.context.fetch(input, init);
    const standing = publish.namespace?.({ ...line.context, fetch }, 'acme');
    await expect(standing).rejects.toMatchObject({ kind: 'auth', code: 'missing_permission' });
  });

  it('tells whose a name is, makes one that nobody has, and counts downloads', async () => {
    expect(await publish.namespace?.(line.context, 'acme')).toBe('ours');
    expect(await publish.namespace?.(line.context, 'redhat')).toBe('others');
    expect(await publish.namespace?.(line.context, 'fresh')).toBe('absent');
    await publish.createNamespace?.(line.context, 'fresh');
    expect(await publish.namespace?.(line.context, 'fresh')).toBe('ours');
    expect(await publish.installs?.(line.context, CONFIG, { publisher: 'acme', name: 'demo' })).toBeNull();
    await publish.send(line.context, CONFIG, packageOf('1.0.0'));
    stage.world.advance(3_600_000);
    const figures = await publish.installs?.(line.context, CONFIG, { publisher: 'acme', name: 'demo' });
    expect(figures).toMatchObject({ what: 'downloads', version: '1.0.0' });
  });
});
