import type { SimulatorFact, SimulatorWorld } from '../../port';
import type { ExampleService } from './examples';

type Json = Record<string, unknown>;

export const PLACE = { project: 'acme-prod', region: 'europe-west3', service: 'backend' } as const;
const PARENT = `projects/${PLACE.project}/locations/${PLACE.region}`;
export const WAITED = 'cloud-run.waited';
export const PATCHED = 'cloud-run.patched';
const DAY_MS = 86_400_000;
const READY_AFTER_MS = 9_000;

export interface Revision extends Json {
  name: string;
  createTime: string;
  containers: Json[];
}

interface Made {
  generation: number;
  at: number;
  containers: Json[];
  named: string | undefined;
  /** `never`: its container does not start. */
  ready: boolean | 'never';
}

/** Everything that one service is, worked out anew from facts and time. */
export class State {
  readonly #world: SimulatorWorld;
  readonly #example: ExampleService;
  readonly #began: number;
  readonly name: string;

  /** `began`: when the world did, in epoch milliseconds. */
  constructor(world: SimulatorWorld, example: ExampleService, began: number) {
    this.#world = world;
    this.#example = example;
    this.#began = began;
    this.name = `${PARENT}/services/${example.service}`;
  }

  get service(): string {
    return this.#example.service;
  }

  /** In order of their making. */
  #made(): Made[] {
    const { first, second, named } = this.#example;
    const facts = this.#world.facts().filter(({ data }) => (data.service ?? PLACE.service) === this.service);
    const waited = new Set(facts.filter(({ kind }) => kind === WAITED).map(({ data }) => Number(data.generation)));
    const changes = facts.filter(({ kind }) => kind === PATCHED);
    return [
      { generation: 1, at: this.#began - 40 * DAY_MS, containers: first, named: undefined, ready: true },
      { generation: 2, at: this.#began - 3 * DAY_MS, containers: second, named, ready: true },
      ...changes.map((fact, index) => this.#change(fact, index + 3, waited)),
    ];
  }

  #change({ at, data }: SimulatorFact, generation: number, waited: ReadonlySet<number>): Made {
    const over = waited.has(generation) || this.#world.now() >= at + READY_AFTER_MS * Number(data.pace);
    const ready = data.fails === true ? ('never' as const) : over;
    return { generation, at, containers: data.containers as Json[], named: undefined, ready };
  }

  get #last(): Made {
    const made = this.#made();
    return made[made.length - 1] as Made;
  }

  get generation(): number {
    return this.#last.generation;
  }

  get etag(): string {
    return `"C${this.generation}"`;
  }

  get template(): { containers: Json[]; revision?: string | undefined } {
    const { containers, named } = this.#last;
    return { containers, ...(named === undefined ? {} : { revision: named }) };
  }

  get latestReady(): string {
    const ready = this.#made().filter((each) => each.ready === true);
    return this.#nameOf(ready[ready.length - 1] as Made);
  }

  get latestCreated(): string {
    return this.#nameOf(this.#last);
  }

  get reconciling(): boolean {
    return this.#last.ready === false;
  }

  /** Newest first, as the API sorts them. */
  revisions(): Revision[] {
    return this.#made()
      .map(
        (each): Revision => ({
          ...{ name: this.#nameOf(each), uid: `uid-${each.generation}`, generation: String(each.generation) },
          ...{ createTime: new Date(each.at).toISOString(), service: this.service },
          containers: each.containers,
          etag: `"R${each.generation}"`,
        }),
      )
      .reverse();
  }

  revision(id: string): Revision | undefined {
    return this.revisions().find(({ name }) => name.endsWith(`/${id}`));
  }

  operation(generation: number, waited: boolean): Json {
    const made = this.#made().find((each) => each.generation === generation);
    const failed = waited && made?.ready === 'never';
    const name = `${PARENT}/operations/${this.service}-${generation}`;
    const error = {
      code: 9,
      message: 'Revision is not ready and cannot serve traffic: the container failed to start.',
    };
    const response = { '@type': 'type.googleapis.com/google.cloud.run.v2.Service', name: this.name };
    return { name, done: waited, ...(failed ? { error } : waited ? { response } : {}) };
  }

  #nameOf({ generation, named }: Made): string {
    return `${this.name}/revisions/${named ?? `${this.service}-${String(generation).padStart(5, '0')}-abc`}`;
  }
}
