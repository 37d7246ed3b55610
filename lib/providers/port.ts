import type { ZodType } from 'zod';
import type { Secret } from '@/lib/kernel/secret';

/** Everything an adapter may touch. Adapters are stateless: one context per call, built by the connection service. */
export interface ProviderContext {
  connectionId: string;
  /** The API origin that the credential is bound to, e.g. `https://api.github.com`. */
  origin: string;
  credential: Credential;
  /** `fetch` through rate accounting, redaction, timeouts and (in the sandbox) the simulator. */
  fetch: typeof globalThis.fetch;
  now(): number;
  signal?: AbortSignal | undefined;
}

export type Credential =
  | { kind: 'token'; token: Secret }
  | { kind: 'app'; appId: string; installationId: string; privateKey: Secret };

export type ProviderErrorKind = 'auth' | 'notFound' | 'rateLimited' | 'rejected' | 'unavailable' | 'protocol';

/**
 * The only error an adapter lets out. `sentence` is ours and says what to do; a vendor body never enters it unshortened.
 * `ambiguous` is true when a mutation may have taken effect although no answer (or a 5xx) came back.
 */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind;
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly ambiguous: boolean;

  constructor(
    kind: ProviderErrorKind,
    code: string,
    sentence: string,
    more: { retryAfterMs?: number | undefined; ambiguous?: boolean } = {},
  ) {
    super(sentence);
    this.name = 'ProviderError';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = more.retryAfterMs;
    this.ambiguous = more.ambiguous ?? false;
  }
}

/** The provider's own execution. `attempt` grows by one on a re-run that keeps the id (GitHub). */
export interface RemoteRef {
  id: string;
  attempt: number;
  url: string;
}

export interface Revision {
  ref: string;
  refKind: 'branch' | 'tag';
  /** Full 40-character commit id; what was resolved when the person chose it. */
  sha: string;
}

export type InputValue = string | number | boolean;

export interface DeployRequest {
  /** Our marker; appears at the provider so that the run can be found again. `aether-<deployment id>-<attempt>`. */
  marker: string;
  revision: Revision;
  inputs: Record<string, InputValue>;
}

/** Where a run is, in our words. `unrecognised` keeps the present status; it never means success. */
export type Phase =
  | 'queued'
  | 'waiting'
  | 'building'
  | 'deploying'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'timed_out'
  | 'unrecognised';

export type StepStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'unrecognised';

export interface ObservedStep {
  /** Stable within one run attempt, e.g. `job id:step number`; a job itself is `job id:0`. */
  key: string;
  job: string;
  jobId: string;
  /** 0 for the job itself. */
  number: number;
  name: string;
  status: StepStatus;
  startedAt: string | null;
  endedAt: string | null;
}

export interface Observation {
  ref: RemoteRef;
  phase: Phase;
  /** The vendor's own word, kept for the record: `in_progress`, `completed/success`, … */
  rawPhase: string;
  sha: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  /** Who or what the run waits for, when `phase` is `waiting` or `queued`. */
  waitingFor: string | null;
  failure: { step: string | null; sentence: string } | null;
  steps: ObservedStep[];
}

export interface Repository {
  fullName: string;
  defaultBranch: string;
  private: boolean;
  url: string;
}

export interface Ref {
  name: string;
  kind: 'branch' | 'tag';
  sha: string;
}

export type CheckState = 'success' | 'failure' | 'pending' | 'none';

export interface Commit {
  sha: string;
  message: string;
  author: string;
  authoredAt: string;
  url: string;
  checks: CheckState;
}

export interface Comparison {
  /** Commits that `head` has and `base` has not, newest first. At most 250 (the vendor's own limit). */
  included: Commit[];
  /** Commits that `base` has and `head` has not: what a deployment of `head` would take away. */
  leaving: Commit[];
  totalIncluded: number;
  totalLeaving: number;
  url: string;
}

export interface WorkflowFile {
  /** File name under `.github/workflows`, e.g. `backend-deploy.yml`. */
  path: string;
  name: string;
  url: string;
  state: string;
}

/** One field of the form that a workflow (or a build) declares. */
export interface FormField {
  name: string;
  type: 'string' | 'choice' | 'boolean' | 'number' | 'environment';
  description: string;
  required: boolean;
  default: InputValue | null;
  /** Choices for `choice` and `environment`; empty otherwise. */
  options: string[];
}

export interface DeployForm {
  fields: FormField[];
  /** Fields that we fill in ourselves and never show: marker and commit. */
  reserved: { marker: string | null; sha: string | null };
  /** The workflow's `run-name` echoes the marker, so a run can be found again after a lost answer. */
  findable: boolean;
  /** Where the form was read: file and commit. */
  source: { path: string; sha: string; url: string };
  warnings: string[];
}

export interface LogChunk {
  text: string;
  /** Pass back to read on; null when there is nothing more to come. */
  cursor: string | null;
}

export interface CredentialReport {
  ok: boolean;
  account: string;
  scopes: string[];
  /** What is missing, each with what to do. */
  problems: string[];
  expiresAt: string | null;
}

export interface QuotaSnapshot {
  resource: string;
  limit: number;
  remaining: number;
  /** Epoch milliseconds. */
  resetAt: number;
}

