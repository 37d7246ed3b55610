import type { ZodType } from 'zod';
import { RENDERING_MODES, type RenderingMode } from '../rendering/model/mode';
import type { Capability, CapabilityMap } from './capabilities';
import { type Credential, type ProviderContext, ProviderError, type TargetConfig } from './context';
import type { CredentialForm } from './image-terms';
import type { CredentialReport, QuotaSnapshot } from './terms';

export * from './capabilities';
export * from './capabilities-announcements';
export * from './capabilities-artifacts';
export * from './capabilities-files';
export * from './capabilities-health';
export * from './capabilities-notes';
export * from './capabilities-publishing';
export * from './capabilities-releases';
export * from './capabilities-rendering';
export * from './check-terms';
export * from './configuration-terms';
export * from './context';
export * from './environment-terms';
export * from './health-terms';
export * from './hosting-terms';
export * from './image-terms';
export * from './mode-variable';
export * from './publishing-terms';
export * from './scope-words';
export * from './simulation';
export * from './site-terms';
export * from './standing-terms';
export * from './terms';
export * from './vitals-terms';
export { RENDERING_MODES, type RenderingMode };

/** What a credential may be used for beyond what `verifyCredential` demands of it. */
export type CredentialUse = 'checks' | 'proposals' | 'records' | 'marks' | 'checkMarks' | 'sites';

export interface QuotaReading {
  /** What an answer from `url` tells, or null when it tells nothing. `now`: epoch milliseconds. */
  read(headers: Headers, url: URL, now: number): QuotaSnapshot | null;
  /** Which limit a request draws on, before any answer has said so: the `resource` that `read` gives for it. */
  resourceOf(url: URL): string;
}

/** Alternatives, each a list of which all is needed, in the words of `CredentialReport.scopes`. */
export type Needs = readonly (readonly string[])[];

export interface Manifest<C extends Capability = Capability> {
  id: string;
  label: string;
  docsUrl: string;
  /** Where the API lives unless the connection names another origin (a GitHub Enterprise server, say). */
  defaultOrigin: string;
  credentialKinds: readonly Credential['kind'][];
  /** How a credential of kind `basic` is filled in, for each vendor that is known; the first is offered first. */
  credentialForms?: readonly CredentialForm[];
  /** How a credential is made there: a sentence, and a text to be copied. */
  credentialHelp?: { says: string; text: string };
  /** People run it themselves, too, with a certificate of their own authority; `authority` says where that is found. */
  ownServer?: { authority?: string };
  /** The API's path at a server of one's own: an address with it and one without are the same server. */
  apiPath?: string;
  /** By the API's origin, the origin of its token service; null where the vendor documents no other host. */
  tokenOriginOf?: (origin: string) => string | null;
  /**
   * Hosts that a download may be sent on to, without the credential: `a.example` or `*.example`; `*` for any public one,
   * only where what arrives is checked by its digest.
   */
  downloadHosts?: readonly string[];
  /** Its limits count for a minute each, so an hour has sixty times as much; left out where they count for an hour. */
  limitsFor?: 'minute';
  /** How its answers tell their limits, where that is not `X-RateLimit-*` with the end of the window as a moment. */
  quota?: QuotaReading;
  /** Largest answer that is read, in bytes, where 10 MB are too little: a whole package, say. */
  largestAnswer?: number;
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

/** Other origins that may see this credential: the token service that the vendor documents, or the one a person named. */
export function tokenOriginsOf(
  manifest: Pick<Manifest, 'tokenOriginOf'>,
  origin: string,
  credential: Credential,
): readonly string[] {
  const documented = manifest.tokenOriginOf?.(origin);
  const named = credential.kind === 'basic' ? credential.tokenOrigin : null;
  return [documented, named].filter((each) => typeof each === 'string');
}
