import type { Credential, CredentialForm, CredentialReport } from '@/lib/providers/port';
import type { AuthorityView } from './authority';

/** Times are ISO 8601 in UTC. No view ever holds a secret, sealed or open. */
export type ConnectionHealth = 'unchecked' | 'ok' | 'failing';

export interface QuotaView {
  resource: string;
  limit: number;
  remaining: number;
  resetAt: string;
  /** The provider asked for silence until then. */
  blockedUntil: string | null;
  updatedAt: string;
}

export interface UseCounts {
  /** Counted by the provider. */
  charged: number;
  /** Conditional reads that found nothing new and cost nothing. */
  free: number;
  /** Not sent: the provider had asked for a pause, or the budget was used up. */
  held: number;
}

export interface ConsumerUse {
  /** See consumer.ts. */
  consumer: string;
  /** Of the person or token, while it exists. */
  name: string | null;
  /** Gives way when the budget is short. */
  waits: boolean;
  thisHour: UseCounts;
  day: UseCounts;
}

export interface QuotaDetail {
  connection: { id: string; name: string };
  quotas: QuotaView[];
  /** The provider asked for silence until then. */
  blockedUntil: string | null;
  /**
   * `share` in requests an hour, null while the limit is unknown or where nothing is deployed through it (`measures`): what the
   * vendor says is left counts there. `used` by the console itself in this hour.
   */
  budget: { percent: number; share: number | null; used: number; measures: boolean };
  /** Beginning of the present hour, UTC. */
  hour: string;
  /** The last 24 hours, oldest first. */
  hours: ({ hour: string } & UseCounts)[];
  consumers: ConsumerUse[];
}

export interface DeliverySummary {
  /** In the last 24 hours. */
  received: number;
  failed: number;
  duplicates: number;
  lastAt: string | null;
}

export interface ConnectionSummary {
  id: string;
  name: string;
  provider: { id: string; label: string };
  origin: string;
  credential: { kind: Credential['kind']; present: boolean; last4: string };
  state: ConnectionHealth;
  checkedAt: string | null;
  /** The first thing that is wrong, with what to do; null when nothing is known to be. */
  problem: string | null;
  expiresAt: string | null;
  targets: number;
  /** The tightest quota, for the list. */
  quota: QuotaView | null;
}

export interface ConnectionDetail extends ConnectionSummary {
  version: number;
  createdAt: string;
  docsUrl: string;
  defaultOrigin: string;
  credentialKinds: readonly Credential['kind'][];
  /** How one of kind `basic` is filled in; empty where the provider takes none. */
  credentialForms: readonly CredentialForm[];
  app: { appId: string; installationId: string } | null;
  /** Every origin that is sent the credential: the provider's own, and its token service. */
  sentTo: string[];
  /** Who vouches for its certificate, nobody else: none, where the usual ones do. `accepted`: it may have its own. */
  authorities: { accepted: boolean; foundAt: string | null; trusted: AuthorityView[] };
  report: CredentialReport | null;
  quotas: QuotaView[];
  /** `path` is where the provider has to send its webhooks, below this installation's address. */
  webhook: { supported: boolean; path: string; configured: boolean; rotating: boolean; deliveries: DeliverySummary };
  usedBy: {
    targetId: string;
    label: string;
    component: { slug: string; name: string };
    environment: { slug: string; name: string };
  }[];
  /** Components whose images are read through it. */
  imagesOf: { slug: string; name: string; repository: string }[];
  /** Whether the provider tells how it is itself, and what runs and waits there. */
  standing: { service: boolean; capacity: boolean };
}

export interface DeliveryView {
  id: string;
  deliveryId: string;
  event: string;
  action: string | null;
  repository: string | null;
  bytes: number;
  state: 'received' | 'processed' | 'ignored' | 'failed';
  note: string | null;
  tries: number;
  duplicates: number;
  receivedAt: string;
  processedAt: string | null;
}

/** Shown once; afterwards only whether there is one. */
export interface NewWebhookSecret {
  /** Null when the person chose it, so that it is not sent back. */
  secret: string | null;
}