/** A parsed webhook: a hint that something changed, never the truth itself. */
export interface WebhookHint {
  deliveryId: string;
  event: string;
  action: string | null;
  repository: string | null;
  remoteId: string | null;
}

/** Capability → how it behaves (data that draws the screen) and the functions that it promises (code). */
export interface CapabilityMap {
  source: {
    traits: { vcs: 'git' };
    methods: {
      repositories(c: ProviderContext): Promise<Repository[]>;
      refs(c: ProviderContext, config: TargetConfig, query: string): Promise<Ref[]>;
      commits(c: ProviderContext, config: TargetConfig, ref: string, page: number): Promise<Commit[]>;
      /** One commit by id, with its check state. */
      commit(c: ProviderContext, config: TargetConfig, sha: string): Promise<Commit>;
      resolve(c: ProviderContext, config: TargetConfig, ref: string): Promise<Revision>;
      compare(c: ProviderContext, config: TargetConfig, base: string, head: string): Promise<Comparison>;
    };
  };
  workflows: {
    traits: { maxInputs: number; maxPayloadCharacters: number };
    methods: {
      list(c: ProviderContext, repository: string): Promise<WorkflowFile[]>;
      form(c: ProviderContext, config: TargetConfig, ref: string): Promise<DeployForm>;
    };
  };
  deploy: {
    traits: { idempotency: 'native' | 'lookup' | 'none' };
    methods: {
      /** Sends exactly one mutating request. Throws `ProviderError`; `ambiguous` when the run may exist. */
      trigger(c: ProviderContext, config: TargetConfig, request: DeployRequest): Promise<RemoteRef | null>;
      /** Looks a run up by our marker; null means "not listed now", which is not yet proof of absence. */
      findByMarker(
        c: ProviderContext,
        config: TargetConfig,
        marker: string,
        sinceMs: number,
      ): Promise<RemoteRef | null>;
    };
  };
  status: {
    traits: { via: ('webhook' | 'poll')[]; minPollSeconds: number };
    methods: { observe(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<Observation> };
  };
  cancel: {
    traits: { until: 'queued' | 'building' | 'deploying' };
    methods: { cancel(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<void> };
  };
  retry: {
    traits: { scope: 'failed-jobs' };
    /** Returns the reference of the new attempt. */
    methods: { retry(c: ProviderContext, config: TargetConfig, ref: RemoteRef): Promise<RemoteRef> };
  };
  logs: {
    traits: { mode: 'stream' | 'poll' | 'archive'; retentionDays: number | null };
    methods: {
      read(c: ProviderContext, config: TargetConfig, jobId: string, cursor: string | null): Promise<LogChunk>;
    };
  };
  rollback: {
    traits: { how: 'repoint' | 'redeploy' | 'previous-release' };
    methods: Record<never, never>;
  };
  webhooks: {
    traits: { signature: 'hmac-sha256' | 'hmac-sha1' | 'jws' | 'token'; signatureHeader: string };
    methods: {
      authenticate(raw: Uint8Array, headers: Headers, secrets: Secret[]): Promise<boolean>;
      parse(raw: Uint8Array, headers: Headers): WebhookHint;
    };
  };
}

export type Capability = keyof CapabilityMap;

/** A target's provider settings, as validated by the manifest's `targetConfig`. */
export type TargetConfig = Record<string, unknown>;

export interface Manifest<C extends Capability = Capability> {
  id: string;
  label: string;
  docsUrl: string;
  /** Where the API lives unless the connection names another origin (a GitHub Enterprise server, say). */
  defaultOrigin: string;
  credentialKinds: readonly Credential['kind'][];
  /** Hosts that a download may be sent on to, without the credential: `a.example` or `*.example`. */
  downloadHosts?: readonly string[];
  /** Validates `targets.config`; also drawn as the settings form. */
  targetConfig: ZodType<TargetConfig>;
  capabilities: { [K in C]: CapabilityMap[K]['traits'] };
}

export interface Provider<C extends Capability = Capability> {
  manifest: Manifest<C>;
  methods: { [K in C]: CapabilityMap[K]['methods'] };
  /** Cheap authenticated read: is the credential good, and good enough? */
  verifyCredential(c: ProviderContext): Promise<CredentialReport>;
}

export type AnyProvider = {
  manifest: Omit<Manifest<never>, 'capabilities'> & {
    capabilities: Partial<{ [K in Capability]: CapabilityMap[K]['traits'] }>;
  };
  methods: Partial<{ [K in Capability]: CapabilityMap[K]['methods'] }>;
  verifyCredential(c: ProviderContext): Promise<CredentialReport>;
};

/** A claim without code, or code without a claim, does not compile. */
export function defineProvider<C extends Capability>(
  manifest: Manifest<C>,
  methods: NoInfer<{ [K in C]: CapabilityMap[K]['methods'] }>,
  verifyCredential: (c: ProviderContext) => Promise<CredentialReport>,
): Provider<C> {
  return { manifest, methods, verifyCredential };
}

export function capability<K extends Capability>(provider: AnyProvider, key: K): CapabilityMap[K]['methods'] {
  const methods = provider.methods[key];
  if (!methods)
    throw new ProviderError('rejected', 'unsupported', `${provider.manifest.label} cannot do this (${key}).`);
  return methods;
}

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
