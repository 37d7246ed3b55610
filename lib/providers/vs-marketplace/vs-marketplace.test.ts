import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
import { Secret } from '@/lib/kernel/secret';
import { readVsix } from '@/lib/sandbox/vsix';
import { breaking, type Harness, memoryWorld, type Wire, wire } from '../conformance/harness';
import { conformance } from '../conformance/suite';
import type { PackageToPublish } from '../port';
import { provider } from './adapter';
import { WORKFLOW_ONLY } from './manifest';
import { hasFlag, toPlaced } from './map';
import { createMarketplaceSimulator } from './simulator';

const basic = (password: string) =>
  ({ kind: 'basic', username: 'acme', password: new Secret(password), tokenOrigin: null }) as const;
const CONFIG = { extension: 'acme.demo', channel: 'stable' };

async function harness(): Promise<Harness> {
  const world = memoryWorld();
  const simulator = createMarketplaceSimulator(world, { seed: 7, readPackage: readVsix });
  return {
    world,
    fetch: breaking((input, init) => simulator.handle(new Request(input, init))),
    target: CONFIG,
    ref: 'v1.0.0',
    inputs: {},
    credentials: { good: basic('sandbox-token'), refused: basic('expired-token-0000'), weak: basic('readonly-token') },
    isMutation: (request) => request.method !== 'GET' && !request.url.includes('/public/'),
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

conformance(provider, harness);

describe('VS Marketplace', () => {
  const { publish } = provider.methods;
  let stage: Harness;
  let line: Wire;

  beforeEach(async () => {
    stage = await harness();
    line = wire(provider.manifest, stage);
  });

  it.each([
    ['nothing of a workflow', {}, true],
    ['a repository for the checks of a commit', { repository: 'acme/app' }, true],
    ['all of it', { repository: 'acme/app', workflow: 'publish.yml', workflowConnection: 'con_ci' }, true],
    ['who starts it alone', { workflowConnection: 'con_ci' }, false],
    ['no repository', { workflow: 'publish.yml', workflowConnection: 'con_ci' }, false],
    ['a workflow that nobody starts', { repository: 'acme/app', workflow: 'publish.yml' }, false],
  ])('a target names a workflow whole or not at all: %s', (_, by, isTaken) => {
    const parsed = provider.manifest.targetConfig.safeParse({ ...CONFIG, ...by });
    expect(parsed.success).toBe(isTaken);
    expect(parsed.error?.issues.map(({ path }) => path.join()) ?? []).toEqual(isTaken ? [] : ['workflow']);
  });

  it('creates a new extension and updates one that is there, each with one request', async () => {
    await publish.send(line.context, CONFIG, packageOf('1.0.0'));
    await publish.send(line.context, CONFIG, packageOf('1.1.0'));
    expect(line.sent.filter(({ mutation }) => mutation).map(({ method }) => method)).toEqual(['POST', 'PUT']);
  });

  it('is validating until the flag says validated; then a client gets the bytes from the content network, without the token', async () => {
    const wanted = packageOf('1.0.0');
    await publish.send(line.context, CONFIG, wanted);
    expect((await publish.look(line.context, CONFIG, wanted)).state).toBe('validating');
    expect(await publish.asClient(line.context, CONFIG, wanted)).toMatchObject({ listed: false });
    stage.world.advance(60_000);
    expect((await publish.look(line.context, CONFIG, wanted)).state).toBe('active');
    const before = line.sent.length;
    expect(await publish.asClient(line.context, CONFIG, wanted)).toMatchObject({ listed: true, sha256: wanted.sha256 });
    const after = line.sent.slice(before);
    expect(after.some(({ url }) => url.includes('gallerycdn'))).toBe(true);
    expect(after.every(({ authorized }) => !authorized)).toBe(true);
  });

  it.each([
    ['rejects', 'rejected'],
    ['quarantines', 'quarantined'],
  ] as const)('shows what the inspection comes to: %s', async (gallery, state) => {
    stage.world.set({ gallery });
    const wanted = packageOf('1.0.0');
    await publish.send(line.context, CONFIG, wanted);
    stage.world.advance(60_000);
    const placed = await publish.look(line.context, CONFIG, wanted);
    expect(placed.state).toBe(state);
    expect(placed.sentence).toMatch(/\.$/);
  });

  it('refuses a version that is there before anything is sent', async () => {
    await publish.send(line.context, CONFIG, packageOf('1.0.0'));
    const before = line.mutations();
    const again = publish.send(line.context, CONFIG, packageOf('1.0.0', { readme: 'Other' }));
    await expect(again).rejects.toMatchObject({ code: 'already_there' });
    expect(line.mutations()).toBe(before);
  });

  it('calls a lost answer ambiguous, and takes the whole extension away with one request', async () => {
    stage.world.set({ acceptThen502: 1 });
    await expect(publish.send(line.context, CONFIG, packageOf('1.0.0'))).rejects.toMatchObject({ ambiguous: true });
    stage.world.set({ acceptThen502: 0 });
    const before = line.mutations();
    await publish.unpublish?.(line.context, CONFIG, { publisher: 'acme', name: 'demo' });
    expect(line.mutations() - before).toBe(1);
    expect(stage.markers()).toEqual([]);
  });

  it('knows a connection without a token by the name that its form has, and that it takes nothing away', async () => {
    const credential = { ...basic('-'), username: WORKFLOW_ONLY };
    const report = await provider.verifyCredential({ ...line.context, credential });
    const fixed = provider.manifest.credentialForms?.map(({ username }) => username.fixed);
    expect(report).toMatchObject({ ok: true, expiresAt: null });
    expect(fixed).toContain(report.account);
    expect(publish.mayUnpublish?.({ credential })).toBe(false);
    expect(publish.mayUnpublish?.(line.context)).toBe(true);
  });

  it.each([
    ['before that day', '2026-11-30T23:59:59.999Z', '2026-12-01T00:00:00.000Z'],
    ['on it and later', '2026-12-01T00:00:00.000Z', null],
  ])('a token that is taken %s', async (_, now, expiresAt) => {
    const report = await provider.verifyCredential({ ...line.context, now: () => Date.parse(now) });
    expect(report).toMatchObject({ ok: true, expiresAt });
  });

  it('looks as a client does without the token, and what cannot be looked at is not called absent', async () => {
    const wanted = packageOf('1.0.0');
    await publish.send(line.context, CONFIG, wanted);
    const refused = { ...line.context, credential: stage.credentials.refused };
    await expect(publish.look(refused, CONFIG, wanted)).rejects.toMatchObject({ code: 'credential_refused' });
    const asEverybody = () => publish.lookAsClient?.(refused, CONFIG, wanted);
    expect(await asEverybody()).toMatchObject({ state: 'absent', rawState: 'not listed' });
    stage.world.advance(60_000);
    expect(await asEverybody()).toMatchObject({ state: 'active' });
    await expect(publish.send(refused, CONFIG, packageOf('1.1.0'))).rejects.toMatchObject({
      code: 'credential_refused',
    });
    stage.world.set({ down: true });
    await expect(asEverybody()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('reads flags as bits and as words, and takes neither an unknown word nor none for validated', () => {
    const seen = (flags: number | string | null) =>
      toPlaced(
        { extensionName: 'demo', publisher: { publisherName: 'acme' }, versions: [{ version: '1.0.0', flags }] },
        packageOf('1.0.0'),
        '',
      ).state;
    expect([seen(1), seen('validated'), seen('public, validated')]).toEqual(['active', 'active', 'active']);
    expect([seen(0), seen('none'), seen(null), seen('notvalidated'), seen(2)]).not.toContain('active');
    expect(hasFlag(4096 | 4, { bit: 4096, word: 'unpublished' })).toBe(true);
  });
});
