import type { PublicIncident, PublicMaintenance, StatusLinks } from '@/lib/status/model/public';
import type { PublicUptime } from '@/lib/status/model/uptime';
import type { Impact } from '@/lib/status/model/words';

/** How a public place stands, in plain words. */
export const PUBLIC_STATES = ['live', 'updating', 'checking', 'empty'] as const;
export type PublicState = (typeof PUBLIC_STATES)[number];

/** One component in one environment, as far as everybody may know. */
export interface PublicPlace {
  component: string;
  environment: string;
  /** Tells several of one component and environment apart; empty for the only one. */
  label: string;
  /** A tag, or the first seven digits of a commit; null where nothing is live, or it is not known. */
  version: string | null;
  /** The first seven digits of the commit. */
  sha: string | null;
  /** Since when this is live, ISO 8601; null like `version`. */
  since: string | null;
  state: PublicState;
  /** The worst of the incidents that go on here; null where none does. */
  impact: Impact | null;
  /** Announced work goes on here now. */
  maintained: boolean;
  /** As our own probes saw it; null where they do not look. */
  uptime: PublicUptime | null;
}

/** One time that something went live. */
export interface PublicRelease {
  component: string;
  environment: string;
  label: string;
  version: string;
  sha: string;
  /** ISO 8601. */
  at: string;
  /** An earlier version was brought back. */
  restored: boolean;
}

/** What is shown to everybody: no people, no repositories, nothing that was not written for it. Served at /status.json. */
export interface PublicStatus {
  schema: 1;
  /** When this was read, ISO 8601, to the minute. */
  at: string;
  /** In the order of the console. */
  places: PublicPlace[];
  /** Newest first. */
  releases: PublicRelease[];
  /** Those that go on first. */
  incidents: PublicIncident[];
  /** Those to come first. */
  maintenances: PublicMaintenance[];
  /** Null where the console does not know its own address. */
  links: StatusLinks | null;
}

export const PUBLIC_STATE_WORDS: Readonly<
  Record<PublicState, { label: string; tone: 'good' | 'busy' | 'warn' | 'neutral' }>
> = {
  live: { label: 'Live', tone: 'good' },
  updating: { label: 'Live, an update is on its way', tone: 'busy' },
  checking: { label: 'Being checked', tone: 'warn' },
  empty: { label: 'Not released yet', tone: 'neutral' },
};

/** So many releases are told. */
export const PUBLIC_RELEASES = 30;

/** A reading that is older looks old. In milliseconds. */
export const STALE_AFTER_MS = 15 * 60_000;

/** Whether a reading is too old to be taken for now; times in milliseconds since the epoch. */
export function isStale(status: PublicStatus, now: number): boolean {
  return now - Date.parse(status.at) > STALE_AFTER_MS;
}

/** Places by environment, both in the order in which they are told. */
export function byEnvironment(places: readonly PublicPlace[]): { environment: string; places: PublicPlace[] }[] {
  const groups = new Map<string, PublicPlace[]>();
  for (const place of places) groups.set(place.environment, [...(groups.get(place.environment) ?? []), place]);
  return [...groups].map(([environment, all]) => ({ environment, places: all }));
}
