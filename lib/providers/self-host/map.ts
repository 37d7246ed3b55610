import type { Observation, ObservedStep, Phase, RemoteRef, StepStatus } from '../port';
import { sentenceOf } from './errors';
import type { AgentDeployment } from './schema';

/** The agent's words. A map, not an object, because a word may be `constructor`. */
const PHASES = new Map<string, Phase>([
  ['queued', 'queued'],
  ['fetching', 'building'],
  ['unpacking', 'building'],
  ['starting', 'deploying'],
  ['checking', 'deploying'],
  ['switching', 'deploying'],
  ['live', 'done'],
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
]);

const STEPS = [
  ['fetching', 'Fetch the build'],
  ['unpacking', 'Unpack'],
  ['starting', 'Start'],
  ['checking', 'Health check'],
  ['switching', 'Switch'],
] as const;

const ENDS: Partial<Record<Phase, StepStatus>> = { done: 'succeeded', failed: 'failed', cancelled: 'cancelled' };

/** A deployment in our words. A word that is not in the map is `unrecognised`; it never means success. */
export function toObservation(deployment: AgentDeployment, ref: RemoteRef): Observation {
  const phase = PHASES.get(deployment.phase) ?? 'unrecognised';
  return {
    ref,
    phase,
    rawPhase: deployment.phase.slice(0, 100),
    sha: deployment.commit && /^[0-9a-f]{40}$/.test(deployment.commit) ? deployment.commit : null,
    startedAt: deployment.startedAt,
    finishedAt: deployment.finishedAt,
    waitingFor: phase === 'queued' ? 'the agent to begin' : null,
    failure: phase === 'failed' ? failureOf(deployment) : null,
    steps: stepsOf(deployment, phase),
  };
}

const nameOf = (step: string) => STEPS.find(([word]) => word === step)?.[1] ?? null;

function failureOf({ failure, reached }: AgentDeployment): NonNullable<Observation['failure']> {
  const step = nameOf(failure?.step ?? reached);
  const said = failure ? sentenceOf(failure.sentence) : 'The agent does not say why.';
  return { step, sentence: step ? `${step} failed on the server. ${said}` : said };
}

function stepsOf({ id, reached, startedAt, finishedAt }: AgentDeployment, phase: Phase): ObservedStep[] {
  const at = STEPS.findIndex(([word]) => word === reached);
  const whole = ENDS[phase] ?? (phase === 'unrecognised' ? 'unrecognised' : phase === 'queued' ? 'queued' : 'running');
  const isOver = ENDS[phase] !== undefined;
  const step = (number: number, name: string, status: StepStatus): ObservedStep => ({
    ...{ key: `${id}:${number}`, job: 'Deployment', jobId: id, number, name, status },
    startedAt: number === 0 ? startedAt : null,
    endedAt: number === 0 ? finishedAt : null,
  });
  const statusOf = (index: number): StepStatus => {
    if (index < at || phase === 'done') return 'succeeded';
    if (index === at) return whole;
    return isOver ? 'skipped' : 'queued';
  };
  return [step(0, 'Deployment', whole), ...STEPS.map(([, name], index) => step(index + 1, name, statusOf(index)))];
}
