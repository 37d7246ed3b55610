import { guardedFetch } from '@/lib/http/guarded-fetch';
import { createHttpMemory, type HttpMemory } from '@/lib/http/memory';
import {
  type Credential,
  type InputValue,
  type Manifest,
  type OwnGallery,
  type ProviderContext,
  type Revision,
  type Scenario,
  type SimulatorFact,
  type SimulatorWorld,
  type TargetConfig,
  tokenOriginsOf,
} from '../port';

/** What a provider's folder supplies so that the suite can drive it; a fresh one for every test. */
export interface Harness {
  world: MemoryWorld;
  /** The simulated vendor, under the guard. Must break the connection where the vendor would. */
  fetch: typeof globalThis.fetch;
  target: TargetConfig;
  /** A branch that can be deployed with `inputs`. */
  ref: string;
  /** What to deploy, for a provider that has no `source` to resolve `ref` with. */
  revision?: Revision;
  inputs: Record<string, InputValue>;
  credentials: { good: Credential; refused: Credential; weak: Credential };
  /** The one request that starts, cancels or repeats work; not one that only renews a credential. */
  isMutation(request: Request): boolean;
  /** Markers of all runs that really exist at the vendor, whatever its lists show. */
  markers(): string[];
  /** Rewrites the vendor's answers so that a run is in a state that nobody has ever heard of. */
  garbled(inner: typeof globalThis.fetch): typeof globalThis.fetch;
  /** A genuine delivery about a run, as the vendor sends it, and how it signs. Only for `webhooks`. */
  delivery?(): Promise<Delivery>;
  /** Somebody else starts what `target` names, without our marker. Only for `live`. */
  byOthers?(): Promise<void>;
  /** An image that is there under a tag, which `weak` may not read. Only for `images`. */
  image?: { repository: string; tag: string; digest: string };
  /** Another environment of the same project, and how each build was made, oldest first. Only for `rendering` that is written. */
  elsewhere?: TargetConfig;
  builds?(): string[];
  /** Only for the provider of the console's own gallery. */
  ownGallery?: OwnGallery;
  /** Throws when anything that was exchanged broke the vendor's published contract. */
  assertContract?(): void;
}

export interface Delivery {
  raw: Uint8Array;
  headers: Headers;
  secret: string;
  sign(raw: Uint8Array, secret: string): string;
}

export interface MemoryWorld extends SimulatorWorld {
  advance(ms: number): void;
  set(change: Partial<Scenario>): void;
}

const QUIET: Scenario = {
  name: 'quiet',
  pace: 1,
  outcome: 'success',
  acceptThen502: 0,
  acceptThenCut: 0,
  acceptThenStallMs: 0,
  acceptThenStall: 0,
  refuse: 0,
  listLagMs: 0,
  rateLimited: false,
  down: false,
  liveLagMs: 0,
  neverLive: false,
  webhooks: { lose: 0, duplicate: 0, reorder: 0, delayMs: 0 },
};

/** A world in memory whose time moves only when it is told to. */
export function memoryWorld(start = Date.now()): MemoryWorld {
  const facts: SimulatorFact[] = [];
  let now = start;
  let scenario = QUIET;
  return {
    now: () => now,
    facts: () => facts,
    scenario: () => scenario,
    record: async (fact) => {
      facts.push(fact);
    },
    advance: (ms) => {
      now += ms;
    },
    set: (change) => {
      scenario = { ...scenario, ...change };
    },
  };
}

/** Breaks the connection in-process where the simulator asks its server to: `x-sandbox-fault: cut | stall`. */
export function breaking(inner: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const answer = await inner(request);
    const fault = answer.headers.get('x-sandbox-fault');
    if (fault === 'cut')
      throw new TypeError('terminated', {
        cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
      });
    if (fault === 'stall') return new Promise<never>(() => undefined);
    return answer;
  };
}

export interface Wire {
  context: ProviderContext;
  /** Requests that reached the vendor. */
  sent: { method: string; url: string; authorized: boolean; mutation: boolean }[];
  mutations(): number;
}

let serial = 0;

/** A context as the connection service builds it, with a tap on the wire. */
export function wire(
  manifest: Pick<Manifest, 'defaultOrigin' | 'downloadHosts' | 'quota' | 'tokenOriginOf'>,
  harness: Harness,
  more: WireOptions = {},
): Wire {
  const sent: Wire['sent'] = [];
  const inner = more.fetch ?? harness.fetch;
  const connectionId = `conn_conformance_${++serial}`;
  const tapped: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const authorized = request.headers.has('authorization');
    sent.push({ method: request.method, url: request.url, authorized, mutation: harness.isMutation(request) });
    return inner(request);
  };
  const credential = more.credential ?? harness.credentials.good;
  const context: ProviderContext = {
    connectionId,
    origin: manifest.defaultOrigin,
    credential,
    now: harness.world.now,
    ownGallery: harness.ownGallery,
    fetch: guardedFetch({
      connectionId,
      origin: manifest.defaultOrigin,
      tokenOrigins: tokenOriginsOf(manifest, manifest.defaultOrigin, credential),
      memory: more.memory ?? createHttpMemory(),
      fetch: tapped,
      now: harness.world.now,
      timeoutMs: more.timeoutMs ?? 5_000,
      writesPerMinute: Number.POSITIVE_INFINITY,
      downloadHosts: manifest.downloadHosts,
      quota: manifest.quota,
    }),
  };
  return { context, sent, mutations: () => sent.filter((each) => each.mutation).length };
}

export interface WireOptions {
  credential?: Credential;
  fetch?: typeof globalThis.fetch;
  memory?: HttpMemory;
  timeoutMs?: number;
}
