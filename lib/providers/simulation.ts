/** What a simulator is given: time, randomness by seed, a durable journal of facts, and a way to deliver webhooks. */
export interface SimulatorWorld {
  now(): number;
  /** Facts in order; the simulator's whole state is a function of seed, facts and time. */
  facts(): readonly SimulatorFact[];
  /** Appends and makes durable before it resolves. */
  record(fact: SimulatorFact): Promise<void>;
  scenario(): Scenario;
}

export interface SimulatorFact {
  at: number;
  kind: string;
  data: Record<string, unknown>;
}

/** How the vendor behaves. Rates are probabilities 0…1; times are milliseconds. */
export interface Scenario {
  name: string;
  /** Multiplies every duration inside the simulated run; 0.1 is ten times faster. */
  pace: number;
  /** How a new run ends. */
  outcome: 'success' | 'failure' | 'flaky';
  acceptThen502: number;
  acceptThenCut: number;
  acceptThenStallMs: number;
  acceptThenStall: number;
  refuse: number;
  /** An accepted run becomes visible in lists only after this long. */
  listLagMs: number;
  /** `true` is the hourly quota; `secondary` is "too much at once". */
  rateLimited: boolean | 'secondary';
  down: boolean;
  /** The vendor's own status page has an incident. */
  incident?: boolean;
  /** The team's own runners are away, and new runs ask for them: they do not start. */
  runnersAway?: boolean;
  /** What goes live is worse than what it replaces: more errors, longer answers. Going back to what was there mends it. */
  regression?: boolean;
  /** What a gallery's own inspection comes to; it passes when left out. */
  gallery?: 'rejects' | 'quarantines';
  /** How long after a run's success the deployed thing itself says so. */
  liveLagMs: number;
  /** Runs succeed and change nothing. */
  neverLive: boolean;
  webhooks: { lose: number; duplicate: number; reorder: number; delayMs: number };
}

export interface Simulator {
  /** Hosts that this simulator answers for, e.g. `api.github.com`. */
  hosts: readonly string[];
  /** A response with header `x-sandbox-fault: cut | stall` tells the server to break the connection that way. */
  handle(request: Request): Promise<Response>;
  /** Webhook deliveries that became due since the last call. */
  dueWebhooks(): { url: string; headers: Record<string, string>; body: string; deliveryId: string }[];
}

/** A host as it truly is: what its clients' books are checked against. */
export interface SimulatedHost {
  provider: string;
  /** Settings of a target there that visitors see. */
  target: Record<string, unknown>;
  /** Whatever was started there, oldest first, also what no list shows. */
  builds(): TrueBuild[];
  /** Builds that its visitors were led to without building, oldest first; asking for what they are led to already is none. */
  repointed(): string[];
  /** What its visitors get. */
  live(): string | null;
}

/** A package that a gallery has, whatever it shows. */
export interface TruePackage {
  id: string;
  sha256: string;
}

export interface TrueBuild {
  id: string;
  /** Ours, if it carries one. */
  marker: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** In the vendor's own word. */
  status: string;
}

/** A website of the example team at a host, for whoever fills an empty installation. */
export interface ExampleSite {
  provider: string;
  component: { slug: string; name: string; description: string };
  /** Settings of a target there, without its branch and whether it is production. */
  config: Record<string, unknown>;
  /** As if it had been built and published at that moment, in milliseconds since 1970. */
  built(past: { branch: string; sha: string; marker: string; at: number }): Promise<{ id: string; baked: unknown[] }>;
}

/** What `webhook-sample.ts` of a provider with webhooks exports, as `sample`: lib/testing/bad-inputs throws D1 and D2 at it. */
export interface HookSample {
  /** A payload that is genuine. */
  body: Record<string, unknown>;
  /** Headers beside the signature's. */
  headers(deliveryId: string): Record<string, string>;
  /** The signature's header of these bytes. */
  sign(raw: Uint8Array, secret: string): string;
  /** What else stands in that header and is refused. */
  signatures: { name: string; header(raw: Uint8Array, secret: string): string }[];
  /** Signed bodies that are odd in the vendor's own way; 400 = cannot be read. */
  bodies: { name: string; body(): Buffer; headers?: Record<string, string>; status: 202 | 400 }[];
}
