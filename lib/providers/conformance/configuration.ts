import { describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import { type ConfigurationPlace, capability, HiddenValue, type SettingKind } from '../port';
import { wire } from './harness';
import { failure, type Stage } from './stage';

const VALUE = 'a value that nobody has';

/** Settings that are only shown: in places that the manifest declares, and a change is refused in a sentence, unsent. */
function describeShownOnly(stage: Stage): void {
  const settings = () => capability(stage.provider, 'configuration');
  const traits = stage.provider.manifest.capabilities.configuration;

  it('shows settings and changes none', async () => {
    const { places } = await settings().reads(stage.wire.context, stage.harness.target, 'staging');
    expect(places.length).toBeGreaterThan(0);
    for (const { id, scope } of places) {
      expect(traits?.scopes.map((each) => each.id)).toContain(scope);
      const before = await settings().list(stage.wire.context, id);
      expect(before.length).toBeGreaterThan(0);
      for (const { kind, value } of before) expect(value !== null).toBe(traits?.kinds[kind]?.readable);
      const setting = { kind: 'variable', name: 'NOT_HERE', value: new HiddenValue(VALUE) } as const;
      for (const work of [
        settings().write(stage.wire.context, id, setting),
        settings().remove(stage.wire.context, id, setting),
      ])
        expect(await failure(stage, work)).toMatchObject({ kind: 'rejected', ambiguous: false });
      for (const place of ['', 'nowhere', '../x', `${id}\u0000`]) {
        const unknown = await failure(stage, settings().list(stage.wire.context, place));
        expect(['rejected', 'notFound']).toContain(unknown.kind);
      }
    }
    expect(stage.wire.mutations()).toBe(0);
  });
}

/** Settings where a provider keeps them: named, dated, written, removed, and secrets never read back. */
export function describeConfiguration(stage: Stage): void {
  const { scopes = [] } = stage.provider.manifest.capabilities.configuration ?? {};
  if (!scopes.some(({ writable }) => writable)) {
    describeShownOnly(stage);
    return;
  }
  const settings = () => capability(stage.provider, 'configuration');
  const traits = () => stage.provider.manifest.capabilities.configuration;
  const reads = () => settings().reads(stage.wire.context, stage.harness.target, 'staging');
  const isWritable = ({ scope }: ConfigurationPlace) =>
    traits()?.scopes.find(({ id }) => id === scope)?.writable === true;
  const takes = ({ scope }: ConfigurationPlace, kind: SettingKind) =>
    traits()
      ?.scopes.find(({ id }) => id === scope)
      ?.kinds?.includes(kind) !== false;
  const list = (place: string) => settings().list(stage.wire.context, place);
  /** Those that the vendor has; what has variables shows the rest with one, since a value that is seen tells more. */
  const kinds = () => (['secret', 'variable'] as const).filter((kind) => traits()?.kinds[kind]);
  const boxed = (kind: SettingKind, text = VALUE) => (kind === 'secret' ? new Secret(text) : new HiddenValue(text));
  const oneSetting = (name: string) => {
    const kind = kinds().at(-1) ?? 'variable';
    return { kind, name, value: boxed(kind) };
  };

  describe('settings', () => {
    it('are in places that the manifest declares, each a store of its own', async () => {
      const { places } = await reads();
      expect(places.length).toBeGreaterThan(0);
      expect(new Set(places.map(({ identity }) => identity)).size).toBe(places.length);
      const order = traits()?.scopes.map(({ id }) => id) ?? [];
      for (const { scope } of places) expect(order).toContain(scope);
    });

    it('are written once and for all in each place, and taken away again', async () => {
      const { places } = await reads();
      for (const place of places.filter(isWritable)) {
        const { id } = place;
        for (const kind of kinds().filter((each) => takes(place, each))) {
          const setting = { kind, name: `CONFORMANCE_${kind.toUpperCase()}` };
          const before = (await list(id)).length;
          expect(await settings().write(stage.wire.context, id, { ...setting, value: boxed(kind) })).toBe('created');
          stage.harness.world.advance(1_000);
          const again = { ...setting, value: boxed(kind, `${VALUE}, again`) };
          expect(await settings().write(stage.wire.context, id, again)).toBe('replaced');
          const found = (await list(id)).find((each) => each.kind === kind && each.name === setting.name);
          expect(found?.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
          const readable = traits()?.kinds[kind]?.readable ?? false;
          expect(found?.value?.reveal() ?? null).toBe(readable ? `${VALUE}, again` : null);
          expect(await settings().remove(stage.wire.context, id, setting)).toBe('removed');
          expect(await settings().remove(stage.wire.context, id, setting)).toBe('absent');
          expect((await list(id)).length).toBe(before);
        }
      }
    });

    it('of a kind that a place does not take are refused, and nothing is written', async () => {
      const { places } = await reads();
      for (const place of places.filter(isWritable))
        for (const kind of kinds().filter((each) => !takes(place, each))) {
          const setting = { kind, name: 'NOT_HERE', value: boxed(kind) };
          const refused = await failure(stage, settings().write(stage.wire.context, place.id, setting));
          expect(refused).toMatchObject({ kind: 'rejected' });
          expect((await list(place.id)).map(({ name }) => name)).not.toContain('NOT_HERE');
        }
    });

    it('of one place are not those of another', async () => {
      const { places } = await reads();
      const [one, ...others] = places.filter(isWritable);
      const setting = oneSetting('ONLY_HERE');
      await settings().write(stage.wire.context, one?.id ?? '', setting);
      for (const { id } of others) expect((await list(id)).map(({ name }) => name)).not.toContain('ONLY_HERE');
    });

    it('stay as they are for whom the vendor does not let in, and in a place that is none', async () => {
      const [one] = (await reads()).places.filter(isWritable);
      const weak = wire(stage.provider.manifest, stage.harness, { credential: stage.harness.credentials.weak });
      const setting = oneSetting('NOT_ALLOWED');
      const refused = await failure(stage, settings().write(weak.context, one?.id ?? '', setting));
      expect(refused).toMatchObject({ kind: 'auth' });
      const sent = stage.wire.sent.length;
      for (const place of ['', 'nowhere', '../x', `${one?.id}\u0000`]) {
        const unknown = await failure(stage, settings().list(stage.wire.context, place));
        expect(['rejected', 'notFound']).toContain(unknown.kind);
      }
      expect(stage.wire.sent.slice(sent).filter(({ mutation }) => mutation)).toEqual([]);
    });

    it('may be written although the answer was lost, which writing them once more mends', async () => {
      const [one] = (await reads()).places.filter(isWritable);
      const setting = oneSetting('LOST_ANSWER');
      stage.harness.world.set({ acceptThen502: 1 });
      const lost = await failure(stage, settings().write(stage.wire.context, one?.id ?? '', setting));
      expect(lost.ambiguous).toBe(true);
      expect(lost.message).not.toContain(VALUE);
      stage.harness.world.set({ acceptThen502: 0 });
      // Some take a while to bring a change up, and take no other meanwhile.
      stage.harness.world.advance(60_000);
      expect(await settings().write(stage.wire.context, one?.id ?? '', setting)).toBe('replaced');
    });
  });
}
