import { describe, expect, it } from 'vitest';
import { capability, RENDERING_MODES, type RenderingMode, type TargetConfig } from '../port';
import { wire } from './harness';
import { failure, type Stage, started } from './stage';

/** How a host is told the mode: for this target alone, once, and harmless when it fails. */
export function describeRendering(stage: Stage): void {
  const { rendering: traits } = stage.provider.manifest.capabilities;
  if (!traits) return;
  const host = () => capability(stage.provider, 'rendering');
  const read = (target: TargetConfig = stage.harness.target) =>
    host().read(stage.wire.context, target, stage.harness.ref);

  describe('the rendering mode', () => {
    it('is read in words that say where it is set', async () => {
      const setting = await read();
      expect(traits.modes.length).toBeGreaterThan(0);
      expect([null, ...RENDERING_MODES]).toContain(setting.mode);
      expect(setting.raw).not.toBe('');
      expect(setting.where).toContain(traits.name);
      if (setting.obstacle) expect(setting.obstacle.sentence).toMatch(/^\p{L}.{15,}\.$/u);
    });

    if (traits.writes !== 'variable' && traits.writes !== 'build-setting') return;
    const write = (mode: RenderingMode) =>
      host().write?.(stage.wire.context, stage.harness.target, stage.harness.ref, mode);

    it('is written and read back for this target’s environment alone, and not again when it is so', async () => {
      const elsewhere = stage.harness.elsewhere ?? expect.fail('the harness names no other environment');
      const before = await read(elsewhere);
      expect(await write('ssg')).toBe('written');
      expect(await read()).toMatchObject({ mode: 'ssg', raw: 'ssg', obstacle: null });
      const sent = stage.wire.mutations();
      expect(await write('ssg')).toBe('unchanged');
      expect(stage.wire.mutations() - sent).toBe(0);
      expect(await write('ssr')).toBe('written');
      expect(await read()).toMatchObject({ mode: 'ssr' });
      expect(await read(elsewhere)).toEqual(before);
      expect(stage.harness.markers(), 'nothing is built by it').toEqual([]);
    });

    it('is obeyed by the next build, and by no earlier one', async () => {
      const builds = stage.harness.builds ?? expect.fail('the harness tells no builds');
      await started(stage, 'aether-mode-1');
      await write('ssg');
      await started(stage, 'aether-mode-2');
      expect(builds()).toEqual(['ssr', 'ssg']);
    });

    it('is written once more after an answer that got lost, and a refusal before it changes nothing', async () => {
      stage.harness.world.set({ acceptThen502: 1 });
      expect(await failure(stage, write('ssg') ?? Promise.resolve())).toMatchObject({ kind: 'unavailable' });
      stage.harness.world.set({ acceptThen502: 0 });
      expect(await write('ssg')).toBe('unchanged');
      stage.harness.world.set({ refuse: 1 });
      expect(await failure(stage, write('ssr') ?? Promise.resolve())).toMatchObject({ kind: 'unavailable' });
      stage.harness.world.set({ refuse: 0 });
      expect(await read()).toMatchObject({ mode: 'ssg' });
    });

    it('is not written by a credential that may not', async () => {
      const weak = wire(stage.provider.manifest, stage.harness, { credential: stage.harness.credentials.weak });
      const work = host().write?.(weak.context, stage.harness.target, stage.harness.ref, 'ssg') ?? Promise.resolve();
      expect(await failure(stage, work)).toMatchObject({ kind: 'auth', code: 'missing_permission' });
      expect((await read()).mode).toBeNull();
    });
  });
}
