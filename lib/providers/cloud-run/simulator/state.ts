import type { SimulatorFact, SimulatorWorld } from '../../port';

type Json = Record<string, unknown>;

export const NAME = 'projects/acme-prod/locations/europe-west3/services/backend';
const DAY_MS = 86_400_000;
const READY_AFTER_MS = 9_000;

/** What is there before anybody comes: two revisions, and a name of its own for the second. */
const DIGEST = `@sha256:${'a1'.repeat(32)}`;
const IMAGE = 'europe-west3-docker.pkg.dev/acme-prod/images/backend';
const first: Json[] = [
  {
    name: 'backend-1',
    image: `${IMAGE}:1.4.0${DIGEST}`,
    ports: [{ name: 'http1', containerPort: 8080 }],
    resources: { limits: { memory: '512Mi', cpu: '1' }, cpuIdle: true },
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DATABASE_URL', valueSource: { secretKeyRef: { secret: 'database-url', version: '7' } } },
    ],
    startupProbe: { tcpSocket: { port: 8080 }, timeoutSeconds: 240 },
  },
];
const second: Json[] = first.map((each) => ({ ...each, env: [...(each.env as Json[]), { name: 'REGION' }] }));

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

/** Everything that the service is, worked out anew from facts and time. */
export class State {
  readonly #world: SimulatorWorld;
  readonly #began: number;

  constructor(world: SimulatorWorld) {
    this.#world = world;
    this.#began = world.now();
  }

  /** In order of their making. */
  #made(): Made[] {
    const facts = this.#world.facts();
    const waited = new Set(
      facts.filter(({ kind }) => kind === 'cloud-run.waited').map(({ data }) => Number(data.generation)),
    );
    const changes = facts.filter(({ kind }) => kind === 'cloud-run.patched');
    return [
      { generation: 1, at: this.#began - 40 * DAY_MS, containers: first, named: undefined, ready: true },
      { generation: 2, at: this.#began - 3 * DAY_MS, containers: second, named: 'backend-blue', ready: true },
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
    return nameOf(ready[ready.length - 1] as Made);
  }

  get latestCreated(): string {
    return nameOf(this.#last);
  }

  get reconciling(): boolean {
    return this.#last.ready === false;
  }

  /** Newest first, as the API sorts them. */
  revisions(): Revision[] {
    return this.#made()
      .map(
        (each): Revision => ({
          ...{ name: nameOf(each), uid: `uid-${each.generation}`, generation: String(each.generation) },
          ...{ createTime: new Date(each.at).toISOString(), service: NAME.split('/').at(-1) ?? '' },
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
    const name = `projects/acme-prod/locations/europe-west3/operations/op-${generation}`;
    const error = {
      code: 9,
      message: 'Revision is not ready and cannot serve traffic: the container failed to start.',
    };
    const response = { '@type': 'type.googleapis.com/google.cloud.run.v2.Service', name: NAME };
    return { name, done: waited, ...(failed ? { error } : waited ? { response } : {}) };
  }
}

function nameOf({ generation, named }: Made): string {
  return `${NAME}/revisions/${named ?? `backend-${String(generation).padStart(5, '0')}-abc`}`;
}
