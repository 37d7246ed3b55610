import type { ZodType } from 'zod';
import { isMarked, mark } from '@/lib/kernel/errors';
import { redactText } from '@/lib/kernel/redact';
import type { Secret } from '@/lib/kernel/secret';
import type { CredentialForm, Image, TagPage } from './image-terms';
import type {
  Commit,
  Comparison,
  CredentialReport,
  DeployForm,
  DeployRequest,
  LiveNow,
  LogChunk,
  Observation,
  Proposal,
  ProposedState,
  Ref,
  RemoteRef,
  Repository,
  Revision,
  WantedProposal,
  WebhookHint,
  WorkflowFile,
} from './terms';

export * from './image-terms';
export * from './simulation';
export * from './terms';

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
  | { kind: 'app'; appId: string; installationId: string; privateKey: Secret }
  /** `tokenOrigin`: where the registry has its tokens made, when that is another host and a person has said so. */
  | { kind: 'basic'; username: string; password: Secret; tokenOrigin: string | null };

export type ProviderErrorKind = 'auth' | 'notFound' | 'rateLimited' | 'rejected' | 'unavailable' | 'protocol';

/**
 * The only error an adapter lets out. `sentence` is ours and says what to do; a vendor body never enters it unshortened,
 * and a vendor that repeats what it was sent does not get a secret into it.
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
    super(redactText(sentence));
    this.name = 'ProviderError';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = more.retryAfterMs;
    this.ambiguous = more.ambiguous ?? false;
    mark(this, 'ProviderError');
  }

  static [Symbol.hasInstance](value: unknown): value is ProviderError {
    return isMarked(value, 'ProviderError');
  }
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
      /** `count`: the totals are all that is wanted, so the lists may be empty and it should cost one request. */
      compare(
        c: ProviderContext,
        config: TargetConfig,
        base: string,
        head: string,
        only?: 'count',
      ): Promise<Comparison>;
    };
  };
  workflows: {
    /** `example` is a whole file that has everything, to be copied. */
    traits: { maxInputs: number; maxPayloadCharacters: number; example?: string };
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
    /** An attempt that the provider does not list (yet) is answered with the lower number that it does list: never taken for started. */
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
  live: {
    /** `last-run`: what the newest finished run put there; `release`: what the provider serves. */
    traits: { by: 'last-run' | 'release' };
    /** What is live now, whoever put it there; null when the provider cannot say. */
    methods: { read(c: ProviderContext, config: TargetConfig): Promise<LiveNow | null> };
  };
  images: {
    traits: { digests: 'sha256' };
    methods: {
      /** A page of a repository's tags, in the registry's own order. */
      tags(c: ProviderContext, repository: string, cursor: string | null): Promise<TagPage>;
      /** What a tag leads to now, or that a digest is still there. Costs one request and never a pull. */
      digest(c: ProviderContext, repository: string, reference: string): Promise<string>;
      /** `platform` (`linux/amd64`) is the one whose size and labels are read; the first where it is missing. */
      image(c: ProviderContext, repository: string, digest: string, platform: string | null): Promise<Image>;
      /** `host/repository@sha256:…`, asking nobody. */
      reference(c: ProviderContext, repository: string, digest: string): string;
    };
  };
  proposals: {
    /** What people call it there, such as “pull request”. */
    traits: { word: string };
    methods: {
      /** Files as they are in the open proposal of this name, or else on the default branch; null = not there. */
      read(c: ProviderContext, repository: string, name: string, paths: readonly string[]): Promise<ProposedState>;
      /** What the open proposal changes by now, and the given files as they are without it; null = not there. */
      changes(
        c: ProviderContext,
        repository: string,
        from: WantedProposal['from'],
        paths: readonly string[],
      ): Promise<{ changed: string[]; before: Record<string, string | null> }>;
      /** One commit on top of what was read, and a proposal for it: a new one, or one more commit in the open one. */
      propose(c: ProviderContext, repository: string, wanted: WantedProposal): Promise<Proposal>;
    };
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

/** What a credential may be used for beyond what `verifyCredential` demands of it. */
export type CredentialUse = 'checks' | 'proposals';

/** Alternatives, each a list of which all is needed, in the words of `CredentialReport.scopes`. */
export type Needs = readonly (readonly string[])[];

/** A target's provider settings, as validated by the manifest's `targetConfig`. */
export type TargetConfig = Record<string, unknown>;

export interface Manifest<C extends Capability = Capability> {
  id: string;
  label: string;
  docsUrl: string;
  /** Where the API lives unless the connection names another origin (a GitHub Enterprise server, say). */
  defaultOrigin: string;
  credentialKinds: readonly Credential['kind'][];
  /** How a credential of kind `basic` is filled in, for each vendor that is known; the first is offered first. */
  credentialForms?: readonly CredentialForm[];
  /** API origin → origin of its token service, where the vendor documents another host. */
  tokenOrigins?: Readonly<Record<string, string>>;
  /**
   * Hosts that a download may be sent on to, without the credential: `a.example` or `*.example`; `*` for any public one,
   * only where what arrives is checked by its digest.
   */
  downloadHosts?: readonly string[];
  /** By use and kind of credential; a report that lists no scopes proves nothing. */
  needs?: Readonly<Partial<Record<CredentialUse, Partial<Record<Credential['kind'], Needs>>>>>;
  /** Validates `targets.config`; also drawn as the settings form. */
  targetConfig: ZodType<TargetConfig>;
  capabilities: { [K in C]: CapabilityMap[K]['traits'] };
}

export interface Provider<C extends Capability = Capability> {
  manifest: Manifest<C>;
  methods: { [K in C]: CapabilityMap[K]['methods'] };
  /** Cheap authenticated read: is the credential good, and good enough? `used` are repositories it is meant to read. */
  verifyCredential(c: ProviderContext, used?: readonly string[]): Promise<CredentialReport>;
}

export type AnyProvider = {
  manifest: Omit<Manifest<never>, 'capabilities'> & {
    capabilities: Partial<{ [K in Capability]: CapabilityMap[K]['traits'] }>;
  };
  methods: Partial<{ [K in Capability]: CapabilityMap[K]['methods'] }>;
  verifyCredential(c: ProviderContext, used?: readonly string[]): Promise<CredentialReport>;
};

/** A claim without code, or code without a claim, does not compile. */
export function defineProvider<C extends Capability>(
  manifest: Manifest<C>,
  methods: NoInfer<{ [K in C]: CapabilityMap[K]['methods'] }>,
  verifyCredential: (c: ProviderContext, used?: readonly string[]) => Promise<CredentialReport>,
): Provider<C> {
  return { manifest, methods, verifyCredential };
}

export function capability<K extends Capability>(provider: AnyProvider, key: K): CapabilityMap[K]['methods'] {
  const methods = provider.methods[key];
  if (!methods)
    throw new ProviderError('rejected', 'unsupported', `${provider.manifest.label} cannot do this (${key}).`);
  return methods;
}

/** The secret part of a credential. */
export function secretOf(credential: Credential): Secret {
  if (credential.kind === 'token') return credential.token;
  return credential.kind === 'app' ? credential.privateKey : credential.password;
}

/** Other origins that may see this credential: the token service that the vendor documents, or the one a person named. */
export function tokenOriginsOf(
  manifest: Pick<Manifest, 'tokenOrigins'>,
  origin: string,
  credential: Credential,
): readonly string[] {
  const documented = Object.hasOwn(manifest.tokenOrigins ?? {}, origin) ? manifest.tokenOrigins?.[origin] : undefined;
  const named = credential.kind === 'basic' ? credential.tokenOrigin : null;
  return [documented, named].filter((each) => typeof each === 'string');
}
