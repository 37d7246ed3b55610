/** Why something is slow or waits at the provider, in our words. Times are ISO 8601 in UTC. */

export interface Runner {
  name: string;
  os: string;
  online: boolean;
  busy: boolean;
  labels: string[];
}

/** Runners of one's own; where the credential may not ask, what to do about it. */
export type RunnersSeen = { list: Runner[]; total: number } | { refused: string };

export interface OpenRun {
  id: string;
  number: number;
  title: string;
  url: string;
  state: 'queued' | 'running' | 'waiting';
  at: string;
}

/** What a repository has to run on, and what runs or waits there. */
export interface Capacity {
  runners: RunnersSeen;
  /** Newest first; at most 20. */
  open: OpenRun[];
  queued: number;
  running: number;
}

/** Whom a run that goes on waits for. */
export interface RunWait {
  /** Of the first job that waits for a runner; empty when none does. */
  labels: string[];
  /** Null: none of one's own is asked for, so it is the provider's own pool. */
  runners: RunnersSeen | null;
  groups: GroupWait[];
}

export interface GroupWait {
  name: string;
  /** Runs that have the group, or are before this one. */
  ahead: { id: string; title: string; url: string | null; running: boolean }[];
}

/** What a provider says about itself, to everybody. */
export interface ServiceStatus {
  /** Its page for people. */
  page: string;
  incidents: ServiceIncident[];
  maintenance: ServiceMaintenance[];
}

export interface ServiceIncident {
  name: string;
  url: string | null;
  impact: 'minor' | 'major' | 'critical' | 'unrecognised';
  /** Parts that matter to a console, in the provider's words. */
  parts: string[];
  since: string;
  /** Its newest word about it, shortened. */
  latest: string | null;
}

export interface ServiceMaintenance {
  name: string;
  url: string | null;
  parts: string[];
  from: string;
  until: string | null;
  running: boolean;
}
