import type { SettingKind, SettingName } from '@/lib/providers/port';

/** A secret that nobody has written anew for so long is called stale. Days; the page says it. */
export const STALE_DAYS = 180;

/** One store of settings at a provider, as the page shows it. */
export interface PlaceView {
  /** Connection and the provider's own name of it. */
  key: string;
  /** The scope's word: Environment, Repository, … */
  scope: string;
  label: string;
  /** Read by more than one environment, or by whatever else runs there. */
  shared: boolean;
  url: string | null;
  provider: string;
  /** Why it is empty: it is not there at the provider. */
  absent: string | null;
  /** Why it could not be read. */
  problem: string | null;
  /** Why nothing can be written into it by this person, or by anybody just now; null when they may. */
  refusal: string | null;
}

export interface SettingAt {
  place: string;
  createdAt: string | null;
  updatedAt: string | null;
  /**
   * Keyed, 12 hexadecimal digits: same or different, and nothing else. Null for what the provider never gives back, and of a
   * secret for who may not write all that reads it.
   */
  digest: string | null;
  stale: boolean;
}

/** `unreadable`: one of its places could not be read. `there`: it is, and whether it is the same nobody can or may say. */
export type Parity = 'same' | 'different' | 'there' | 'missing' | 'unreadable';

export interface SettingRow extends SettingName {
  at: SettingAt[];
  /** Targets here whose workflow names it. */
  namedBy: { id: string; name: string }[];
  /** Of those, the ones that do not find it anywhere; `because`: why another name that they mention does not do instead. */
  missingFor: { id: string; name: string; because: string | null }[];
  /** Targets for which it was changed after `since`: what is live there was sent as `number`, or started (null). */
  notLiveFor: {
    id: string;
    name: string;
    runtime: boolean;
    number: number | null;
    since: string;
    changedAt: string;
  }[];
  /** Targets that have it no more while what is live there does, and what takes it away there. */
  removedFor: { id: string; name: string; runtime: boolean; until: 'next-deployment' | 'next-start' | 'roll-out' }[];
  elsewhere: { environment: string; parity: Parity }[];
}

export interface ConfiguredTarget {
  id: string;
  name: string;
  /** What runs there reads these, not what deploys it; such a target stands here twice. */
  runtime: boolean;
  /** How what runs there is started anew, where only that takes a change in. */
  renew: string | null;
  /** Nearest first. */
  places: string[];
  /** How many settings its workflow names; null when that could not be read, with the reason. */
  named: number | null;
  problem: string | null;
  live: { id: string; number: number; ref: string; sha: string; sentAt: string } | null;
  /** The newest that has not ended; null when there is none. */
  next: { id: string; number: number } | null;
  /** Why this person cannot deploy it again; null when they may ask. */
  notAgain: string | null;
}

/** What a provider demands of a new setting, for the form. */
export interface SettingRules {
  kinds: { kind: SettingKind; readable: boolean; maxBytes: number; expression: string }[];
  name: { pattern: string; letters: 'upper' | 'as-is'; says: string };
}

export interface ConfigurationView {
  /** `approvals`: how many people a deployment there waits for. */
  environment: { id: string; slug: string; name: string; approvals: number };
  readAt: string;
  staleDays: number;
  /** The others that the reader may see and that have targets with settings. */
  others: { slug: string; name: string }[];
  places: PlaceView[];
  targets: ConfiguredTarget[];
  /** By kind and name. */
  rows: SettingRow[];
  /** Null when no place takes anything. */
  rules: SettingRules | null;
  /** Targets whose provider keeps no settings that we can read. */
  without: { id: string; name: string; provider: string }[];
}

/** `leave`: it has this value already, or there is nothing to remove. */
export type Step = 'create' | 'replace' | 'remove' | 'leave' | 'refused';

export interface PlannedStep {
  place: string;
  label: string;
  scope: string;
  step: Step;
  /** Digests before and after; null for a secret, and where the provider never gives the value back. */
  before: string | null;
  after: string | null;
  changedAt: string | null;
  /** Why nothing is done there, for `refused` and `leave`. */
  because: string | null;
  /** It counts at once: what runs there is started anew with it. */
  atOnce: boolean;
  /** What else it does there, in a sentence. */
  alsoDoes: string | null;
  /** Environments that read it besides this one, as far as the reader sees them. */
  alsoReadBy: string[];
}

export interface ChangePlan extends SettingName {
  action: 'set' | 'remove';
  steps: PlannedStep[];
  /** Of all this; to be handed back, so that what changed since is noticed. */
  shown: string;
}

/** Where the settings of what runs there are, as they were found; `problem` says why they could not be. */
export interface RuntimeSet {
  targetId: string;
  places: { label: string; absent: string | null }[];
  problem: string | null;
}

/** `taken`: the provider has it, and it is not what runs there yet. */
export type Outcome = 'created' | 'replaced' | 'removed' | 'taken' | 'left' | 'failed' | 'unknown';

export interface ChangeResult extends SettingName {
  places: { place: string; label: string; outcome: Outcome; sentence: string }[];
  /** Every place is as it was asked for, or has taken it. */
  complete: boolean;
  sentence: string;
}
