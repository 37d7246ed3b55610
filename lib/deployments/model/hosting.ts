import type { Refusal } from '../../kernel/errors';

/** A deployment of ours, as far as the build that is served is one. */
export interface ServedBy {
  id: string;
  number: number;
  sha: string;
}

export interface AddressView {
  /** `dashboard.example.com` */
  name: string;
  /** Null: it leads nowhere yet, or to a build that was not deployed from here. */
  deployment: ServedBy | null;
  /** The build's page at the host. */
  url: string | null;
  redirectsTo: string | null;
  verified: boolean;
}

/** How a host serves a target, as it says now. */
export interface HostingView {
  provider: string;
  /** Null where the host cannot be asked, with why. */
  problem: Refusal | null;
  /** By address; an address that leads on stands after those that do not. */
  addresses: AddressView[];
  serving: { deployment: ServedBy | null; url: string | null } | null;
  /** Why new builds do not go live by themselves there, as a sentence; null when they do. */
  held: string | null;
  /** The newest build of ours for this target that is not served, which ends the hold; null when there is none. */
  mend: ServedBy | null;
  /** Of what is live: where that very build can be looked at. */
  preview: { deploymentId: string; address: string | null; screenshot: boolean } | null;
  /** Names of variables that changed at the host after the build that is live; null when that could not be read. */
  changed: { names: string[]; since: string } | null;
}

export function heldSays(provider: string, held: string | null): string | null {
  return held === null ? null : `New builds do not go live by themselves at ${provider}: ${held}.`;
}
