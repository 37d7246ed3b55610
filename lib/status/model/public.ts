import type { Impact, IncidentState, MaintenanceState } from './words';

/** A place by the names that it has outside; nothing here tells which target it is. */
export interface PublicWhere {
  component: string;
  environment: string;
  /** Tells several of one component and environment apart; empty for the only one. */
  label: string;
}

/** What went live, as far as everybody may know. Times are ISO 8601 in UTC, here and below. */
export interface LinkedRelease extends PublicWhere {
  version: string;
  sha: string;
  at: string;
}

export interface PublicUpdate {
  id: string;
  state: IncidentState;
  text: string;
  at: string;
}

export interface PublicIncident {
  id: string;
  title: string;
  impact: Impact;
  state: IncidentState;
  startedAt: string;
  resolvedAt: string | null;
  /** Those of its places that are public. */
  places: PublicWhere[];
  release: LinkedRelease | null;
  /** Newest first. */
  updates: PublicUpdate[];
}

export interface PublicMaintenance {
  id: string;
  title: string;
  text: string;
  state: MaintenanceState;
  from: string;
  /** When it ends, or ended. */
  to: string;
  places: PublicWhere[];
  plannedAt: string;
  changedAt: string;
}

/** Absolute addresses, so that an export elsewhere knows them too. */
export interface StatusLinks {
  page: string;
  rss: string;
  feed: string;
  /** Where a webhook subscribes, and where it leaves. */
  subscribe: string;
  unsubscribe: string;
}

/** So many incidents are told, those that go on first; and so many maintenances. */
export const TOLD_INCIDENTS = 30;
export const TOLD_MAINTENANCES = 20;
export const LONGEST_NAME = 200;
export const LONGEST_TEXT = 4_000;
