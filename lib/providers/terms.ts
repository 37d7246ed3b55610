/** What crosses the port, in our words. Times are ISO 8601 in UTC unless a name says otherwise. */

import type { RenderingMode } from '../rendering/model/mode';
import type { ChecksSaid } from './check-terms';
import type { HeldThere } from './environment-terms';

/** The provider's own execution. `attempt` grows by one on a re-run that keeps the id (GitHub). */
export interface RemoteRef {
  id: string;
  attempt: number;
  url: string;
}

export interface Revision {
  ref: string;
  refKind: 'branch' | 'tag';
  /** Full 40-character commit id; what was resolved when the person chose it. */
  sha: string;
}

export type InputValue = string | number | boolean;

export interface DeployRequest {
  /** Our marker; appears at the provider so that the run can be found again. `aether-<deployment id>-<attempt>`. */
  marker: string;
  revision: Revision;
  inputs: Record<string, InputValue>;
  /** How a web dashboard is to be built; undefined where the target has no mode. Only for who `writes: 'request'`. */
  rendering?: RenderingMode | undefined;
  /** What was looked at, and approved: `DeployForm.source.digest` of then. Another file now is refused as `form_changed`, unsent. */
  formDigest?: string | undefined;
}

/** Where a run is, in our words. `unrecognised` keeps the present status; it never means success. */
export type Phase =
  | 'queued'
  | 'waiting'
  | 'building'
  | 'deploying'
  | 'done'
  | 'failed'
  | 'cancelled'
  | 'timed_out'
  | 'unrecognised';

export type StepStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'unrecognised';

export interface ObservedStep {
  /** Stable within one run attempt, e.g. `job id:step number`; a job itself is `job id:0`. */
  key: string;
  job: string;
  jobId: string;
  /** 0 for the job itself. */
  number: number;
  name: string;
  status: StepStatus;
  /** It failed because it took too long: it was cut off, and may have done what it does. */
  timedOut?: true;
  startedAt: string | null;
  endedAt: string | null;
}

export interface Observation extends HeldThere {
  ref: RemoteRef;
  phase: Phase;
  /** The vendor's own word, kept for the record: `in_progress`, `completed/success`, … */
  rawPhase: string;
  sha: string | null;
  startedAt: string | null;
  /** When it ended by the provider's clock, and where it is done, since when users have it. Set once the phase is an end. */
  finishedAt: string | null;
  /** Who or what the run waits for, when `phase` is `waiting` or `queued`. */
  waitingFor: string | null;
  failure: { step: string | null; sentence: string } | null;
  steps: ObservedStep[];
}

/** What a provider says is live on a target, and who put it there. */
export interface LiveNow {
  sha: string | null;
  version: string | null;
  /** The run or release that did it. */
  ref: RemoteRef | null;
  /** Our marker when we did; null when somebody else did. */
  marker: string | null;
  byName: string | null;
  at: string | null;
  /** Why new builds do not go live by themselves there; null when they do, left out where nothing is known of it. */
  held?: string | null;
}

export interface Repository {
  fullName: string;
  defaultBranch: string;
  private: boolean;
  url: string;
}

export interface Ref {
  name: string;
  kind: 'branch' | 'tag';
  sha: string;
}

export interface Commit extends ChecksSaid {
  sha: string;
  message: string;
  author: string;
  authoredAt: string;
  url: string;
}

export interface Comparison {
  /** Commits that `head` has and `base` has not, newest first. At most 250 (the vendor's own limit). */
  included: Commit[];
  /** Commits that `base` has and `head` has not: what a deployment of `head` would take away. */
  leaving: Commit[];
  totalIncluded: number;
  totalLeaving: number;
  url: string;
}

export interface WorkflowFile {
  /** File name under `.github/workflows`, e.g. `backend-deploy.yml`. */
  path: string;
  name: string;
  url: string;
  state: string;
}

/** Words for the environment of a target, and for all others. Capitals do not matter. */
export interface PlaceWords {
  own: readonly string[];
  others: readonly string[];
}

/** The words as an input of this name may have them: targets of the same repository may fix it to words of their own. */
export type PlaceWordsOf = (input: string) => PlaceWords;

/** One field of the form that a workflow (or a build) declares. */
export interface FormField {
  name: string;
  type: 'string' | 'choice' | 'boolean' | 'number' | 'environment';
  description: string;
  required: boolean;
  default: InputValue | null;
  /** Choices for `choice` and `environment`; empty otherwise. */
  options: string[];
  /** Of an environment: the workflow's file itself lists what it may be. */
  ofFile?: true;
  /** Where the run goes while it is empty, without a default: the environments that jobs fall back to. */
  whenEmpty?: string[];
}

