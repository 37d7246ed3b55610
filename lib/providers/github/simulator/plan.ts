import { gateBefore } from './gate-plan';
import { chance } from './random';
import type { Attempt, Conclusion, EnvironmentState, JobPlan, Person, ReviewAnswer, StepPlan } from './types';
import { type DeclaredJob, type DeclaredStep, type ExpressionScope, interpolate, permits } from './workflow-file';

export interface PlanRequest {
  runId: number;
  number: number;
  actor: Person;
  createdAt: number;
  jobs: readonly DeclaredJob[];
  scope: ExpressionScope;
  pace: number;
  fails: boolean;
  stuck: boolean;
  /** Pages has kept that a deployment of this head was broken off: another one of it fails. */
  burned: boolean;
  /** The commit makes another package than the run was told to make: the step that packs it fails. */
  otherPackage: boolean;
  /** The attempt before, when only its failed jobs run again. */
  carry: Attempt | null;
  environments: readonly EnvironmentState[];
  defaultBranch: string;
  refType: 'branch' | 'tag';
  answers: readonly ReviewAnswer[];
  nextJobId(): number;
}

const QUEUE_MS = 1_500;
const BETWEEN_JOBS_MS = 700;
/** Length of a job by what it is, in ms at pace 1; a backend deployment comes to about 38 s. */
const JOB_MS: readonly [RegExp, number][] = [
  [/test|lint|check/i, 9_000],
  [/push|upload/i, 5_500],
  [/build|package/i, 11_000],
  [/deploy|publish|release/i, 9_500],
];
const STEP_WEIGHT: readonly [RegExp, number][] = [
  [/^(post |complete)/i, 0.15],
  [/set up job|check out/i, 0.6],
  [/install|pytest|run the tests|npm test/i, 2.5],
  [/build the image|buildx build|mkdocs build/i, 4],
  [/roll out|wait until|push the image|publish/i, 3],
];

/** The whole future of an attempt, decided at its start: what runs when, and how it ends. */
export function planAttempt(request: PlanRequest): Attempt {
  const startsAt = request.stuck ? Number.POSITIVE_INFINITY : request.createdAt + QUEUE_MS * request.pace;
  const jobs: JobPlan[] = [];
  for (const declared of request.jobs) {
    const kept = request.carry?.jobs.find((job) => job.key === declared.key && job.conclusion === 'success');
    jobs.push(kept ? { ...kept, id: request.nextJobId() } : planJob(request, declared, jobs, startsAt));
  }
  const ran = jobs.filter((job) => job.conclusion !== 'skipped');
  const endsAt = Math.max(startsAt, ...jobs.map((job) => job.endsAt)) + (request.stuck ? 0 : 300 * request.pace);
  const conclusion: Conclusion = jobs.some((job) => job.conclusion === 'failure')
    ? 'failure'
    : ran.length
      ? 'success'
      : 'skipped';
  return {
    number: request.number,
    actor: request.actor,
    createdAt: request.createdAt,
    startsAt,
    endsAt,
    conclusion,
    jobs,
    version: 0,
    cancelledAt: null,
    replannedAt: null,
    answers: request.answers,
    replan(answers) {
      const ids = jobs.map((job) => job.id);
      return planAttempt({ ...request, answers, nextJobId: () => ids.shift() ?? 0 });
    },
  };
}

function planJob(request: PlanRequest, declared: DeclaredJob, before: readonly JobPlan[], startsAt: number): JobPlan {
  const needed = before.filter((job) => declared.needs.includes(job.key));
  const isFirst = needed.length === 0;
  const ready = isFirst
    ? startsAt - QUEUE_MS * request.pace * 0.5
    : Math.max(...needed.map((job) => Math.max(job.endsAt, request.createdAt)));
  const createdAt = request.stuck ? (isFirst ? request.createdAt : Number.POSITIVE_INFINITY) : ready;
  const job = {
    id: request.nextJobId(),
    key: declared.key,
    name: interpolate(declared.name, request.scope),
    needs: declared.needs,
    createdAt,
    gate: null,
  };
  const blocked = needed.some((one) => one.conclusion !== 'success') || !permits(declared.if, request.scope);
  if (blocked) return { ...job, startedAt: createdAt, endsAt: createdAt, conclusion: 'skipped', steps: [] };
  const gate = request.stuck ? null : gateBefore(request, declared, Math.max(createdAt, request.createdAt));
  if (gate && !gate.opens)
    return { ...job, gate, startedAt: gate.until, endsAt: gate.until, conclusion: 'failure', steps: [] };
  const startedAt = request.stuck
    ? Number.POSITIVE_INFINITY
    : Math.max(startsAt, (gate?.until ?? createdAt) + BETWEEN_JOBS_MS * request.pace);
  const fails =
    (request.fails && declared.key === failingJob(request.jobs)) ||
    (request.burned && declared.steps.some((step) => PAGES.test(step.uses ?? ''))) ||
    (request.otherPackage && declared.steps.some((step) => PACKS.test(step.run ?? '')));
  const steps = planSteps(request, declared, startedAt, fails);
  const endsAt = steps.at(-1)?.endsAt ?? startedAt;
  return { ...job, gate, startedAt, endsAt, conclusion: fails ? 'failure' : 'success', steps };
}

