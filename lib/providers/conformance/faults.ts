import { describe, expect, it } from 'vitest';
import { capability, type ProviderError } from '../port';
import { wire } from './harness';
import { failure, type Stage, start } from './stage';

/** What happens when the vendor is slow, down, busy, or takes a request and never says so. */
export function describeFaults(stage: Stage): void {
  const find = (marker: string) =>
    capability(stage.provider, 'deploy').findByMarker(
      stage.wire.context,
      stage.harness.target,
      marker,
      stage.harness.world.now(),
    );

  describe('one trigger is one request', () => {
    it('starts exactly one run, which its marker finds, and no other marker does', async () => {
      expect(await find('aether-one-1')).toBeNull();
      const ref = await start(stage, 'aether-one-1');
      expect(stage.wire.mutations()).toBe(1);
      expect(stage.harness.markers()).toEqual(['aether-one-1']);
      const found = await find('aether-one-1');
      expect(found?.attempt).toBe(1);
      if (ref) expect(found).toEqual(ref);
      for (const other of ['aether-one-10', 'aether-one', 'ether-one-1', '']) expect(await find(other)).toBeNull();
    });

    it.each([
      ['answers 502 after accepting', { acceptThen502: 1 }, 1],
      ['cuts the connection after accepting', { acceptThenCut: 1 }, 1],
      ['never answers after accepting', { acceptThenStall: 1 }, 1],
      ['answers 502 without accepting', { refuse: 1 }, 0],
    ] as const)('is not repeated and is flagged ambiguous when the vendor %s', async (_, change, runs) => {
      const hasty = wire(stage.provider.manifest, stage.harness, { timeoutMs: 400 });
      stage.harness.world.set(change);
      const error = await failure(stage, start(stage, 'aether-lost-1', hasty));
      expect(error).toMatchObject({ kind: 'unavailable', ambiguous: true });
      expect(hasty.mutations()).toBe(1);
      expect(stage.harness.markers()).toHaveLength(runs);
      stage.harness.world.set({ acceptThen502: 0, acceptThenCut: 0, acceptThenStall: 0, refuse: 0 });
      expect((await find('aether-lost-1')) !== null).toBe(runs === 1);
    });

    it('is found again only when the vendor begins to list it', async () => {
      stage.harness.world.set({ acceptThen502: 1, listLagMs: 8_000 });
      const since = stage.harness.world.now();
      await failure(stage, start(stage, 'aether-lag-1'));
      expect(await find('aether-lag-1')).toBeNull();
      stage.harness.world.advance(8_000);
      const { findByMarker } = capability(stage.provider, 'deploy');
      expect(await findByMarker(stage.wire.context, stage.harness.target, 'aether-lag-1', since)).not.toBeNull();
    });

    it('sends nothing when the connection never stood, and says that it is not ambiguous', async () => {
      const dead = wire(stage.provider.manifest, stage.harness, {
        fetch: async (input, init) => {
          const request = new Request(input, init);
          if (!stage.harness.isMutation(request)) return stage.harness.fetch(request);
          throw new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) });
        },
      });
      const error = await failure(stage, start(stage, 'aether-dead-1', dead));
      expect(error).toMatchObject({ kind: 'unavailable', ambiguous: false });
      expect(stage.harness.markers()).toEqual([]);
    });
  });

  describe('limits and outages', () => {
    it.each([[true], ['secondary']] as const)(
      'stays silent until the vendor allows more (rateLimited: %j)',
      async (rateLimited) => {
        await stage.provider.verifyCredential(stage.wire.context);
        stage.harness.world.set({ rateLimited });
        const first = await failure(stage, stage.provider.verifyCredential(stage.wire.context));
        expect(first.kind).toBe('rateLimited');
        const wait = first.retryAfterMs ?? 0;
        expect(wait).toBeGreaterThan(0);
        const sent = stage.wire.sent.length;
        stage.harness.world.advance(wait - 1_000);
        const refused: ProviderError[] = [];
        for (const work of [stage.provider.verifyCredential(stage.wire.context), start(stage, 'aether-quota-1')]) {
          refused.push(await failure(stage, work));
        }
        expect(refused.map((error) => [error.kind, error.ambiguous])).toEqual([
          ['rateLimited', false],
          ['rateLimited', false],
        ]);
        expect(stage.wire.sent.length, 'requests before the pause ended').toBe(sent);
        stage.harness.world.set({ rateLimited: false });
        stage.harness.world.advance(2_000);
        expect((await stage.provider.verifyCredential(stage.wire.context)).ok).toBe(true);
      },
    );

    it('says that a vendor that is down is down; a read may be tried again, never a mutation', async () => {
      stage.harness.world.set({ down: true });
      expect(await failure(stage, stage.provider.verifyCredential(stage.wire.context))).toMatchObject({
        kind: 'unavailable',
      });
      stage.harness.world.set({ down: false });
      expect((await stage.provider.verifyCredential(stage.wire.context)).ok).toBe(true);
    });

    it('takes an answer that is not the vendor’s for what it is', async () => {
      const portal = wire(stage.provider.manifest, stage.harness, {
        fetch: async () =>
          new Response('<html>Sign in to the hotel network</html>', { headers: { 'content-type': 'text/html' } }),
      });
      expect((await failure(stage, stage.provider.verifyCredential(portal.context))).kind).toBe('protocol');
    });
  });
}
