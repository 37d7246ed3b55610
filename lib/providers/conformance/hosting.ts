import { describe, expect, it } from 'vitest';
import { capability, type RemoteRef } from '../port';
import { wire } from './harness';
import { claims, failure, type Stage, started } from './stage';

const LONG = 10 * 60_000;

/** What a host serves, and how that changes without a build. */
export function describeHosting(stage: Stage): void {
  const hosting = () => capability(stage.provider, 'promote');
  const serving = () => hosting().serving(stage.wire.context, stage.harness.target);
  const built = async (marker: string): Promise<RemoteRef> => {
    const ref = await started(stage, marker);
    stage.harness.world.advance(LONG);
    return ref;
  };

  describe('what is served', () => {
    it('is nothing before anything was built, then what was built last', async () => {
      expect(await serving()).toEqual({ ref: null, change: null, held: null });
      const ref = await built('aether-serve-1');
      expect(await serving()).toMatchObject({ ref: { id: ref.id }, held: null });
    });

    it('goes back to an earlier build with one request and without a build, and forward again', async () => {
      const [first, second] = [await built('aether-back-1'), await built('aether-back-2')];
      const runs = stage.harness.markers().length;
      const sent = stage.wire.mutations();
      await hosting().restore(stage.wire.context, stage.harness.target, first);
      expect(stage.wire.mutations() - sent).toBe(1);
      stage.harness.world.advance(LONG);
      const back = await serving();
      const holds = stage.provider.manifest.capabilities.promote?.back === 'holds';
      expect(back.ref?.id).toBe(first.id);
      expect(back.held === null, 'whether later builds wait').toBe(!holds);
      const live = await stage.provider.methods.live?.read(stage.wire.context, stage.harness.target);
      expect(live?.held ?? null, 'a look at what is live tells the same').toBe(back.held);
      await hosting().promote(stage.wire.context, stage.harness.target, second);
      stage.harness.world.advance(LONG);
      expect(await serving()).toMatchObject({ ref: { id: second.id }, held: null });
      expect(stage.harness.markers()).toHaveLength(runs);
    });

    it('is offered as it is where the target has addresses of its own, and elsewhere its commit is built', async () => {
      const ref = await built('aether-offer-1');
      const sent = stage.wire.mutations();
      const { offer } = hosting();
      const when = stage.provider.manifest.capabilities.promote?.when;
      if (!offer || !when) return;
      expect(await offer(stage.wire.context, stage.harness.target, ref)).toEqual({ as: 'build' });
      const elsewhere = { ...stage.harness.target, [when]: false };
      expect(await offer(stage.wire.context, elsewhere, ref)).toMatchObject({
        as: 'rebuild',
        because: expect.stringMatching(/\.$/),
      });
      expect(stage.wire.mutations()).toBe(sent);
    });

    it('may have changed when the answer is lost: that is ambiguous, and what is served tells', async () => {
      const first = await built('aether-lost-1');
      await built('aether-lost-2');
      stage.harness.world.set({ acceptThen502: 1 });
      const error = await failure(stage, hosting().restore(stage.wire.context, stage.harness.target, first));
      expect(error).toMatchObject({ kind: 'unavailable', ambiguous: true });
      stage.harness.world.set({ acceptThen502: 0 });
      stage.harness.world.advance(LONG);
      expect((await serving()).ref?.id).toBe(first.id);
    });

    it('is not changed for a build that is not there, nor by a credential that may not', async () => {
      const ref = await built('aether-only-1');
      const none = { id: '1', attempt: 1, url: '' };
      const unknown = await failure(stage, hosting().promote(stage.wire.context, stage.harness.target, none));
      expect(unknown.kind).toBe('notFound');
      const weak = wire(stage.provider.manifest, stage.harness, { credential: stage.harness.credentials.weak });
      const refused = await failure(stage, hosting().restore(weak.context, stage.harness.target, ref));
      expect(refused).toMatchObject({ kind: 'auth', code: 'missing_permission' });
      expect((await serving()).ref?.id).toBe(ref.id);
    });

    if (claims(stage.provider, 'previews')) {
      it('can be looked at build by build, each at its own address', async () => {
        const { read } = capability(stage.provider, 'previews');
        const [first, second] = [await built('aether-look-1'), await built('aether-look-2')];
        const shown = [];
        for (const ref of [first, second]) shown.push(await read(stage.wire.context, stage.harness.target, ref));
        expect(new Set(shown.map(({ address }) => address)).size).toBe(2);
        for (const { address } of shown) expect(address).toMatch(/^https:\/\/[a-z0-9.-]+$/);
        const pictures = stage.provider.manifest.capabilities.previews?.screenshot;
        for (const { screenshot } of shown) expect(screenshot !== null).toBe(pictures);
      });
    }

    if (claims(stage.provider, 'domains')) {
      it('is what the addresses lead to', async () => {
        const { read } = capability(stage.provider, 'domains');
        const ref = await built('aether-address-1');
        const addresses = (await read(stage.wire.context, stage.harness.target)) ?? [];
        expect(addresses.length).toBeGreaterThan(0);
        expect(new Set(addresses.map(({ name }) => name)).size).toBe(addresses.length);
        for (const { name, ref: leads, marker, redirectsTo } of addresses) {
          expect(name).toMatch(/^[a-z0-9.-]+$/);
          if (redirectsTo === null) expect([leads?.id, marker]).toEqual([ref.id, 'aether-address-1']);
        }
      });
    }
  });
}
