import { describe, expect, it } from 'vitest';
import { capability, type LiveNow } from '../port';
import { type Stage, started } from './stage';

const LONG = 10 * 60_000;

/** What is live, whoever put it there. */
export function describeLive(stage: Stage): void {
  const read = (): Promise<LiveNow | null> =>
    capability(stage.provider, 'live').read(stage.wire.context, stage.harness.target);

  describe('what is live', () => {
    it('is unknown before anything was deployed, and while the first run goes on', async () => {
      expect(await read()).toBeNull();
      await started(stage, 'aether-live0-1');
      expect(await read()).toBeNull();
    });

    it('is what the newest success put there, with our marker, its commit and its run', async () => {
      const ref = await started(stage, 'aether-live1-1');
      stage.harness.world.advance(LONG);
      expect(await read()).toMatchObject({
        marker: 'aether-live1-1',
        sha: expect.stringMatching(/^[0-9a-f]{40}$/),
        ref: { id: ref.id, url: expect.stringMatching(/^https:\/\//) },
      });
    });

    it('is not moved by a run that fails', async () => {
      await started(stage, 'aether-live2-1');
      stage.harness.world.advance(LONG);
      stage.harness.world.set({ outcome: 'failure' });
      await started(stage, 'aether-live3-1');
      stage.harness.world.advance(LONG);
      expect((await read())?.marker).toBe('aether-live2-1');
    });

    it('shows that somebody else put it there', async () => {
      await started(stage, 'aether-live4-1');
      stage.harness.world.advance(LONG);
      await stage.harness.byOthers?.();
      stage.harness.world.advance(LONG);
      expect(await read()).toMatchObject({ marker: null, byName: expect.any(String) });
    });
  });
}
