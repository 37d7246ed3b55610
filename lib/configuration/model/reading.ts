import type { SettingKind, SettingName } from '@/lib/providers/port';

/** What was read at the providers, before anybody judges it. Times are ISO 8601 in UTC. */
export interface TargetReading {
  id: string;
  name: string;
  environment: string;
  /** Keys of places, nearest first. */
  places: string[];
  named: SettingName[] | null;
  /** False when its runs may find settings in places that are not among these. */
  complete: boolean;
  /** What is live there and when it was sent; null = nothing of ours. */
  live: { number: number; sentAt: string } | null;
  takesEffect: 'next-deployment' | 'at-once';
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
  /** Null when it could not be read. A place that is not there at the provider is empty. */
  entries: EntryReading[] | null;
}

export interface Reading {
  targets: TargetReading[];
  places: ReadonlyMap<string, PlaceReading>;
}
