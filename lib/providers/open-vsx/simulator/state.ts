import type { SimulatorFact, SimulatorWorld } from '@/lib/providers/port';

export const PUBLISHED = 'open-vsx.published';
export const NAMESPACE = 'open-vsx.namespace';

export interface ReadPackage {
  publisher: string;
  name: string;
  version: string;
  targetPlatform: string;
  prerelease: boolean;
  sha256: string;
}

export interface SimulatedVersion extends ReadPackage {
  id: string;
  at: number;
  /** What administrators see; everybody else sees what is active. */
  state: 'validating' | 'scanning' | 'active' | 'quarantined';
  bytes: string;
  downloads: number;
}

/** Until when it is in that state, in milliseconds after it was taken at pace 1. */
const VALIDATED_MS = 8_000;
const SCANNED_MS = 20_000;

/** The example team's name is there, and one of somebody else's. */
const NAMESPACES = new Map([
  ['aetherstack', { owned: true, members: ['release-console'] }],
  ['acme', { owned: true, members: ['release-console'] }],
  ['redhat', { owned: true, members: ['somebody-else'] }],
]);

/** A few more each hour. */
const downloadsSince = (at: number, now: number): number => Math.max(0, Math.floor((now - at) / 600_000)) * 3;

/** Everything that the registry has, worked out anew from facts and time. */
export class State {
  readonly #world: SimulatorWorld;

  constructor(world: SimulatorWorld) {
    this.#world = world;
  }

  namespace(name: string): { owned: boolean; members: string[] } | null {
    const made = this.#world.facts().find((fact) => fact.kind === NAMESPACE && fact.data.name === name);
    return NAMESPACES.get(name) ?? (made ? { owned: false, members: [String(made.data.by)] } : null);
  }

  /** In the order in which they were taken. */
  versions(): SimulatedVersion[] {
    const facts = this.#world.facts().filter(({ kind }) => kind === PUBLISHED);
    const same = (a: SimulatorFact, b: SimulatorFact) =>
      a.data.publisher === b.data.publisher && a.data.name === b.data.name;
    return facts.map((fact) => {
      // Downloads are counted for the extension, since its first version.
      const since = facts.find((each) => same(each, fact)) ?? fact;
      return { ...this.#version(fact), downloads: downloadsSince(since.at, this.#world.now()) };
    });
  }

  find(wanted: Pick<ReadPackage, 'publisher' | 'name' | 'version' | 'targetPlatform'>): SimulatedVersion | undefined {
    return this.versions().find(
      (each) =>
        each.publisher === wanted.publisher &&
        each.name === wanted.name &&
        each.version === wanted.version &&
        each.targetPlatform === wanted.targetPlatform,
    );
  }

  #version({ at, data }: SimulatorFact): Omit<SimulatedVersion, 'downloads'> {
    const read = data as unknown as ReadPackage & { bytes: string };
    const [pace, lag] = [Number(data.pace), Number(data.liveLagMs)];
    const age = this.#world.now() - at;
    const isThere = age >= SCANNED_MS * pace + lag && data.neverLive !== true;
    const over = data.fate === 'quarantines' ? 'quarantined' : isThere ? 'active' : 'scanning';
    return {
      ...read,
      ...{ id: `${read.publisher}.${read.name}@${read.version}-${read.targetPlatform}`, at },
      state: age < VALIDATED_MS * pace ? 'validating' : age < SCANNED_MS * pace ? 'scanning' : over,
    };
  }
}
