import type { ToldView } from '@/lib/announcements/model/view';
import type { ImageSource } from '@/lib/components/model/image-source';
import type { GateView } from '@/lib/gates/model/gate';
import type { Weather } from '@/lib/gates/model/preflight';
import type { ApprovalEntry } from '@/lib/gates/model/view';
import type { Refusal } from '@/lib/kernel/errors';
import type { CheckState, Commit, Comparison, DeployForm, InputValue } from '@/lib/providers/port';
import type { RenderingMode } from '../../rendering/model/mode';
import type { ModeView } from '../../rendering/model/proof';
import type { JobView } from './job-view';
import type { PublishedView } from './published-view';
import type { DeploymentStatus } from './status';

export type { JobView, StepView } from './job-view';

/** Times are ISO 8601 in UTC; durations are milliseconds. What crosses from server to browser, and nothing else. */
export interface PersonView {
  id: string | null;
  name: string;
}

export interface DeploymentSummary {
  id: string;
  number: number;
  kind: 'deploy' | 'rollback' | 'retry' | 'promote';
  status: DeploymentStatus;
  statusSince: string;
  component: { slug: string; name: string };
  environment: { slug: string; name: string; isProduction: boolean };
  /** The target's own, which tells it from the others of its component there; empty where it has none. */
  label: string;
  revision: { ref: string; refKind: 'branch' | 'tag'; sha: string; message: string; author: string };
  version: string;
  requestedBy: PersonView;
  requestedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  durationMs: number | null;
  waitingFor: string | null;
  attention: 'unknown_outcome' | null;
  failure: { code: string; sentence: string; step: string | null } | null;
  isCurrent: boolean;
  remoteUrl: string | null;
  /** How it is built; null where it has no mode. */
  rendering: RenderingMode | null;
}

/** p50/p90 over the last 20 successes of the same target; null below 3. */
export interface Usual {
  p50Ms: number;
  p90Ms: number;
  sample: number;
}

/** A control and, when it is off, the reason and who can lift it. */
export interface Allowed {
  allowed: boolean;
  refusal: Refusal | null;
}

export interface TimelineEntry {
  id: number;
  at: string;
  kind: string;
  fromStatus: DeploymentStatus | null;
  toStatus: DeploymentStatus | null;
  actorName: string;
  sentence: string;
}

export interface DeploymentDetail extends DeploymentSummary {
  targetId: string;
  reason: string;
  inputs: Record<string, InputValue>;
  provider: { label: string; connectionName: string; runsAt: string };
  remote: { id: string; attempt: number; url: string | null } | null;
  buildsNothing: boolean;
  /** Its run may have kept a package of an extension, which can be taken in from there. */
  mayHoldPackage: boolean;
  rawPhase: string | null;
  /** Since when the provider holds its run for people; null while it does not. */
  heldSince: string | null;
  /** When its run ended, badly, while its gallery is asked all the same; null while it is not so. */
  runEndedAt: string | null;
  deadlineAt: string | null;
  observedAt: string | null;
  trouble: string | null;
  usual: Usual | null;
  package: PublishedView | null;
  jobs: JobView[];
  timeline: TimelineEntry[];
  evidence: { sentence: string; at: string } | null;
  /** What was asked of its host, and what was shown from outside; null where it has no mode. */
  mode: ModeView | null;
  source: { id: string; number: number } | null;
  previous: { id: string; number: number; sha: string } | null;
  current: { id: string; number: number; sha: string } | null;
  cancelRequestedBy: string | null;
  /** What still stands between it and the provider; empty once it was handed over. */
  gates: GateView[];
  /** Null where the environment asks for none. `digest` is sent back with a decision; null once nobody is asked any more. */
  approval: {
    required: number;
    given: number;
    digest: string | null;
    expiresAt: string | null;
    entries: ApprovalEntry[];
  } | null;
  freezeOverride: { by: string; reason: string; at: string } | null;
  /** The one that took its place; null as well where its host serves another build that is not of ours (`failure`). */
  supersededBy: { id: string; number: number } | null;
  /** When the provider said done; until it is verified it is accepted, not live. */
  acceptedAt: string | null;
  /** The pin that came with it, as a roll-back or the re-run of one, is not lifted. */
  holdsTarget: boolean;
  checklist: { item: string; ticked: boolean }[];
  /** What the provider's own pages were told; null where nothing is. */
  told: ToldView | null;
  /** A run of it that appeared at the provider after it had ended. */
  lateRun: LateRunView | null;
  actions: {
    cancel: Allowed;
    stopWaiting: Allowed;
    retry: Allowed;
    redeploy: Allowed;
    rollBack: Allowed;
    rollBackFrom: Allowed;
    resolve: Allowed;
    approve: Allowed;
    reject: Allowed;
    overrideFreeze: Allowed;
    tick: Allowed;
  };
  logs: { mode: 'stream' | 'poll' | 'archive' } | null;
}

export interface LateRunView {
  runId: string;
  url: string | null;
  sentence: string;
  at: string;
  /** Who asked the provider to stop it. */
  cancelledBy: string | null;
  cancel: Allowed;
}

