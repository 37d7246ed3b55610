import { isMarked, mark } from '@/lib/kernel/errors';
import { redactText } from '@/lib/kernel/redact';
import type { Secret } from '@/lib/kernel/secret';
import type { ExtensionVersion, InstallFigures, PackageToPublish } from './publishing-terms';

/** A target's provider settings, as validated by the manifest's `targetConfig`. */
export type TargetConfig = Record<string, unknown>;

/** Everything an adapter may touch. Adapters are stateless: one context per call, built by the connection service. */
export interface ProviderContext {
  connectionId: string;
  /** The API origin that the credential is bound to, e.g. `https://api.github.com`. */
  origin: string;
  credential: Credential;
  /** `fetch` through rate accounting, redaction, timeouts and (in the sandbox) the simulator. */
  fetch: typeof globalThis.fetch;
  now(): number;
  /** Names under which this console itself marks commits: what it said is no check of a commit. */
  ownMarks?: (() => Promise<ReadonlySet<string>>) | undefined;
  /** File names of the workflows that this console starts; `sha`: what it may have started them for. */
  ownWorkflows?: ((repository: string, sha: string) => Promise<ReadonlySet<string>>) | undefined;
  /** This console's own gallery, for the provider that publishes to it. */
  ownGallery?: OwnGallery | undefined;
  signal?: AbortSignal | undefined;
}

/** The gallery of this console: the same verbs that its own API has. Throws `ProviderError`. */
export interface OwnGallery {
  /** Whose gallery token this is, whether it may publish, and its end (ISO 8601); null when it is none that is alive. */
  tokenOf(token: Secret): Promise<{ account: string; mayPublish: boolean; expiresAt: string } | null>;
  publish(wanted: Pick<PackageToPublish, 'sha256' | 'requestedBy'>): Promise<'published' | 'already'>;
  /** Null = it has no such version. */
  find(wanted: ExtensionVersion): Promise<{ sha256: string; yanked: string | null } | null>;
  /** SHA-256 (hexadecimal) of the bytes that an editor would be given now; null when it would be given none. */
  fetched(wanted: ExtensionVersion): Promise<string | null>;
  yank(wanted: ExtensionVersion, reason: string): Promise<void>;
  installs(extension: Pick<ExtensionVersion, 'publisher' | 'name'>): Promise<InstallFigures | null>;
}

export type Credential =
  | { kind: 'token'; token: Secret }
  | { kind: 'app'; appId: string; installationId: string; privateKey: Secret }
  /** `tokenOrigin`: where the registry has its tokens made, when that is another host and a person has said so. */
  | { kind: 'basic'; username: string; password: Secret; tokenOrigin: string | null };

export type ProviderErrorKind = 'auth' | 'notFound' | 'rateLimited' | 'rejected' | 'unavailable' | 'protocol';

/** The code of a refusal for what the plan at the provider does not have. */
export const PLAN_LIMIT = 'plan_limit';

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

/** The secret part of a credential. */
export function secretOf(credential: Credential): Secret {
  if (credential.kind === 'token') return credential.token;
  return credential.kind === 'app' ? credential.privateKey : credential.password;
}
