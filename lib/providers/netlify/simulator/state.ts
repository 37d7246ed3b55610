import type { SimulatorFact, SimulatorWorld } from '@/lib/providers/port';
import { chance, idOf } from './dice';

export const CREATED = 'netlify.created';
export const CANCELED = 'netlify.canceled';
export const LOCKED = 'netlify.locked';
export const RESTORED = 'netlify.restored';

/** The one project of the simulated team, connected to the example repository. */
export const SITE = {
  name: 'aetherstack-docs',
  repository: 'aetherstack/aetherstack',
  branch: 'main',
} as const;

export const ACCOUNT = { id: '5f1c0aa2d3e4b5a697887766', slug: 'aetherstack' } as const;

/** Until when it is in that state, in milliseconds after its creation at pace 1. */
const STAGES: [string, number][] = [
  ['enqueued', 2_000],
  ['building', 20_000],
  ['uploading', 23_000],
  ['processing', 26_000],
];

export interface SimulatedDeploy {
  id: string;
  buildId: string;
  index: number;
  at: number;
  branch: string;
  sha: string;
  title: string | null;
  by: string;
  /** How it was built: `ssr` or `ssg`. */
  rendering: string;
  /** Its public values, as hashes. */
  baked: { name: string; hash: string }[];
  state: string;
  error: string | null;
  /** When it came to its end; 0 while it goes on. */
  endedAt: number;
  /** When the project's own address began to show it; 0 = never. */
  publishedAt: number;
  listed: boolean;
}

/** Everything that the simulated team has, worked out anew from facts and time. */
export class State {
  readonly #world: SimulatorWorld;
  readonly #seed: number;

  constructor(world: SimulatorWorld, seed: number) {
    this.#world = world;
    this.#seed = seed;
  }

  get siteId(): string {
    const hex = idOf(this.#seed, 'site').padEnd(32, '0');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  }

  /** In order of creation. */
  deploys(): SimulatedDeploy[] {
    const facts = this.#world.facts();
    return facts.filter(({ kind }) => kind === CREATED).map((fact, index) => this.#deploy(fact, index, facts));
  }

  find(id: string): SimulatedDeploy | undefined {
    return this.deploys().find((each) => each.id === id);
  }

  published(): SimulatedDeploy | undefined {
    const all = this.deploys();
    const byItself = all.filter(({ publishedAt }) => publishedAt > 0).map(({ id, publishedAt: at }) => ({ id, at }));
    const restored = this.#world.facts().filter(({ kind }) => kind === RESTORED);
    const byHand = restored.map(({ at, data }) => ({ id: String(data.id), at }));
    const last = [...byItself, ...byHand].sort((a, b) => a.at - b.at).at(-1);
    return all.find(({ id }) => id === last?.id);
  }

  /** What somebody published again; what was published already is no change. */
  repointed(): string[] {
    const restored = this.#world.facts().filter(({ kind, data }) => kind === RESTORED && data.id !== data.from);
    return restored.map(({ data }) => String(data.id));
  }

  /** Whether publishing is locked to the deploy that is published. */
  lockedAt(at: number): boolean {
    return (
      this.#world
        .facts()
        .filter((fact) => fact.kind === LOCKED && fact.at <= at)
        .at(-1)?.data.locked === true
    );
  }

  #deploy(fact: SimulatorFact, index: number, facts: readonly SimulatorFact[]): SimulatedDeploy {
    const { data, at } = fact;
    const now = this.#world.now();
    const pace = Number(data.pace);
    const id = idOf(this.#seed, 'deploy', index);
    const readyAt = at + 26_000 * pace;
    const stop = facts.find((each) => each.kind === CANCELED && each.data.id === id)?.at;
    const fails = this.#fails(data, index);
    const end = stop ?? (fails ? at + 20_000 * pace : readyAt);
    const over = now >= end;
    const going = STAGES.find(([, until]) => now - at < until * pace)?.[0] ?? 'processing';
    const good = over && stop === undefined && !fails;
    const mayPublish = data.branch === SITE.branch && data.neverLive !== true && !this.lockedAt(readyAt);
    const publishedAt = readyAt + Number(data.liveLagMs ?? 0);
    return {
      ...{ id, buildId: idOf(this.#seed, 'build', index), index, at, by: String(data.by) },
      rendering: String(data.rendering ?? 'ssr'),
      baked: (data.baked as SimulatedDeploy['baked'] | undefined) ?? [],
      ...{ branch: String(data.branch), sha: String(data.sha), title: (data.title as string | null) ?? null },
      state: over ? (good ? 'ready' : 'error') : going,
      error: !over || good ? null : stop === undefined ? 'Build script returned non-zero exit code: 2' : 'Canceled',
      endedAt: over ? end : 0,
      publishedAt: good && mayPublish && now >= publishedAt ? publishedAt : 0,
      listed: now - at >= Number(data.listLagMs),
    };
  }

  #fails(data: Record<string, unknown>, index: number): boolean {
    return data.outcome === 'failure' || (data.outcome === 'flaky' && chance(this.#seed, 'flaky', index) < 0.5);
  }
}
