import type { GateView } from '@/lib/gates/model/gate';
import type { Commit } from '@/lib/providers/port';
import type { Allowed, DeploymentSummary, Usual } from './view';

/**
 * How a target gets back: an earlier result is served again, built again, or a new change is put on top. `repoint-or-redeploy`:
 * only its server knows whether it still has that result, and it is built there otherwise.
 */
export type RollBackHow = 'repoint' | 'repoint-or-redeploy' | 'redeploy' | 'roll-forward';

/** Commits that go away where another one takes their place. */
export interface Leaving {
  leaving: Commit[];
  totalLeaving: number;
  /** The comparison at the provider; null when it could not be read. */
  url: string | null;
  /** Why `leaving` could not be read; null when it was. */
  leavingProblem: string | null;
}

/** What is shown before the click. Times are ISO 8601 in UTC, durations milliseconds. */
export interface RollBackPlan {
  target: {
    id: string;
    label: string;
    component: { slug: string; name: string };
    environment: { slug: string; name: string; isProduction: boolean };
  };
  current: DeploymentSummary | null;
  /** Earlier successes of this target, newest first; before them the likeliest way back, and what counts as live where that is in doubt. */
  candidates: DeploymentSummary[];
  /** Why what counts as live is among them; null when it is not. */
  currentOffered: string | null;
  /** What goes there first: a roll-back waits for its end. `can`: what its own page has against that. */
  onItsWay: { id: string; number: number; says: string; can: 'cancel' | 'stop-waiting' | null } | null;
  /** Null until one is chosen. */
  chosen:
    | (Leaving & {
        deployment: DeploymentSummary;
        how: RollBackHow;
        /** In words, for this provider. */
        says: string;
        /** Of a deployment there, whatever of it was built. */
        usual: Usual | null;
        /** What leaves where what is on its way is live by then; null when nothing is. `leaving`: of what is live now, by its host. */
        leavingThen: Leaving | null;
        /** What going back does not undo, and what else it does. */
        sideEffects: string[];
        gates: GateView[];
        policy: { approvals: number; checklist: string[] };
        allowed: Allowed;
      })
    | null;
  /** The other targets of the same environment, since what moves together often goes back together. */
  siblings: {
    targetId: string;
    component: string;
    environment: string;
    label: string;
    how: RollBackHow;
    usualMs: number | null;
    lastGood: { id: string; number: number; sha: string } | null;
  }[];
  /** New each time: one per click of intent. */
  idempotencyKey: string;
}
