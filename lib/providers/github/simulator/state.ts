import type { Scenario, SimulatorFact, SimulatorWorld } from '@/lib/providers/port';
import { packsOther } from './built-archive';
import { mainRepository, registerWorkflows, type SeededRepo, smallRepositories, treeOf } from './git';
import { BOT, OPERATOR, PEOPLE } from './history';
import { configuredHook, createdHook } from './hook-facts';
import { isBurned } from './pages';
import { cancelAttempt, planAttempt, scopeOf } from './plan';
import { objectId } from './random';
import { foldParts, Repositories } from './renames';
import type {
  Attempt,
  Hook,
  IssuedToken,
  JobPlan,
  MadeTree,
  Person,
  Pull,
  RepoState,
  Run,
  SimulatorOptions,
  WorkflowEntry,
} from './types';
import { interpolate, parseWorkflow, readableWorkflow } from './workflow-file';

export interface JobPlace {
  run: Run;
  attempt: number;
  job: JobPlan;
}

type Data = Record<string, unknown>;

/** Told about every attempt that a fact began or changed, so that its webhooks can be planned. */
export type AttemptListener = (run: Run, attempt: Attempt) => void;

/** Everything that the simulator knows: a fold over the journal's facts, brought up to date before each request. */
export class State {
  readonly repos = new Repositories();
  readonly runs = new Map<number, Run>();
  readonly jobs = new Map<number, JobPlace>();
  /** Runs by head commit, oldest first. */
  readonly runsOf = new Map<string, Run[]>();
  readonly hooks: Hook[] = [];
  readonly tokens = new Map<string, IssuedToken>();
  readonly trees = new Map<string, MadeTree>();
  readonly pulls: Pull[] = [];
  /** OAuth codes: who consented, and until when the code is good. */
  readonly codes = new Map<string, { login: string; scopes: string; expiresAt: number; redirect: string }>();
  /** The run, hook or commit that a fact made. */
  readonly made = new WeakMap<SimulatorFact, Run | Hook | string>();
  onAttempt: AttemptListener = () => {};
  onPush: (repo: RepoState, ref: string, before: string, after: string, by: Person, at: number) => void = () => {};
  #folded = 0;
  #runCount = 0;
  #jobCount = 0;
  readonly #numbers = new Map<number, number>();
  readonly #options: SimulatorOptions;

  get seed(): number {
    return this.#options.seed;
  }

  constructor(world: SimulatorWorld, options: SimulatorOptions) {
    this.#options = options;
    const origin = world.facts().find((fact) => fact.kind === 'sandbox.start')?.at ?? world.now();
    const seeded = [mainRepository(options.files, options.seed, origin), ...smallRepositories(options.seed, origin)];
    for (const one of seeded) this.repos.set(one.repo.fullName, one.repo);
    if (options.webhook) this.#addHook(configuredHook(options.webhook, origin));
    for (const one of seeded) this.#seedRuns(one);
  }