/** What is live is not what was put there from here. */
export interface DriftView {
  since: string;
  sentence: string;
  url: string | null;
}

export interface MatrixCell {
  targetId: string;
  environmentSlug: string;
  label: string;
  current: DeploymentSummary | null;
  /** The newest deployment when it is not the current one: in flight, or the last failure. */
  latest: DeploymentSummary | null;
  queued: number;
  /** Commits of the target's branch that are not live, as last seen (about 15 minutes); null when nobody knows. */
  commitsBehind: number | null;
  pins: PinView[];
  drift: DriftView | null;
  /** Settings that what is live has not, as last read; null when none is known. `approvals`: that the next one waits for. */
  changed: { names: string[]; readAt: string; approvals: number } | null;
  connection: { id: string; name: string; state: 'unchecked' | 'ok' | 'failing' };
  deploy: Allowed;
  /** A freeze alone refuses, and the reader may let one deployment through it: the composer asks for the reason. */
  mayOverride: boolean;
}

export interface PinView {
  id: string;
  kind: 'rollback' | 'lock' | 'freeze';
  reason: string;
  by: string;
  since: string;
  until: string | null;
}

export interface MatrixView {
  environments: { slug: string; name: string; isProduction: boolean }[];
  rows: {
    component: { slug: string; name: string; kind: string; description: string };
    cells: Record<string, MatrixCell[]>;
  }[];
}

/** How many things wait, for the numbers beside the places. */
export interface WaitingView {
  /** Deployments that the reader may approve and has not. */
  approvals: number;
  /** Deployments of which nobody knows whether they started, where the reader may decide. */
  questions: number;
  /** Locks, roll-backs, freezes and hosts that hold now. */
  holds: number;
}

export interface NowView {
  /** The worst thing in one sentence, with where to go; null when all is quiet. */
  headline: { tone: 'bad' | 'warn' | 'good'; sentence: string; href: string | null; since: string | null };
  inFlight: (DeploymentSummary & {
    usual: Usual | null;
    stepsDone: number;
    stepsTotal: number;
    currentStep: string | null;
  })[];
  needsYou: DeploymentSummary[];
  recent: DeploymentSummary[];
  pins: (PinView & { component: string; environment: string; label: string; targetId: string })[];
  drift: (DriftView & { component: string; environment: string; label: string; targetId: string })[];
  connections: {
    id: string;
    name: string;
    state: 'unchecked' | 'ok' | 'failing';
    checkedAt: string | null;
    problem: string | null;
    /** What is about to go wrong with its credential or its allowance; worst first. */
    weather: Weather[];
  }[];
  quickDeploys: {
    targetId: string;
    label: string;
    componentSlug: string;
    componentName: string;
    environmentSlug: string;
    environmentName: string;
    current: string | null;
    deploy: Allowed;
    mayOverride: boolean;
  }[];
}

export interface ComponentView {
  component: { slug: string; name: string; kind: string; description: string; paths: string[] };
  environments: { slug: string; name: string; isProduction: boolean; cells: MatrixCell[] }[];
  history: DeploymentSummary[];
  stats: { total30d: number; succeeded30d: number; p50Ms: number | null };
}

/** What the composer needs before a revision is chosen. */
export interface ComposerStart {
  target: { id: string } & Pick<DeploymentSummary, 'component' | 'environment' | 'label'>;
  provider: { label: string; connectionName: string };
  settings: { repository: string; workflow: string; defaultRef: string };
  /** Where the component's images are; null when it names no repository. */
  image: ImageSource | null;
  /** Inputs that the target's settings decide; they win over what is typed. */
  fixedInputs: Record<string, InputValue>;
  /** How it will be built; null where the target has no mode. */
  rendering: RenderingMode | null;
  current: DeploymentSummary | null;
  inFlight: DeploymentSummary[];
  pins: PinView[];
  usual: Usual | null;
  gate: Allowed;
  /** Every gate in the order in which it is said; `gate` is the first that is closed. */
  gates: GateView[];
  policy: { approvals: number; checklist: string[] };
  lastInputs: Record<string, InputValue> | null;
  idempotencyKey: string;
}

/** One selectable revision in the picker. */
export interface RevisionOption {
  ref: string;
  refKind: 'branch' | 'tag';
  sha: string;
  label: string;
  detail: string;
  checks: CheckState | null;
}

/** Everything that follows from a chosen ref: form, commits, refusals. */
export interface ComposerPlan {
  revision: { ref: string; refKind: 'branch' | 'tag'; sha: string };
  head: Commit | null;
  /** Null when it could not be read, and when the provider has none (`formless`). */
  form: DeployForm | null;
  /** The provider asks for nothing: it builds the commit as it is. */
  formless: boolean;
  comparison: Comparison | null;
  /** Commits on the ref newer than the chosen one: not included. */
  notIncluded: Commit[];
  gate: Allowed;
  gates: GateView[];
  policy: { approvals: number; checklist: string[] };
  warnings: string[];
  /** When what could not be read is worth another question; null where asking again changes nothing. Seconds. */
  askAgainSeconds: number | null;
}