const PACKS = /vsce package/;
const PAGES = /^actions\/deploy-pages@/;

function failingJob(jobs: readonly DeclaredJob[]): string | undefined {
  return (jobs.find((job) => /test/i.test(`${job.key} ${job.name}`)) ?? jobs[0])?.key;
}

const KEEPS = /^actions\/upload-artifact@/;

interface Draft {
  name: string;
  command: string;
  artifact: StepPlan['artifact'];
  runs: boolean;
  isPost: boolean;
  isRun: boolean;
}

function drafts(declared: DeclaredJob, scope: ExpressionScope): Draft[] {
  const own = declared.steps.map((step): Draft => {
    const command = step.uses ?? step.run ?? '';
    return {
      name: stepName(step, scope),
      command,
      artifact: KEEPS.test(command)
        ? { name: interpolate(step.with.name ?? 'artifact', scope), path: interpolate(step.with.path ?? '', scope) }
        : null,
      runs: permits(step.if, scope),
      isPost: false,
      isRun: step.run !== null,
    };
  });
  const posts = own
    .filter((step) => /^(actions\/(checkout|setup-)|docker\/(login|setup-buildx))/.test(step.command))
    .reverse()
    .map((step) => ({ ...step, name: `Post ${step.name}`, isPost: true }));
  const frame = { runs: true, isRun: false, artifact: null };
  return [
    { ...frame, name: 'Set up job', command: '', isPost: false },
    ...own,
    ...posts,
    { ...frame, name: 'Complete job', command: '', isPost: true },
  ];
}

function stepName(step: DeclaredStep, scope: ExpressionScope): string {
  if (step.name) return interpolate(step.name, scope);
  return `Run ${step.uses ?? step.run?.split('\n')[0] ?? ''}`;
}

function planSteps(request: PlanRequest, declared: DeclaredJob, startedAt: number, fails: boolean): StepPlan[] {
  const all = drafts(declared, request.scope);
  const failing = fails ? failingStep(all, request.burned) : -1;
  const weights = all.map((step) => (step.runs ? weigh(STEP_WEIGHT, `${step.name} ${step.command}`, 1) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const length =
    weigh(JOB_MS, `${declared.key} ${declared.name}`, 6_000) *
    request.pace *
    (0.92 + 0.16 * chance(request.runId, declared.key, request.number));
  let at = startedAt;
  return all.map((step, index) => {
    const isCutOff = failing >= 0 && index > failing && !step.isPost;
    const runs = step.runs && !isCutOff;
    const from = at;
    if (runs) at += ((weights[index] ?? 0) / total) * length;
    const conclusion: Conclusion = !runs ? 'skipped' : index === failing ? 'failure' : 'success';
    const { name, command, artifact } = step;
    return { number: index + 1, name, command, artifact, startedAt: from, endsAt: at, conclusion };
  });
}

function failingStep(all: readonly Draft[], burned: boolean): number {
  const pages = burned ? all.findIndex((step) => step.runs && PAGES.test(step.command)) : -1;
  return pages >= 0 ? pages : all.findLastIndex((step) => step.isRun && step.runs);
}

function weigh(table: readonly [RegExp, number][], text: string, otherwise: number): number {
  return table.find(([pattern]) => pattern.test(text))?.[1] ?? otherwise;
}

/** What is left of a plan when it is cancelled: nothing starts any more, and what runs stops within a moment. */
export function cancelAttempt(attempt: Attempt, at: number, grace: number): Attempt {
  const stop = at + grace;
  const jobs = attempt.jobs.flatMap((job): JobPlan[] => {
    if (job.endsAt <= at) return [job];
    if (job.createdAt > at) return [];
    const startedAt = Math.min(job.startedAt, stop);
    return [
      {
        ...job,
        startedAt,
        endsAt: stop,
        gate: job.gate && { ...job.gate, until: Math.min(job.gate.until, stop) },
        conclusion: 'cancelled',
        steps: job.startedAt > at ? [] : job.steps.map((step) => cutStep(step, at, stop)),
      },
    ];
  });
  return {
    ...attempt,
    jobs,
    startsAt: Math.min(attempt.startsAt, stop),
    endsAt: stop,
    conclusion: 'cancelled',
    cancelledAt: at,
    version: attempt.version + 1,
  };
}

function cutStep(step: StepPlan, at: number, stop: number): StepPlan {
  if (step.endsAt <= at) return step;
  if (step.startedAt <= at) return { ...step, endsAt: stop, conclusion: 'cancelled' };
  return { ...step, startedAt: stop, endsAt: stop, conclusion: 'skipped' };
}

/** What the expressions of a run's workflow may speak of. */
export function scopeOf(
  run: { inputs: Record<string, string>; actor: Person; branch: string; sha: string },
  id: number,
) {
  return {
    inputs: run.inputs,
    github: { actor: run.actor.login, ref_name: run.branch, sha: run.sha, run_id: String(id) },
  };
}