  /** Takes in the facts that were recorded since the last call. */
  fold(facts: readonly SimulatorFact[]): void {
    for (; this.#folded < facts.length; this.#folded++) {
      const fact = facts[this.#folded];
      if (fact) this.#apply(fact);
    }
  }

  person(login: string): Person {
    return [...PEOPLE, BOT].find((one) => one.login === login) ?? OPERATOR;
  }

  #apply(fact: SimulatorFact): void {
    const { data, at } = fact;
    switch (fact.kind) {
      case 'run.created':
        this.made.set(fact, this.#createRun(data, at));
        break;
      case 'run.rerun':
        this.#rerun(Number(data.run), String(data.actor), data.onlyFailed === true, Number(data.pace), at);
        break;
      case 'run.cancelled':
        this.#cancel(Number(data.run), data.force === true, at);
        break;
      case 'git.push':
        this.made.set(fact, this.#push(data, at));
        break;
      case 'git.ref':
        this.#createRef(data, at);
        break;
      case 'hook.created':
        this.made.set(fact, this.#addHook(createdHook(data, this.hooks.length, at)));
        break;
      case 'token.issued':
        this.tokens.set(String(data.token), { ...(data as unknown as IssuedToken) });
        if (data.code) this.codes.delete(String(data.code));
        break;
      case 'oauth.code':
        this.codes.set(String(data.code), {
          login: String(data.login),
          scopes: String(data.scopes),
          redirect: String(data.redirect),
          expiresAt: at + 600_000,
        });
        break;
      default:
        foldParts(this, fact);
    }
  }

  #createRun(data: Data, at: number): Run {
    const repo = this.repos.get(String(data.repo)) as RepoState;
    const workflow = repo.workflows.find((one) => one.path === data.path) as WorkflowEntry;
    return this.#startRun(repo, workflow, {
      event: data.event === 'push' ? 'push' : 'workflow_dispatch',
      branch: String(data.branch),
      sha: String(data.sha),
      actor: this.person(String(data.actor)),
      inputs: data.inputs as Record<string, string>,
      createdAt: at,
      visibleAt: at + Number(data.listLagMs ?? 0),
      outcome: data.outcome as Run['outcome'],
      ownRunners: data.ownRunners === true,
      pace: Number(data.pace),
      title: null,
    });
  }

