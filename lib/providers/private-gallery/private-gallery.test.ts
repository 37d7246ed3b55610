import { describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { memoryWorld } from '../conformance/harness';
import { conformance } from '../conformance/suite';
import type { OwnGallery, ProviderContext } from '../port';
import { provider } from './adapter';

const FETCHED = 'b'.repeat(64);
const WANTED = { publisher: 'acme', name: 'demo', version: '1.0.0', targetPlatform: 'universal' };

function contextWith(ownGallery: OwnGallery | undefined): ProviderContext {
  const refuse = () => Promise.reject(new Error('No request may leave.'));
  return {
    ...{ connectionId: 'con_1', origin: provider.manifest.defaultOrigin, credential: undefined as never },
    ...{ fetch: refuse, now: () => 0, ownGallery },
  };
}

function gallery(found: Awaited<ReturnType<OwnGallery['find']>>): OwnGallery {
  return {
    tokenOf: async (token) =>
      token.reveal().startsWith('aeg_')
        ? { account: 'Ana', mayPublish: token.reveal() === 'aeg_good', expiresAt: '2026-12-24T00:00:00.000Z' }
        : null,
    publish: async () => 'published',
    find: async () => found,
    yank: async () => undefined,
    fetched: async () => FETCHED,
    installs: async () => null,
  };
}

const token = (text: string) => ({ kind: 'token', token: new Secret(text) }) as const;

conformance(provider, async () => ({
  world: memoryWorld(),
  fetch: () => Promise.reject(new Error('No request may leave.')),
  target: { extension: 'acme.demo', channel: 'stable' },
  ref: 'v1.0.0',
  inputs: {},
  credentials: { good: token('aeg_good'), refused: token('expired-token-0000'), weak: token('aeg_read') },
  isMutation: () => false,
  markers: () => [],
  garbled: (inner) => inner,
  ownGallery: gallery(null),
}));

describe('the gallery of this console', () => {
  const { publish } = provider.methods;

  it('is asked by its own verbs, and no request leaves the console', async () => {
    const c = contextWith(gallery({ sha256: 'a'.repeat(64), yanked: null }));
    expect(await publish.look(c, {}, WANTED)).toMatchObject({ state: 'active' });
    expect(await publish.asClient(c, {}, WANTED)).toMatchObject({ listed: true, sha256: FETCHED });
  });

  it('gives nothing of what was taken away, and says why', async () => {
    const c = contextWith(gallery({ sha256: 'a'.repeat(64), yanked: 'It deletes files' }));
    expect(await publish.look(c, {}, WANTED)).toMatchObject({ state: 'unlisted' });
    expect((await publish.look(c, {}, WANTED)).sentence).toContain('It deletes files');
    expect(await publish.asClient(c, {}, WANTED)).toMatchObject({ listed: false, sha256: null });
  });

  it('says that it is not there where the process has none', async () => {
    await expect(publish.look(contextWith(undefined), {}, WANTED)).rejects.toMatchObject({ code: 'no_gallery' });
  });
});
