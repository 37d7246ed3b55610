import type { RemoteRef } from './terms';

/** An address under which a host serves, and the build that it leads to now. */
export interface HostedAddress {
  /** `dashboard.example.com`, with the path below which it serves where there is one: `acme.github.io/website`. */
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
  /** The last change without a build; null when there was none, or it is long over. `sentence`: why it failed, where it says. */
  change: {
    to: string;
    kind: 'promote' | 'restore';
    state: 'going-on' | 'done' | 'failed';
    sentence?: string | null;
  } | null;
  /** Why new builds do not go live by themselves, as the middle of a sentence; null when they do. */
  held: string | null;
  /** Why visitors get nothing of what is live at this moment, as a sentence; left out while they do. */
  down?: string;
  /** Names of variables that what is live was not started with, where the host itself knows; else left out. */
  changed?: string[];
}

/**
 * What becomes of a build when it is promoted: it is served as it is, or its commit has to be built anew. `variablesOf`: where
 * the variables that it has are not those of the target, whose they are, as the host calls it.
 */
export type Offer = { as: 'build'; variablesOf?: string } | { as: 'rebuild'; because: string };

/** Addresses are https, of the host and not of the target; null where the host tells none. */
export interface Preview {
  address: string | null;
  screenshot: string | null;
}
