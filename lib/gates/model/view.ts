import type { PublishedView } from '@/lib/deployments/model/published-view';
import type { CheckState, Commit } from '@/lib/providers/port';
import type { RenderingMode } from '../../rendering/model/mode';
import type { GateView } from './gate';
import type { Policy } from './policy';

/** Times are ISO 8601 in UTC. Null in a scope means "any". */
export interface ScopeView {
  environment: { id: string; slug: string; name: string } | null;
  component: { id: string; slug: string; name: string } | null;
  target: { id: string; label: string } | null;
}

/** What does not go live because of a pin, lock or freeze: queued work, and commits that are ahead of what is live. */
export interface HeldBack {
  targetId: string;
  component: string;
  environment: string;
  label: string;
  /** Deployments that wait because of it; `alsoHeldBy`: what else holds each, "the lock of Ada". */
  queued: { id: string; number: number; sha: string; message: string; requestedBy: string; alsoHeldBy: string[] }[];
  /** Commits of the target's branch that are not live, as last seen (about 15 minutes); null when nobody knows. */
  commitsBehind: number | null;
}

export interface PinEntry {
  id: string;
  kind: 'rollback' | 'lock';
  scope: ScopeView;
  reason: string;
  by: { id: string; name: string };
  since: string;
  until: string | null;
  heldBack: HeldBack[];
  /** Why the reader may not lift it; null when they may. */
  refusal: string | null;
  /** What lifting it does, step by step. */
  resume: string[];
}

/** A host that lets no new build go live by itself: publishing is locked there, say, or somebody rolled back there. */
export interface HostHold {
  targetId: string;
  scope: ScopeView;
  /** "New builds do not go live by themselves at Netlify: publishing is locked to one deploy at Netlify." */
  sentence: string;
  /** When a look found it first. */
  since: string;
  /** When somebody looked last; what the host does is known as of then (about 5 minutes). */
  seenAt: string;
  /** The page of what is served, at the host; null where it is not known. */
  url: string | null;
  heldBack: HeldBack[];
}

export interface FreezeEntry {
  id: string;
  version: number;
  name: string;
  reason: string;
  scope: ScopeView;
  timeZone: string;
  startsAt: string;
  durationMinutes: number;
  recurrence: string | null;
  /** In words: "Every Friday 16:00–23:59, Europe/Berlin". */
  says: string;
  by: { id: string; name: string };
  /** The window that holds now or comes next; null when there is none any more. */
  next: { from: string; to: string; active: boolean } | null;
  /** While it holds; empty at other times. */
  heldBack: HeldBack[];
  refusal: string | null;
}

/** Everything that holds something back, and when the next freeze begins. */
export interface HoldsView {
  pins: PinEntry[];
  hosts: HostHold[];
  freezes: FreezeEntry[];
  /** Windows of the asked-for span, for the calendar. */
  windows: { freezeId: string; from: string; to: string }[];
  scopes: {
    environments: { id: string; slug: string; name: string }[];
    components: { id: string; slug: string; name: string }[];
    targets: { id: string; label: string; componentId: string; environmentId: string }[];
  };
  /** Why the reader may not add one; null when they may. */
  refusals: { lock: string | null; freeze: string | null };
}

export interface PolicyView {
  environment: { id: string; slug: string; name: string; isProduction: boolean };
  /** What asks for nothing, where `unreadable`. */
  policy: Policy;
  /** A newer version of the console wrote it: nothing goes there, and replacing it takes a reason. */
  unreadable: boolean;
  policyVersion: number;
  /** Why the reader may not change it; null when they may. */
  refusal: string | null;
}

export interface ApprovalEntry {
  by: { id: string; name: string };
  decision: 'approve' | 'reject';
  reason: string;
  at: string;
  /** Why it no longer counts; null while it does. */
  voided: string | null;
}

/** What somebody who is asked to approve has to see, on one page. */
export interface ApprovalPacket {
  deployment: {
    id: string;
    number: number;
    kind: 'deploy' | 'rollback' | 'retry' | 'promote';
    status: string;
    component: { slug: string; name: string };
    environment: { slug: string; name: string; isProduction: boolean };
    /** The target's own; empty where it has none. */
    label: string;
    ref: string;
    sha: string;
    message: string;
    author: string;
    requestedBy: { id: string | null; name: string };
    requestedAt: string;
    reason: string;
  };
  targetId: string;
  refKind: 'branch' | 'tag';
  /** Sent back with the decision. */
  digest: string;
  approvals: ApprovalEntry[];
  required: number;
  given: number;
  /** People who could give the missing ones. */
  canApprove: string[];
  expiresAt: string | null;
  commits: { included: Commit[]; totalIncluded: number; leaving: Commit[]; totalLeaving: number; url: string } | null;
  /** Said when the commits could not be read. */
  commitsProblem: string | null;
  /** What CI says of the commit that is approved; null when it could not be read, which is said. */
  checks: CheckState | null;
  checksProblem: string | null;
  /** The names of those that count; empty = all of them. */
  requiredChecks: string[];
  inputs: Record<string, string | number | boolean>;
  /** The package that is published; null where it is none. */
  package: PublishedView | null;
  /** How it is to be built, and how what is live is; null where it has no mode. */
  mode: { asked: RenderingMode; before: RenderingMode | null } | null;
  /** The file that the provider will run, and the SHA-256 of its text; null where it runs none. */
  workflow: { path: string; digest: string } | null;
  /** Names of what the target's settings hold, never a value of a secret. */
  configNames: string[];
  checklist: { item: string; ticked: boolean }[];
  /** Whether what is there is what was deployed from here, as last seen from outside. */
  health: { state: 'unknown' | 'as_deployed' | 'drifted'; sentence: string; at: string | null };
  /** How what is live does; null where nothing is. A verdict of null: nothing was judged, and `why` says why. */
  verdict: { verdict: 'healthy' | 'worse' | 'inconclusive' | null; why: string; closed: boolean } | null;
  live: { number: number; sha: string; since: string } | null;
  rollBack: { how: string; usualMs: number | null; sentence: string };
  gates: GateView[];
  /** Why the reader may not approve; null when they may. */
  refusal: { code: string; sentence: string } | null;
}
