import { describe, expect, it } from 'vitest';
import { type AnyProvider, capability, type DeploymentNote } from '../port';
import { type Harness, wire } from './harness';

const SHA = 'a'.repeat(40);

/** What a provider that writes deployments down promises; `scope` is one that its simulator knows. */
export function describeNotes(provider: AnyProvider, makeHarness: () => Promise<Harness>, scope: string): void {
  const stage = async () => {
    const harness = await makeHarness();
    return { harness, line: wire(provider.manifest, harness), notes: capability(provider, 'notes') };
  };
  const noteAt = (now: number, more: Partial<DeploymentNote> = {}): DeploymentNote => ({
    ...{ marker: 'dep_conformance1', sha: SHA, environment: 'production', title: '#7: Backend to Production' },
    ...{ text: 'Live.', link: 'https://deploy.example.com/deployments/dep_conformance1' },
    ...{ startedAt: now - 240_000, liveAt: now - 60_000, scope: scope.replaceAll('{{sha}}', SHA) },
    ...more,
  });

  describe(`${provider.manifest.label} writes a deployment down`, () => {
    it('once by one request that makes it, and finds it by its marker and by no other', async () => {
      const { harness, line, notes } = await stage();
      const note = noteAt(harness.world.now());
      expect(await notes.find(line.context, note)).toBeNull();
      const made = await notes.create(line.context, note);
      expect([line.mutations(), harness.markers()]).toEqual([1, ['dep_conformance1']]);
      expect(await notes.find(line.context, note)).toEqual(made);
      for (const marker of ['dep_conformance', 'dep_conformance12'])
        expect(await notes.find(line.context, { ...note, marker })).toBeNull();
    });

    it.each([
      ['after it took it', { acceptThen502: 1 }, 1],
      ['and took nothing', { refuse: 1 }, 0],
    ] as const)('says that it may be there when it answers 502 %s', async (_, change, there) => {
      const { harness, line, notes } = await stage();
      const note = noteAt(harness.world.now());
      harness.world.set(change);
      await expect(notes.create(line.context, note)).rejects.toMatchObject({ kind: 'unavailable', ambiguous: true });
      harness.world.set({ acceptThen502: 0, refuse: 0 });
      expect((await notes.find(line.context, note)) !== null).toBe(there === 1);
    });

    it('is refused with what to do where the credential may not', async () => {
      const { harness, notes } = await stage();
      const weak = wire(provider.manifest, harness, { credential: harness.credentials.weak });
      const refused = notes.create(weak.context, noteAt(harness.world.now()));
      await expect(refused).rejects.toMatchObject({ kind: 'auth', ambiguous: false });
      expect(harness.markers()).toEqual([]);
    });

    it('has no page of its own for what it was not told of', async () => {
      const { line, notes } = await stage();
      expect(notes.page(line.context, '', { from: 0, to: 60_000 })).toBeNull();
    });
  });
}
