import type { SimulatorFact, SimulatorWorld } from '@/lib/providers/port';
import { chance, idOf } from './dice';

export const CREATED = 'vercel.created';
export const CANCELED = 'vercel.canceled';
export const ALIASED = 'vercel.aliased';

/** The one project of the simulated team, connected to the example repository. */
export const PROJECT = {
  name: 'aetherstack-dashboard',
  org: 'aetherstack',
  repo: 'aetherstack',
  repoId: 402_117_001,
  domain: 'dashboard.aetherstack.example',
  productionBranch: 'main',
  /** Where its builds begin. */
  folder: 'dashboard',
} as const;
export const TEAM = 'aetherstack';

/** Milliseconds after its creation, at pace 1. */
const STAGES = { initializing: 2_000, building: 4_000, ready: 24_000, aliased: 28_000 } as const;

export interface SimulatedDeployment {
  id: string;
  index: number;
  at: number;
  production: boolean;
  ref: string;
  sha: string;
  meta: Record<string, string>;
  by: string;
  source: string;
  /** How it was built: `ssr` or `ssg`. */
  rendering: string;
  /** Its public values, as hashes. */
  baked: { name: string; hash: string }[];
  state: 'QUEUED' | 'INITIALIZING' | 'BUILDING' | 'READY' | 'ERROR' | 'CANCELED';
  buildingAt: number;
  readyAt: number;
  aliasedAt: number;
  canceledAt: number;
  aliased: boolean;
  listed: boolean;
}

/** How it was built; a journal from before knows neither. */
function builtOf({ rendering = 'ssr', baked = [] }: SimulatorFact['data']) {
  return { rendering: String(rendering), baked: baked as SimulatedDeployment['baked'] };
}

/** Everything that the simulated team has, worked out anew from facts and time. */
export class State {
  readonly #world: SimulatorWorld;
  readonly #seed: number;

  constructor(world: SimulatorWorld, seed: number) {
    this.#world = world;
    this.#seed = seed;
  }

  get projectId(): string {
    return idOf('prj', this.#seed, 'project');
  }

  get teamId(): string {
    return idOf('team', this.#seed, 'team');
  }

  /** In order of creation. */
  deployments(): SimulatedDeployment[] {
    const facts = this.#world.facts();
    return facts.filter(({ kind }) => kind === CREATED).map((fact, index) => this.#deployment(fact, index, facts));
  }

  find(id: string): SimulatedDeployment | undefined {
    return this.deployments().find((each) => each.id === id);
  }

  /** What the project's domains lead to: the last thing that was assigned, by itself or by somebody. */
  production(): SimulatedDeployment | undefined {
    const all = this.deployments().filter((each) => each.production);
    const byItself = all
      .filter((each) => each.aliased && this.assignsAlone(each.aliasedAt))
      .map((each) => ({ at: each.aliasedAt, id: each.id }));
    const byHand = this.#aliasFacts(this.#world.now()).map((fact) => ({ at: fact.at, id: String(fact.data.id) }));
    const last = [...byItself, ...byHand].sort((a, b) => a.at - b.at).at(-1);
    return all.find((each) => each.id === last?.id);
  }

  /** After a roll-back the project assigns nothing by itself, until a promotion. */
  assignsAlone(at: number): boolean {
    return this.#aliasFacts(at).at(-1)?.data.type !== 'rollback';
  }

  lastAlias(): SimulatorFact | undefined {
    return this.#aliasFacts(this.#world.now()).at(-1);
  }

  /** What somebody led the domains to; what they led to already is no change. */
  repointed(): string[] {
    const changes = this.#aliasFacts(this.#world.now()).filter(({ data }) => data.id !== data.from);
    return changes.map(({ data }) => String(data.id));
  }

  #aliasFacts(until: number): SimulatorFact[] {
    return this.#world.facts().filter((fact) => fact.kind === ALIASED && fact.at <= until);
  }

  #deployment(fact: SimulatorFact, index: number, facts: readonly SimulatorFact[]): SimulatedDeployment {
    const { data, at } = fact;
    const now = this.#world.now();
    const pace = Number(data.pace);
    const id = idOf('dpl', this.#seed, index);
    const stop = facts.find((each) => each.kind === CANCELED && each.data.id === id);
    const moment = (stage: keyof typeof STAGES) => at + STAGES[stage] * pace;
    const seen = stop && stop.at < moment('ready') ? Math.min(now, stop.at) : now;
    const fails = this.#fails(data, index);
    const state = seen < moment('initializing') ? 'QUEUED' : seen < moment('building') ? 'INITIALIZING' : 'BUILDING';
    const ended = seen >= moment('ready') ? (fails ? 'ERROR' : 'READY') : stop ? 'CANCELED' : state;
    const aliasedAt = moment('aliased') + Number(data.liveLagMs ?? 0);
    const mayAlias = !data.production || this.assignsAlone(aliasedAt);
    const alone = mayAlias && data.neverLive !== true && now >= aliasedAt;
    return {
      ...{ id, index, at, production: data.production === true, ref: String(data.ref), sha: String(data.sha) },
      ...{ meta: data.meta as Record<string, string>, by: String(data.by), source: String(data.source) },
      ...builtOf(data),
      state: ended,
      buildingAt: seen >= moment('building') ? moment('building') : 0,
      readyAt: seen >= moment('ready') ? moment('ready') : 0,
      aliasedAt,
      canceledAt: ended === 'CANCELED' && stop ? stop.at : 0,
      aliased: ended === 'READY' && (alone || this.#aliasFacts(now).some((each) => each.data.id === id)),
      listed: now - at >= Number(data.listLagMs),
    };
  }

  #fails(data: Record<string, unknown>, index: number): boolean {
    return data.outcome === 'failure' || (data.outcome === 'flaky' && chance(this.#seed, 'flaky', index) < 0.5);
  }
}

export const BUILD_MS = STAGES;