  #startRun(
    repo: RepoState,
    workflow: WorkflowEntry,
    more: Omit<Run, 'id' | 'number' | 'repo' | 'workflow' | 'attempts' | 'title'> & { title: string | null },
  ): Run {
    const number = (this.#numbers.get(workflow.id) ?? 0) + 1;
    this.#numbers.set(workflow.id, number);
    const id = 19_640_000_000 + ++this.#runCount * 1_009;
    const file = parseWorkflow(treeOf(repo, more.sha).get(workflow.path) ?? '', workflow.path);
    const title = more.title ?? (file.runName ? interpolate(file.runName, scopeOf(more, id)).trim() : file.name);
    const run: Run = { ...more, id, number, repo, workflow, title, attempts: [] };
    this.runs.set(id, run);
    const known = this.runsOf.get(run.sha);
    if (known) known.push(run);
    else this.runsOf.set(run.sha, [run]);
    this.#attempt(run, more.actor, more.createdAt, more.pace, null);
    return run;
  }

  #attempt(run: Run, actor: Person, at: number, pace: number, carry: Attempt | null): void {
    const number = run.attempts.length + 1;
    const file = parseWorkflow(treeOf(run.repo, run.sha).get(run.workflow.path) ?? '', run.workflow.path);
    const attempt = planAttempt({
      runId: run.id,
      number,
      actor,
      createdAt: at,
      jobs: file.jobs,
      scope: scopeOf(run, run.id),
      pace,
      fails: run.outcome === 'failure' || (run.outcome === 'flaky' && number === 1),
      ...{ stuck: run.outcome === 'stuck', otherPackage: packsOther(run, file.jobs) },
      burned: isBurned(this, run.repo, run.sha, at),
      carry,
      environments: run.repo.environments,
      defaultBranch: run.repo.defaultBranch,
      refType: run.repo.tags.has(run.branch) && !run.repo.branches.has(run.branch) ? 'tag' : 'branch',
      answers: [],
      nextJobId: () => 53_480_000_000 + ++this.#jobCount * 31,
    });
    run.attempts.push(attempt);
    this.#index(run, attempt);
    this.onAttempt(run, attempt);
  }

  #index(run: Run, attempt: Attempt): void {
    for (const job of attempt.jobs) this.jobs.set(job.id, { run, attempt: attempt.number, job });
  }

  #rerun(id: number, actor: string, onlyFailed: boolean, pace: number, at: number): void {
    const run = this.runs.get(id);
    if (run) this.#attempt(run, this.person(actor), at, pace, onlyFailed ? (run.attempts.at(-1) ?? null) : null);
  }

  #cancel(id: number, force: boolean, at: number): void {
    const run = this.runs.get(id);
    const last = run?.attempts.at(-1);
    if (!run || !last || last.endsAt <= at) return;
    this.replace(run, cancelAttempt(last, at, force ? 0 : 1_500 * run.pace));
  }

  /** Another plan for the newest attempt of a run. */
  replace(run: Run, next: Attempt): void {
    run.attempts[run.attempts.length - 1] = next;
    this.#index(run, next);
    this.onAttempt(run, next);
  }

  #push(data: Data, at: number): string {
    const repo = this.repos.get(String(data.repo)) as RepoState;
    const branch = String(data.branch);
    const before = repo.branches.get(branch) ?? '';
    const author = this.person(String(data.author));
    const overlay = (data.files ?? {}) as Record<string, string | null>;
    const tree = treeOf(repo, before);
    const sha = objectId('push', this.#options.seed, repo.fullName, repo.commits.size, at);
    const changes = Object.entries(overlay).map(([path, content]) => {
      const status =
        content === null ? ('removed' as const) : tree.has(path) ? ('modified' as const) : ('added' as const);
      return { path, additions: content?.split('\n').length ?? 0, deletions: status === 'added' ? 0 : 1, status };
    });
    repo.commits.set(sha, {
      sha,
      parents: before ? [before] : [],
      message: String(data.message),
      author,
      at,
      changes,
      overlay,
    });
    repo.branches.set(branch, sha);
    if (branch === repo.defaultBranch) registerWorkflows(repo);
    this.onPush(repo, `refs/heads/${branch}`, before, sha, author, at);
    const scenario = data as unknown as Pick<Scenario, 'pace' | 'outcome'>;
    this.#runOnPush(repo, branch, sha, author, at, scenario.outcome ?? 'success', scenario.pace ?? 1);
    return sha;
  }

  #runOnPush(
    repo: RepoState,
    branch: string,
    sha: string,
    actor: Person,
    at: number,
    outcome: Run['outcome'],
    pace: number,
  ): void {
    const tree = treeOf(repo, sha);
    for (const workflow of repo.workflows) {
      const text = tree.get(workflow.path);
      if (!text || !readableWorkflow(text, workflow.path)?.triggers.includes('push')) continue;
      const title = repo.commits.get(sha)?.message.split('\n')[0] ?? sha;
      this.#startRun(repo, workflow, {
        event: 'push',
        branch,
        sha,
        actor,
        inputs: {},
        createdAt: at,
        visibleAt: at,
        outcome,
        ownRunners: false,
        pace,
        title,
      });
    }
  }

  #createRef(data: Data, at: number): void {
    const repo = this.repos.get(String(data.repo)) as RepoState;
    const ref = String(data.ref);
    const names = ref.startsWith('refs/tags/') ? repo.tags : repo.branches;
    names.set(ref.replace(/^refs\/(heads|tags)\//, ''), String(data.sha));
    this.onPush(repo, ref, '0'.repeat(40), String(data.sha), this.person(String(data.actor)), at);
  }

  #addHook(hook: Hook): Hook {
    this.hooks.push(hook);
    return hook;
  }

  #seedRuns({ repo, ci }: SeededRepo): void {
    const branchOf = new Map([...repo.branches].reverse().map(([branch, sha]) => [sha, branch]));
    const commits = [...repo.commits.values()].sort((a, b) => a.at - b.at);
    for (const commit of commits) {
      const state = ci.get(commit.sha) ?? 'success';
      const outcome = state === 'pending' ? 'stuck' : state;
      this.#runOnPush(
        repo,
        branchOf.get(commit.sha) ?? repo.defaultBranch,
        commit.sha,
        commit.author,
        commit.at,
        outcome,
        8,
      );
    }
  }
}
