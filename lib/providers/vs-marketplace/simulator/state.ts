import type { SimulatorFact, SimulatorWorld } from '@/lib/providers/port';

export const PUBLISHED = 'vs-marketplace.published';
export const REMOVED = 'vs-marketplace.removed';

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
  state: 'validating' | 'active' | 'rejected' | 'locked';
  bytes: string;
}

/** How long a validation takes, in milliseconds at pace 1. */
const VALIDATED_MS = 20_000;

/** Everything that the Marketplace has, worked out anew from facts and time. */
export class State {
  readonly #world: SimulatorWorld;

  constructor(world: SimulatorWorld) {
    this.#world = world;
  }

  /** In the order in which they were taken; what was removed with its extension is gone. */
  versions(): SimulatedVersion[] {
    const facts = this.#world.facts();
    const removedAfter = (fact: SimulatorFact) =>
      facts.indexOf(fact) <
      facts.findLastIndex(
        ({ kind, data }) => kind === REMOVED && data.publisher === fact.data.publisher && data.name === fact.data.name,
      );
    return facts.filter((fact) => fact.kind === PUBLISHED && !removedAfter(fact)).map((fact) => this.#version(fact));
  }

  of(publisher: string, name: string): SimulatedVersion[] {
    return this.versions().filter((each) => each.publisher === publisher && each.name === name);
  }

  installs(publisher: string, name: string): number {
    const first = this.of(publisher, name)[0];
    return first ? Math.max(0, Math.floor((this.#world.now() - first.at) / 600_000)) * 7 : 0;
  }

  #version({ at, data }: SimulatorFact): SimulatedVersion {
    const read = data as unknown as ReadPackage & { bytes: string };
    const isOver = this.#world.now() - at >= VALIDATED_MS * Number(data.pace) + Number(data.liveLagMs);
    const ends = { rejects: 'rejected', quarantines: 'locked', passes: 'active' } as const;
    const end = ends[data.fate as keyof typeof ends];
    return {
      ...read,
      ...{ id: `${read.publisher}.${read.name}@${read.version}-${read.targetPlatform}`, at },
      state: isOver && data.neverLive !== true ? end : 'validating',
    };
  }
}