/** One thing that a workflow should have for us to rely on it. */
export interface WorkflowAdvice {
  /** It is there. */
  fine: boolean;
  /** What it is good for; when it is missing, word for word one of the form's `warnings`. */
  sentence: string;
  /** What to add to the file, to be copied; null when nothing is missing. */
  snippet: string | null;
}

export interface DeployForm {
  fields: FormField[];
  /** Fields that the target's settings fix, so that nobody is asked; left out where there are none. Shown to nobody. */
  fixed?: FormField[];
  /** Fields that we fill in ourselves and never show: marker and commit. */
  reserved: { marker: string | null; sha: string | null };
  /** The workflow's `run-name` echoes the marker, so a run can be found again after a lost answer. */
  findable: boolean;
  /** Where the form was read: file and commit. */
  source: {
    path: string;
    sha: string;
    url: string;
    /** SHA-256 of the file's text, in hexadecimal; left out where the provider runs no file of the repository. */
    digest?: string;
  };
  warnings: string[];
  /** For the person who sets a target up: what is there, and what to add. */
  advice?: WorkflowAdvice[];
  /** Inputs that the target fixes and the workflow does not have, where nothing is started with them. */
  undeclared?: string[];
  /** For `workflows.leadsTo`; nobody else is told. */
  places?: JobPlaces;
}

/** What says where jobs run, and which inputs of it we fill in ourselves. */
export type DecidingJobs = Pick<DeployForm, 'places' | 'reserved'>;

/** The jobs of a workflow that run in an environment, and what that is worked out from. */
export interface JobPlaces {
  /** The workflow's file, as its provider names it. This and names of jobs are not in what was kept before. */
  path?: string;
  /** As the file writes them. `condition` decides whether the job runs, empty = nothing does; `after`: those of jobs that it needs. */
  jobs: { name?: string; environment: string; condition: string; after?: string[] }[];
  /** All that are declared, also those that the form does not show; `default` as the file has it, cut off, null = none. */
  inputs: { name: string; type: FormField['type']; default: string | null }[];
}

/** What a run is started with. `fixed` is what the target's settings say, which wins over `inputs`, filled in by defaults too. */
export interface SentWith {
  inputs: Readonly<Record<string, InputValue>>;
  fixed: Readonly<Record<string, InputValue>>;
  revision: Revision;
}

/** Characters that may still be read to work something out; below zero, it was given up. */
export interface Effort {
  left: number;
}

/** What a run comes to by some of what it is started with. */
export interface PartlySent extends SentWith {
  /** Inputs that may be anything unless they are fixed; `rest`: all others, and the branch or tag. */
  open: readonly string[] | 'rest';
}

/**
 * Where one job runs: one of `texts`; `parts` make up a longer one, as `eu` does `live-eu`. `byRef`: no input leads there, only
 * the branch or tag does.
 */
export interface JobPlace {
  texts: string[];
  parts: string[];
  byRef?: true;
  /** The file names it itself, in this job. `chosen`: what is sent lets the job run, which it does not otherwise. */
  written?: { job: string; file: string; chosen?: true };
}

export interface LogChunk {
  text: string;
  /** Pass back to read on; null when there is nothing more to come. */
  cursor: string | null;
}

export interface CredentialReport {
  ok: boolean;
  account: string;
  scopes: string[];
  /** What is missing, each with what to do. */
  problems: string[];
  expiresAt: string | null;
  /** What is good to know and asks for nothing. */
  notes?: string[];
}

export interface QuotaSnapshot {
  resource: string;
  limit: number;
  remaining: number;
  /** Epoch milliseconds. */
  resetAt: number;
}

/** A parsed webhook: a hint that something changed, never the truth itself. */
export interface WebhookHint {
  deliveryId: string;
  event: string;
  action: string | null;
  repository: string | null;
  remoteId: string | null;
}

/** A change that people look at before it is part of the default branch. */
export interface Proposal {
  id: string;
  url: string;
  branch: string;
}

/** What a repository has now, where a proposal would begin. */
export interface ProposedState {
  /** The branch that it would be merged into. */
  base: string;
  /** The commit at which the files were read: of the open proposal, or of `base`. */
  at: string;
  open: Proposal | null;
  files: Record<string, string | null>;
}

export interface WantedProposal {
  /** Part of the branch's name: `setup-backend`. */
  name: string;
  /** From `read`; a branch that has moved on since is not touched. */
  from: Omit<ProposedState, 'files'>;
  files: readonly { path: string; text: string }[];
  title: string;
  /** Markdown. */
  body: string;
}
