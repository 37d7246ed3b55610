import { describe, expect, it } from 'vitest';
import { capability } from '../port';
import { wire } from './harness';
import { failure, type Stage, started } from './stage';

const LONG = 10 * 60_000;

/** What a host measures of visits. */
export function describeVitals(stage: Stage): void {
  const read = () => capability(stage.provider, 'vitals').read(stage.wire.context, stage.harness.target);

  describe('Web Vitals', () => {
    it('are nothing before anything is live, with what to do, and figures in their units once people visit', async () => {
      const before = await read();
      expect(before).toMatchObject({ lcpMs: null, inpMs: null, cls: null });
      expect(before.none?.sentence).toMatch(/^\p{L}.{15,}\.$/u);
      await started(stage, 'aether-vitals-1');
      stage.harness.world.advance(LONG);
      const { lcpMs, inpMs, cls, of, none } = await read();
      expect([none, of.length > 3]).toEqual([null, true]);
      expect(lcpMs, 'milliseconds').toBeGreaterThan(100);
      expect(inpMs, 'milliseconds').toBeGreaterThan(10);
      expect(cls, 'no unit').toBeLessThan(1);
    });

    it('are asked for without changing anything, so a lost answer leaves nothing in doubt', async () => {
      const { fetch } = stage.harness;
      const lost: typeof globalThis.fetch = async (input, init) => {
        const request = new Request(input, init);
        return request.method === 'GET' ? fetch(request) : new Response('Bad gateway', { status: 502 });
      };
      const { context } = wire(stage.provider.manifest, stage.harness, { fetch: lost });
      const asked = capability(stage.provider, 'vitals').read(context, stage.harness.target);
      expect(await failure(stage, asked)).toMatchObject({ kind: 'unavailable', ambiguous: false });
    });
  });
}
