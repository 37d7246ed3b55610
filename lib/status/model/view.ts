import type { Impact, IncidentState, MaintenanceState } from './words';

/** How the console shows it. Times are ISO 8601 in UTC. */
export interface StatusPlace {
  targetId: string;
  component: string;
  environment: string;
  label: string;
  isPublic: boolean;
  /** What it is called outside; empty: by the names above. */
  publicName: string;
  publicSection: string;
  /** Our own probes ask it, so that there is an uptime to tell. */
  isMeasured: boolean;
  /** Why the reader may not change it; null when they may. */
  refusal: string | null;
}

/** Something that went live lately, to name beside an incident. */
export interface RecentDeployment {
  id: string;
  number: number;
  component: string;
  environment: string;
  label: string;
  version: string;
  at: string;
}

export interface OpenFreeze {
  id: string;
  name: string;
}

export interface StatusPageView {
  places: StatusPlace[];
  recent: RecentDeployment[];
  freezes: OpenFreeze[];
  /** How many receive what is written here. */
  subscribers: number;
  /** Why the reader may not write an incident or plan maintenance; null when they may. */
  refusal: string | null;
}

interface PlaceRef {
  targetId: string;
  component: string;
  environment: string;
  label: string;
  isPublic: boolean;
}

export interface IncidentView {
  id: string;
  version: number;
  title: string;
  impact: Impact;
  state: IncidentState;
  startedAt: string;
  resolvedAt: string | null;
  places: PlaceRef[];
  deployment: { id: string; number: number } | null;
  by: string;
  /** Newest first. */
  updates: { id: string; state: IncidentState; text: string; at: string; by: string }[];
}

export interface MaintenanceView {
  id: string;
  version: number;
  title: string;
  text: string;
  state: MaintenanceState;
  startsAt: string;
  endsAt: string;
  endedAt: string | null;
  places: PlaceRef[];
  freeze: OpenFreeze | null;
  by: string;
}

export interface SubscriberView {
  id: string;
  /** Never the whole address. */
  origin: string;
  since: string;
  delivered: number;
  pending: number;
  dead: number;
  trouble: string | null;
  /** It is told nothing until it has answered the challenge again; null = it is told. */
  stopped: { at: string; because: string } | null;
}
