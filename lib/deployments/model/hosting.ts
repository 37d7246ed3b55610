import type { Refusal } from '../../kernel/errors';
import type { Allowed } from './view';

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

export interface BuildPreview {
  deploymentId: string;
  /** The address of this very build. */
  address: string | null;
  /** Its host has a picture of it. */
  screenshot: boolean;
}

/** Of one deployment, whatever is live. `problem`: why its host could not be asked. */
export interface PreviewView extends BuildPreview {
  problem: Refusal | null;
}

/** What one press deploys once more, so that what changed counts. */
export interface AgainView {
  live: ServedBy & { ref: string };
  /** The newest on this target that has not ended, which may bring the change already. */
  next: { id: string; number: number } | null;
  /** How many people's approval it waits for. */
  approvals: number;
  allowed: Allowed;
}

/** How a host serves a target, as it says now. */
export interface HostingView {
  provider: string;
  /** Null where the host cannot be asked, with why. */
  problem: Refusal | null;
  /** By address; an address that leads on stands after those that do not. */
  addresses: AddressView[];
  serving: { deployment: ServedBy | null; url: string | null } | null;
  /** Why visitors get nothing of what is live, as a sentence; null while they do. */
  down: string | null;
  /** Why new builds do not go live by themselves there, as a sentence; null when they do. */
  held: string | null;
  /** A deployment that is built, by the host's own word, and waits there to be put live; null when none does. */
  kept: { id: string; allowed: Allowed } | null;
  /** The newest build of ours for this target that is not served, which ends the hold; null when there is none. */
  mend: ServedBy | null;
  /**
   * What counts as live here while the host serves another build: somebody changed it there. `older`: than that build, so it
   * is not promoted over it. Null when it is as we know it.
   */
  changedThere: (ServedBy & { older: boolean }) | null;
  /** Of what is live: where that very build can be looked at. */
  preview: BuildPreview | null;
  /** Names of variables that changed at the host after the build that is live; null when that could not be read. `again`: null for none. */
  changed: { names: string[]; since: string; again: AgainView | null } | null;
  /** What of it could not be read, each with why; the rest is as the host says. */
  unread: string[];
}

/** It builds the newest commit of a branch, which may be another one than was chosen by the time it begins. */
export function buildsHead(able: { deploy?: { revision?: 'commit' | 'head' } }): boolean {
  return able.deploy?.revision === 'head';
}

/** Whether a target has addresses of its own at its host: a preview has none, and nothing is served again or kept back there. */
export function hasAddresses(
  able: { promote?: { when?: string } } | undefined,
  config: Readonly<Record<string, unknown>>,
): boolean {
  const when = able?.promote?.when;
  return when === undefined || config[when] === true;
}

/** Whether its host starts what it serves again with the variables of now; elsewhere it has those that it was built with. */
export function startsAnew(able: { promote?: { variables?: 'now' } } | undefined): boolean {
  return able?.promote?.variables === 'now';
}

export function heldSays(provider: string, held: string | null): string | null {
  return held === null ? null : `New builds do not go live by themselves at ${provider}: ${held}.`;
}
