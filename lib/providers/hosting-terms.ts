import type { RemoteRef } from './terms';

/** An address under which a host serves, and the build that it leads to now. */
export interface HostedAddress {
  /** `dashboard.example.com` */
  name: string;
  /** Null when it leads nowhere yet, or only on to another address. */
  ref: RemoteRef | null;
  /** Our marker when we put it there. */
  marker: string | null;
  redirectsTo: string | null;
  /** False while the host waits for a record in the DNS, say. */
  verified: boolean;
}

/** What a host serves on a target's production addresses, and what was asked of it last. */
export interface Serving {
  ref: RemoteRef | null;
  /** The last change without a build; null when there was none, or it is long over. */
  change: { to: string; kind: 'promote' | 'restore'; state: 'going-on' | 'done' | 'failed' } | null;
  /** Why new builds do not go live by themselves, as the middle of a sentence; null when they do. */
  held: string | null;
}

/** What becomes of a build when it is promoted: it is served as it is, or its commit has to be built anew. */
export type Offer = { as: 'build' } | { as: 'rebuild'; because: string };

/** Addresses are https, of the host and not of the target; null where the host tells none. */
export interface Preview {
  address: string | null;
  screenshot: string | null;
}
