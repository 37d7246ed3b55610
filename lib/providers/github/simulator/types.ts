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
  environments: { id: number; name: string; createdAt: number }[];
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface StepPlan {
  number: number;
  name: string;
  /** `uses` or the first line of `run`; what the log is written from. */
  command: string;
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
