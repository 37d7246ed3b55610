/** What crosses the port about a provider's own environments and the gates before them. Times are ISO 8601 in UTC. */

export interface Reviewer {
  kind: 'person' | 'team';
  /** Login of a person, name of a team. */
  name: string;
}

/** Which branches and tags an environment lets in. */
export type AllowedRefs =
  | { kind: 'any' }
  /** Branches that have a protection of their own. */
  | { kind: 'protected' }
  /** Shell patterns, where `*` stops at a slash. No pattern lets nothing in. */
  | { kind: 'patterns'; patterns: { name: string; type: 'branch' | 'tag' }[] };

/** What the provider asks for before a run may have one of its environments. */
export interface EnvironmentRules {
  name: string;
  url: string;
  /** One of them has to say yes; empty = nobody is asked. */
  reviewers: Reviewer[];
  /** Who started the run may not be the one who says yes. */
  preventSelfReview: boolean;
  waitMinutes: number;
  refs: AllowedRefs;
  /** Other services that have a say, by name. */
  apps: string[];
  /** Whether administrators there may pass all of it; null when the provider does not say. */
  adminsBypass: boolean | null;
}

/** An environment that a run names: always this one, or the one that an input says. */
export type EnvironmentUse =
  | { kind: 'named'; name: string }
  | { kind: 'input'; input: string; otherwise: string | null }
  /** Nobody can say before the run does; `text` is as the file has it. */
  | { kind: 'unclear'; text: string };

export interface EnvironmentReading {
  /** Why nothing can be said, such as a plan without environments; null when all is known. */
  notice: string | null;
  environments: EnvironmentRules[];
  uses: EnvironmentUse[];
}

/** A gate of the provider before which a run stands. */
export interface WaitingGate {
  /** Of the environment, in the provider's numbering. */
  id: string;
  environment: string;
  url: string;
  reviewers: Reviewer[];
  waitMinutes: number;
  /** When the timer began; null without one, or before it. */
  timerSince: string | null;
  /** Whether the credential that asked belongs to somebody who may answer. */
  mayAnswer: boolean;
}

/** What somebody answered at the provider. */
export interface GateAnswer {
  environments: string[];
  decision: 'approved' | 'rejected' | 'pending';
  by: string;
  comment: string;
}

export interface GateReview {
  gateIds: readonly string[];
  decision: 'approved' | 'rejected';
  comment: string;
}

/** What keeps a run from going on at its provider until somebody lets it. */
export interface HeldThere {
  /** Set while the run stands before gates of the provider; the list is empty where the credential may not see them. */
  held?: { since: string | null; gates: WaitingGate[] };
  /** It is built, and its host keeps it back: nothing of it goes live until somebody puts it live. */
  keptBack?: boolean;
}
