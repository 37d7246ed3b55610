import type { Scenario, SimulatorWorld } from '@/lib/providers/port';

export interface Person {
  id: number;
  login: string;
  name: string;
  email: string;
}

export interface Change {
  path: string;
  additions: number;
  deletions: number;
  status: 'added' | 'modified' | 'removed';
}

export type CiState = 'success' | 'failure' | 'pending';

export interface CommitNode {
  sha: string;
  parents: string[];
  message: string;
  author: Person;
  at: number;
  changes: Change[];
  /** Files that this commit writes (or removes, when null), on top of its first parent's tree. */
  overlay: Readonly<Record<string, string | null>>;
}

export interface WorkflowEntry {
  id: number;
  path: string;
  name: string;
}

export interface RepoState {
  id: number;
  owner: string;
  name: string;
  fullName: string;
  description: string;
  language: string;
  private: boolean;
  defaultBranch: string;
  createdAt: number;
  /** The tree of the root commit. */
  root: ReadonlyMap<string, string>;
  commits: Map<string, CommitNode>;
  branches: Map<string, string>;
  tags: Map<string, string>;
  workflows: WorkflowEntry[];
  /** Replaced as a whole when one changes: a run keeps the rules of the moment at which it began. */
  environments: readonly EnvironmentState[];
}

/** An environment and what it asks for before a job may have it. */
export interface EnvironmentState {
  id: number;
  name: string;
  createdAt: number;
  rules?: EnvironmentRules | undefined;
}

export interface EnvironmentRules {
  reviewers: readonly { type: 'User' | 'Team'; id: number }[];
  preventSelfReview: boolean;
  /** Minutes. */
  waitTimer: number;
  /** Null lets any ref in; `protected` only branches that a branch protection covers (here: the default branch). */
  branches: 'protected' | readonly { id: number; name: string; type: 'branch' | 'tag' }[] | null;
}

/** What somebody answered to one environment of an attempt. */
export interface ReviewAnswer {
  environment: string;
  state: 'approved' | 'rejected';
  login: string;
  comment: string;
  at: number;
}

/** A job that stands before an environment: from when until when, and whether it is let in then. */
export interface Gate {
  environment: EnvironmentState;
  since: number;
  until: number;
  opens: boolean;
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface StepPlan {
  number: number;
  name: string;
  /** `uses` or the first line of `run`; what the log is written from. */
  command: string;
  /** What `actions/upload-artifact` was told; null for any other step. */
  artifact: { name: string; path: string } | null;
  startedAt: number;
  endsAt: number;
  conclusion: Conclusion;
}

export interface JobPlan {
  id: number;
  key: string;
  name: string;
  needs: string[];
  /** Queued from then on; before that the API does not list it. */
  createdAt: number;
  startedAt: number;
  endsAt: number;
  conclusion: Conclusion;
  steps: StepPlan[];
  gate: Gate | null;
}

export interface Attempt {
  number: number;
  actor: Person;
  createdAt: number;
  startsAt: number;
  endsAt: number;
  conclusion: Conclusion;
  jobs: JobPlan[];
  /** Grows when a cancellation changes the plan; webhooks of an older plan are void. */
  version: number;
  cancelledAt: number | null;
  /** When this plan took the place of another. */
  replannedAt: number | null;
  answers: readonly ReviewAnswer[];
  /** Plans the same attempt again, knowing these answers. */
  replan(answers: readonly ReviewAnswer[]): Attempt;
}

export interface Run {
  id: number;
  number: number;
  repo: RepoState;
  workflow: WorkflowEntry;
  event: 'workflow_dispatch' | 'push';
  branch: string;
  sha: string;
  actor: Person;
  title: string;
  inputs: Record<string, string>;
  createdAt: number;
  /** Lists show the run from then on. */
  visibleAt: number;
  outcome: Scenario['outcome'] | 'stuck';
  /** Its jobs ask for the team's own runners. */
  ownRunners: boolean;
  pace: number;
  attempts: Attempt[];
}

export interface Hook {
  id: number;
  repo: string;
  url: string;
  secret: string | null;
  events: string[];
  active: boolean;
  createdAt: number;
}

/** A tree that was made through the API: files over the tree of a commit. */
export interface MadeTree {
  base: string;
  overlay: Readonly<Record<string, string | null>>;
}

export interface Pull {
  repo: string;
  number: number;
  title: string;
  body: string;
  /** Branches of the same repository. */
  head: string;
  base: string;
  author: string;
  state: 'open' | 'closed';
  createdAt: number;
  updatedAt: number;
}

export interface IssuedToken {
  token: string;
  kind: 'installation' | 'oauth';
  login: string;
  scopes: string;
  permissions: Record<string, string>;
  expiresAt: number | null;
}

export interface SimulatorOptions {
  seed: number;
  /** Files of the main repository by path. */
  files: ReadonlyMap<string, string>;
  /** A webhook that exists from the start, as if it had been added in the repository's settings. */
  webhook?: { url: string; secret: string | null } | undefined;
  /** Requests an hour for each token. Default 5,000, as GitHub's. */
  quota?: number | undefined;
}

export type { SimulatorWorld };
