import type { BakedFact } from '@/lib/deployments/model/baked';
import type { CheckState, ChecksSaid } from '@/lib/providers/port';
import type { Policy } from './policy';
import type { PreflightFact } from './preflight';

export interface Hold {
  kind: 'lock' | 'freeze' | 'rollback';
  by: string;
  reason: string;
  /** ISO 8601; null = until somebody lifts it. */
  until: string | null;
  /** ISO 8601; an override lets through what held when it was given, not what came later. */
  since?: string;
  /** The commit at which a roll-back holds the target. */
  sha?: string | null;
}

/** An administrator's word for one deployment; `at` is ISO 8601. */
export interface FreezeOverride {
  by: string;
  reason: string;
  at: string;
}

/** What is said of the commit where it was live first. `closed`: nothing else will be said; without a verdict none will come. */
export interface SoakHealth {
  number: number;
  verdict: 'healthy' | 'worse' | 'inconclusive' | null;
  closed: boolean;
}

/** Whether the same commit was live where the policy asks for it first. */
export interface OrderFact {
  environment: string;
  /** Whether anything measures it where it was live; left out = not asked. */
  isMeasured?: boolean;
  /** The deployment that proves it; null = there is none, or it was rolled back there since. */
  proof: {
    number: number;
    since: string;
    /** Of the target there that did worst; null = nothing measures it. */
    health?: SoakHealth | null;
  } | null;
}

/**
 * What decides whether something may go live on a target. What is left out was not asked, and says nothing: the matrix
 * asks less than a deployment does.
 */
export interface GateFacts {
  environmentName: string;
  mayRequest: boolean;
  kind?: 'deploy' | 'rollback' | 'retry' | 'promote';
  /** The commit that is to go live. */
  sha?: string;
  connection: { name: string; state: 'unchecked' | 'ok' | 'failing'; hasCredential: boolean; problem?: string | null };
  /** Null while the provider was not asked. */
  canDeploy?: boolean | null;
  providerLabel?: string;
  /** What later steps need of the connection; left out = not asked. */
  preflight?: PreflightFact | null;
  pins: Hold[];
  freezeOverride?: FreezeOverride | null;
  /** What is live, and how the chosen commit stands to it. */
  live?: { number: number; sha: string; chosenIs: 'newer' | 'same' | 'older' | 'apart' } | null;
  checks?: CheckState | null;
  unpassed?: ChecksSaid['unpassed'];
  policy?: Policy;
  /** Null = no target of the component is there, so it does not apply. */
  order?: OrderFact | null;
  /** Items that the requester ticked; null = the form is still open. */
  ticked?: readonly string[] | null;
  /** Of a build that is promoted; null = it was built for this very target. */
  baked?: BakedFact | null;
  approvals?: { given: number };
  /** Epoch milliseconds, by the database's clock. */
  now?: number;
}
