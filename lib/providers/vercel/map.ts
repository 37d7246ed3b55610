import { vendorPhrase } from '@/lib/http/vendor-text';
import type { Observation, ObservedStep, Phase, StepStatus } from '../port';
import type { Deployment, Project } from './schema';

/** What Vercel calls where a deployment is. A map, not an object, because a word may be `constructor`. */
const STATES = new Map<string, Phase>([
  ['QUEUED', 'queued'],
  ['INITIALIZING', 'building'],
  ['BUILDING', 'building'],
  ['READY', 'done'],
  ['ERROR', 'failed'],
  ['CANCELED', 'cancelled'],
  ['DELETED', 'cancelled'],
  ['BLOCKED', 'waiting'],
]);

/**
 * A deployment in our words. READY means that it is built: it counts as done when its domains lead to it. `heldBack`: the
 * project does not assign its domains by itself.
 * Source: https://vercel.com/docs/deployments/promoting-a-deployment
 */
export function toObservation(deployment: Deployment, url: string, heldBack = false): Observation {
  const where = placeInLife(deployment, heldBack);
  const failed = where.phase === 'failed' ? failureOf(deployment) : null;
  return {
    ref: { id: deployment.id, attempt: 1, url },
    phase: where.phase,
    rawPhase: [deployment.readyState, deployment.readySubstate].filter(Boolean).join('/').slice(0, 100),
    sha: shaOf(deployment),
    startedAt: iso(deployment.buildingAt || deployment.createdAt),
    finishedAt: isOver(where.phase) ? iso(endOf(deployment)) : null,
    waitingFor: where.waitingFor,
    keptBack: where.phase === 'waiting' && deployment.readyState === 'READY',
    failure: failed,
    steps: stepsOf(deployment, where.phase, failed?.step ?? null),
  };
}

/** A build that is promoted later is done when its domains lead to it, not when it was built. */
function endOf({ canceledAt, aliasAssignedAt, aliasAssigned, ready, createdAt }: Deployment) {
  const assigned = [aliasAssignedAt, aliasAssigned].find((at) => typeof at === 'number');
  return canceledAt || assigned || ready || createdAt;
}

export const isOver = (phase: Phase): boolean => ['done', 'failed', 'cancelled', 'timed_out'].includes(phase);

function placeInLife(deployment: Deployment, heldBack: boolean): { phase: Phase; waitingFor: string | null } {
  const phase = STATES.get(deployment.readyState) ?? 'unrecognised';
  if (phase === 'queued') return { phase, waitingFor: 'a free builder at Vercel' };
  if (phase === 'waiting') return { phase, waitingFor: 'somebody at Vercel: it says that this deployment is blocked' };
  return phase === 'done' ? afterBuild(deployment, heldBack) : { phase, waitingFor: null };
}

function afterBuild(deployment: Deployment, heldBack: boolean): { phase: Phase; waitingFor: string | null } {
  if (deployment.aliasError || deployment.checksConclusion === 'failed') return { phase: 'failed', waitingFor: null };
  if (deployment.aliasAssigned) return { phase: 'done', waitingFor: null };
  if (deployment.checksState === 'registered' || deployment.checksState === 'running')
    return { phase: 'deploying', waitingFor: 'the checks of the project at Vercel' };
  if (heldBack)
    return { phase: 'waiting', waitingFor: 'a promotion at Vercel: the project does not assign its domains by itself' };
  return { phase: 'deploying', waitingFor: null };
}

/** After a roll-back there, or when the project says so, nothing goes live until somebody promotes it. */
export function heldBy({ lastRollbackTarget, autoAssignCustomDomains }: Project): string | null {
  if (lastRollbackTarget) return 'it was rolled back at Vercel, and nothing goes live until a promotion';
  return autoAssignCustomDomains === false ? 'the project does not assign its domains by itself' : null;
}

/** Built for production, and nothing of it assigned: worth asking the project whether that will come by itself. */
export function mayBeHeldBack(deployment: Deployment): boolean {
  const { readyState, target, aliasAssigned, checksState } = deployment;
  return (
    readyState === 'READY' && target === 'production' && !aliasAssigned && (checksState ?? 'completed') === 'completed'
  );
}

function failureOf(deployment: Deployment): { step: string; sentence: string } {
  const { aliasError, checksConclusion, errorMessage } = deployment;
  const because = (text: string | null | undefined) => (text ? `: ${vendorPhrase(text)}` : '');
  if (deployment.readyState === 'ERROR') {
    return { step: 'Build', sentence: `The step Build failed at Vercel${because(errorMessage)}. Read its log.` };
  }
  if (checksConclusion === 'failed') {
    const sentence =
      'A check of the project failed at Vercel, so Assign domains was not done. Open it there to see which.';
    return { step: 'Assign domains', sentence };
  }
  const sentence = `It was built, but Assign domains failed at Vercel${because(aliasError?.message)}. Open it there.`;
  return { step: 'Assign domains', sentence };
}

function stepsOf(deployment: Deployment, phase: Phase, failedStep: string | null): ObservedStep[] {
  const built = deployment.readyState === 'READY';
  const all: Partial<Record<Phase, StepStatus>> = { queued: 'queued', waiting: 'running', done: 'succeeded' };
  const whole = ending(phase) ?? all[phase] ?? (phase === 'unrecognised' ? 'unrecognised' : 'running');
  const step = (number: number, name: string, status: StepStatus, start: number | null | undefined) => ({
    key: `${deployment.id}:${number}`,
    job: 'Deployment',
    jobId: deployment.id,
    number,
    name,
    status,
    startedAt: iso(start),
    endedAt: isOver(phase) || (number === 1 && built) ? iso(deployment.ready || deployment.canceledAt) : null,
  });
  const build = built ? 'succeeded' : phase === 'queued' ? 'queued' : whole;
  const domains = !built ? (isOver(phase) ? 'skipped' : 'queued') : failedStep ? 'failed' : whole;
  return [
    step(0, 'Deployment', whole, deployment.createdAt),
    step(1, 'Build', build, deployment.buildingAt),
    step(2, 'Assign domains', domains, deployment.ready),
  ];
}

function ending(phase: Phase): StepStatus | null {
  if (phase === 'failed') return 'failed';
  return phase === 'cancelled' ? 'cancelled' : null;
}

const COMMIT_KEYS = ['githubCommitSha', 'gitlabCommitSha', 'bitbucketCommitSha'];

/** The commit that was built, which Vercel tells in the source and in the metadata that it adds. */
export function shaOf({
  gitSource,
  meta,
}: {
  gitSource?: Deployment['gitSource'];
  meta: Record<string, string>;
}): string | null {
  const told = [gitSource?.sha, ...COMMIT_KEYS.map((key) => meta[key])].find((each) => each);
  return told && /^[0-9a-f]{40}$/.test(told) ? told : null;
}

/** Epoch milliseconds as ISO 8601; Vercel writes 0 for what has not happened. */
export function iso(ms: number | null | undefined): string | null {
  return ms ? new Date(ms).toISOString() : null;
}
