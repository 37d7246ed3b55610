import type { Simulator, SimulatorWorld } from '@/lib/providers/port';
import { accountRoutes } from './simulator/account';
import { appRoutes } from './simulator/apps';
import { artifactRoutes, serveArtifact } from './simulator/artifacts';
import { type Built, packageOf } from './simulator/built-archive';
import { capacityRoutes } from './simulator/capacity';
import { checkRoutes } from './simulator/checks';
import { commitRoutes } from './simulator/commits';
import { configurationRoutes } from './simulator/configuration';
import { contentRoutes } from './simulator/contents';
import { deploymentRoutes } from './simulator/deployments';
import { environmentRoutes } from './simulator/environments';
import { treeOf } from './simulator/git';
import { gitDataRoutes } from './simulator/git-data';
import { gitFileRoutes } from './simulator/git-files';
import { type DeliveryLog, hookRoutes, noDeliveries } from './simulator/hooks';
import { jobRoutes, serveLog } from './simulator/jobs';
import { Limits } from './simulator/limits';
import { webRoute } from './simulator/oauth';
import { pagesRoutes } from './simulator/pages';
import { pullRoutes } from './simulator/pulls';
import { refRoutes } from './simulator/refs';
import { releaseRoutes } from './simulator/releases';
import { repositoryRoutes } from './simulator/repos';
import { API, LOG_HOST, notFound } from './simulator/respond';
import { RestApi } from './simulator/rest-api';
import { reviewRoutes } from './simulator/reviews';
import { type Route, repoRoutes } from './simulator/router';
import { runRoutes } from './simulator/runs';
import { State } from './simulator/state';
import { STATUS_HOST, serveStatus } from './simulator/status-page';
import { subjectRoutes } from './simulator/subject';
import { type TrueRun, truth } from './simulator/truth';
import type { SimulatorOptions } from './simulator/types';
import { Deliveries } from './simulator/webhooks';
import { parseWorkflow } from './simulator/workflow-file';
import { workflowRoutes } from './simulator/workflows';

export type { TrueRun } from './simulator/truth';
export type { SimulatorOptions } from './simulator/types';

export interface Push {
  repository?: string;
  branch: string;
  message?: string;
  author?: string;
  files?: Record<string, string | null>;
}

export interface Packed {
  /** Its file's name. */
  workflow: string;
  sha: string;
  inputs: Record<string, string>;
}

export interface GithubSimulator extends Simulator {
  /** Every run that exists, whatever lists show: what a client's own books are checked against. */
  truth(): TrueRun[];
  /** The .vsix that a run's workflow makes; null = it makes none. */
  packageOf(runId: string): Buffer | null;
  /** The .vsix that a workflow makes of a commit of the main repository; null = there is no such commit, or it makes none. */
  packed(wanted: Packed): Buffer | null;
  /** Adds a commit to a branch, as a person's `git push` would; answers with its id. */
  push(push: Push): Promise<string>;
  /** Gives a repository another name, as its settings would; `repository` is what it is called now. */
  rename(wanted: { repository: string; name: string }): Promise<void>;
  /** What became of a delivery, for the list of deliveries of its hook. */
  settle(deliveryId: string, statusCode: number): void;
}

/** Everything that the simulated API answers. */
export function githubRoutes(limits = new Limits(5_000), deliveries: DeliveryLog = noDeliveries): Route[] {
  return [
    ...accountRoutes(limits),
    ...appRoutes,
    ...repoRoutes(
      [
        ...repositoryRoutes,
        ...environmentRoutes,
        ...refRoutes,
        ...gitDataRoutes,
        ...gitFileRoutes,
        ...pullRoutes,
        ...deploymentRoutes,
        ...releaseRoutes,
        ...commitRoutes,
        ...checkRoutes,
        ...contentRoutes,
        ...workflowRoutes,
        ...runRoutes,
        ...reviewRoutes,
        ...jobRoutes,
        ...artifactRoutes,
        ...pagesRoutes,
        ...subjectRoutes,
        ...capacityRoutes,
        ...configurationRoutes,
        ...hookRoutes(deliveries),
      ],
      notFound,
    ),
  ];
}

/**
 * GitHub as far as a release console needs it: REST, OAuth, Actions and webhooks of one organisation.
 * Its state is a function of seed, facts and time; only quotas and delivery results live in memory.
 */
export function createGithubSimulator(world: SimulatorWorld, options: SimulatorOptions): GithubSimulator {
  const state = new State(world, options);
  const deliveries = new Deliveries(state, world, options.seed);
  const limits = new Limits(options.quota ?? 5_000);
  const rest = new RestApi({ world, state, limits, options, routes: githubRoutes(limits, deliveries) });
  return {
    hosts: [new URL(API).host, 'github.com', LOG_HOST, STATUS_HOST],
    async handle(request) {
      state.fold(world.facts());
      const { host } = new URL(request.url);
      // It stands elsewhere, so it answers while GitHub does not.
      if (host === STATUS_HOST) return serveStatus(request, world);
      if (world.scenario().down) return unicorn();
      if (host === LOG_HOST) return serveArtifact(request, state, world.now()) ?? serveLog(request, state, world.now());
      return host === 'github.com' ? webRoute(request, state, world) : rest.handle(request);
    },
    dueWebhooks() {
      state.fold(world.facts());
      return deliveries.due();
    },
    truth() {
      state.fold(world.facts());
      return truth(state, world.now());
    },
    packageOf(runId) {
      state.fold(world.facts());
      const run = state.runs.get(Number(runId));
      return run ? packageBy(run, run.workflow.path) : null;
    },
    packed({ workflow, sha, inputs }) {
      state.fold(world.facts());
      const repo = state.repos.get('aetherstack/aetherstack');
      const head = repo?.branches.get(repo.defaultBranch);
      if (!repo?.commits.has(sha) || !head) return null;
      return packageBy({ repo, sha: head, inputs: { ...inputs, sha } }, `.github/workflows/${workflow}`);
    },
    push: (wanted) => push(world, state, wanted),
    async rename({ repository, name }) {
      state.fold(world.facts());
      if (state.repos.get(repository)?.fullName !== repository)
        throw new Error(`There is no repository ${repository}.`);
      await world.record({ at: world.now(), kind: 'repository.renamed', data: { repo: repository, name } });
    },
    settle: (deliveryId, statusCode) => deliveries.settle(deliveryId, statusCode),
  };
}

/** By the workflow's file as it is at the commit that the run began at. */
function packageBy(run: Built, path: string): Buffer | null {
  const text = treeOf(run.repo, run.sha).get(path) ?? '';
  return packageOf(run, parseWorkflow(text, path).jobs);
}

async function push(world: SimulatorWorld, state: State, wanted: Push): Promise<string> {
  const {
    repository = 'aetherstack/aetherstack',
    branch,
    message = 'Change',
    author = 'tobiasade',
    files = {},
  } = wanted;
  const { pace, outcome } = world.scenario();
  const data = { repo: repository, branch, message, author, files, pace, outcome };
  const fact = { at: world.now(), kind: 'git.push', data };
  await world.record(fact);
  state.fold(world.facts());
  return String(state.made.get(fact));
}

function unicorn(): Response {
  return new Response('<html><body>Unicorn!</body></html>', { status: 503, headers: { 'content-type': 'text/html' } });
}
