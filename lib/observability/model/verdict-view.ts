import type { QueryPreset, ScopeField } from '@/lib/providers/port';
import type { HealthSettings } from './health-settings';
import type { Verdict, VerdictReport } from './verdict';

/** How a deployment did once it was live. Moments are ISO 8601 in UTC; spans in the report are epoch milliseconds. */
export interface VerdictView {
  deployment: { id: string; number: number };
  targetId: string;
  /** Null: nothing was judged, and `why` says what would have to be set for that. */
  verdict: Verdict | null;
  why: string;
  /** No more is measured: it stays as it is. */
  closed: boolean;
  liveAt: string | null;
  untilAt: string | null;
  judgedAt: string | null;
  worseSince: string | null;
  report: VerdictReport | null;
  /** Where to go back, one press away: only while what is worse is what is live. */
  rollBack: string | null;
  /** What becomes of going back by itself; null where no policy asks for it, or there is nothing to go back from. */
  automatic: AutomaticRollBack | null;
  written: Written[];
  /** What our own probes saw since it went live, the newest and the newest that failed; null where none did, or it is not live. */
  probes: { last: Probed; failed: Probed | null } | null;
}

/** One probe of the watched address. */
export interface Probed {
  at: string;
  /** Null: no answer came in time. */
  status: number | null;
  /** What the target's version address said; null where it has none, or nothing usable came. */
  version: string | null;
}

/** Whether a deployment was written down where the deployed thing is measured. */
export interface Written {
  ok: boolean;
  sentence: string;
  /** Where it stands there. */
  url: string | null;
}

export interface AutomaticRollBack {
  state: 'waits' | 'asked' | 'refused';
  sentence: string;
  /** The roll-back that was asked for; null while none was. */
  deploymentId: string | null;
}

/** One question, asked once. */
export interface SignalCheck {
  signal: string;
  source: string;
  /** There was at least one measurement in the last window. */
  usable: boolean;
  /** The newest, in the signal's first unit. */
  value: number | null;
  sentence: string;
}

export interface HealthSet {
  targetId: string;
  checks: SignalCheck[];
}

/** How a target is measured; `version` is sent back with a change of it. */
export interface TargetHealth {
  targetId: string;
  version: number;
  /** Null: nobody measures it. */
  health: HealthSettings | null;
  /** Who can be asked, with questions to begin with. */
  measurers: { id: string; name: string; language: string; presets: QueryPreset[] }[];
  /** Whose alerts or issues can stand beside a verdict. */
  watchers: { id: string; name: string; scope: ScopeField }[];
  /** Where a deployment can be written down, and what appears there. */
  writers: { id: string; name: string; writes: string; scope: ScopeField }[];
}
