import type { NamedSetting, SettingKind, SettingName } from '@/lib/providers/port';

/** What was read at the providers, before anybody judges it. Times are ISO 8601 in UTC. */
export interface TargetReading {
  id: string;
  name: string;
  /** What runs there reads it, not what deploys it: a target that names its runtime has one reading for each. */
  runtime?: true;
  environment: string;
  /** Keys of places, nearest first. */
  places: string[];
  named: NamedSetting[] | null;
  readsAll?: true | undefined;
  /** Since when what runs there has run, where that decides what is live, and how it is started anew. */
  running?: { since: string | null; renew: string } | undefined;
  /** A roll-out is on its way there, which ends by itself. */
  passing?: boolean | undefined;
  /** Names that what is live was started with; left out where nobody can say. */
  liveNames?: SettingName[] | undefined;
  /** False when its runs may find settings in places that are not among these. */
  complete: boolean;
  /** What is live there and when it was sent; null = nothing of ours. */
  live: { number: number; sentAt: string } | null;
  takesEffect: 'next-deployment' | 'next-start' | 'at-once';
  /** A variable that this console sets itself before each start, so that it is never out of date; left out where there is none. */
  ours?: string | undefined;
}

/** A setting that the next deployment takes in, and when it was last changed: ISO 8601 in UTC. */
export interface TakenIn extends SettingName {
  changedAt: string;
}

/**
 * A name that a target lacks; `shared`: it is there, and refused because several environments would have the same one.
 * `because`: why another name that its workflow mentions does not do instead, a sentence.
 */
export interface LackedName extends SettingName {
  shared?: true;
  because?: string;
}

export interface EntryReading {
  kind: SettingKind;
  name: string;
  createdAt: string | null;
  updatedAt: string | null;
  digest: string | null;
}

export interface PlaceReading {
  key: string;
  /** More than one environment may read it. */
  shared?: boolean;
  /** Null when it could not be read. A place that is not there at the provider is empty. */
  entries: EntryReading[] | null;
}

export interface Reading {
  targets: TargetReading[];
  places: ReadonlyMap<string, PlaceReading>;
}
