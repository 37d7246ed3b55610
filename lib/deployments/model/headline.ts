import { withLabel } from '@/lib/targets/model/label';
import type { DeploymentSummary, NowView, Usual } from './view';

type Headline = NowView['headline'];
type Connection = NowView['connections'][number];

interface Worse {
  id: string;
  number: number;
  component: string;
  environment: string;
  label: string;
  why: string;
  /** ISO 8601. */
  since: string;
  /** It is a roll-back: going back from it would lead to what was rolled back. */
  goesBack: boolean;
}

export interface HeadlineFacts {
  /** Epoch milliseconds. */
  now: number;
  unknown: DeploymentSummary[];
  /** Those that a target uses. */
  connections: Connection[];
  /** Per production target, its newest deployment that has ended. */
  production: (DeploymentSummary | null)[];
  inFlight: (DeploymentSummary & { usual: Usual | null })[];
  last: DeploymentSummary | null;
  /** Something else runs there than what was deployed from here. */
  drift: NowView['drift'];
  /** Production that is live and was lately found worse than what it replaced. */
  worse: Worse[];
  /** What waits for the reader's approval. */
  forYou: DeploymentSummary[];
}

/** The worst thing that is true now, in one sentence, with where to go. */
export function headlineOf(facts: HeadlineFacts): Headline {
  return (
    unknownOutcome(facts) ??
    worseThanBefore(facts) ??
    brokenConnection(facts) ??
    failedProduction(facts) ??
    drifted(facts) ??
    slowRun(facts) ??
    waitsForYou(facts) ??
    allQuiet(facts)
  );
}

const where = (each: DeploymentSummary) => `${each.component.name} to ${withLabel(each.environment.name, each.label)}`;
const page = (each: DeploymentSummary) => `/deployments/${each.id}`;
const more = (count: number) => (count > 1 ? ` And ${count - 1} more.` : '');

function unknownOutcome({ unknown, now }: HeadlineFacts): Headline | null {
  const worst = oldest(unknown, (each) => each.statusSince);
  if (!worst) return null;
  const age = ago(worst.statusSince, now);
  const sentence = `It is unknown whether ${where(worst)} (#${worst.number}, ${worst.requestedBy.name}) was started ${age}; a person has to decide.${more(unknown.length)}`;
  return { tone: 'bad', sentence, href: page(worst), since: worst.statusSince };
}

function worseThanBefore({ worse, now }: HeadlineFacts): Headline | null {
  const first = worse[0];
  if (!first) return null;
  const { id, number, component, environment, label, why, since, goesBack } = first;
  const advice = goesBack ? '' : ' Rolling back is suggested.';
  const sentence = `${component} in ${withLabel(environment, label)} is worse since deployment #${number}, seen ${ago(since, now)}. ${why}${advice}${more(worse.length)}`;
  return { tone: 'bad', sentence, href: `/deployments/${id}`, since };
}

function brokenConnection({ connections, now }: HeadlineFacts): Headline | null {
  const failing = connections.filter((each) => each.state === 'failing');
  const worst = failing[0];
  if (!worst) return null;
  const checked = worst.checkedAt ? ` Checked ${ago(worst.checkedAt, now)}.` : '';
  const sentence = `The connection “${worst.name}” does not work, so its targets cannot be deployed. ${worst.problem ?? ''}${checked}${more(failing.length)}`;
  return {
    tone: 'bad',
    sentence: sentence.replace(/ {2,}/g, ' '),
    href: `/connections/${worst.id}`,
    since: worst.checkedAt,
  };
}

const BROKEN: readonly DeploymentSummary['status'][] = ['failed', 'errored', 'timed_out'];
const SAYS: Partial<Record<DeploymentSummary['status'], string>> = {
  failed: 'failed',
  errored: 'ended in an error',
  timed_out: 'timed out',
};

function failedProduction({ production, now }: HeadlineFacts): Headline | null {
  const broken = production.filter((each) => each !== null).filter((each) => BROKEN.includes(each.status));
  const worst = [...broken].sort((a, b) => b.number - a.number)[0];
  if (!worst) return null;
  const step = worst.failure?.step ? ` in “${worst.failure.step}”` : '';
  const since = worst.finishedAt ?? worst.statusSince;
  const sentence = `${where(worst)} ${SAYS[worst.status]}${step} ${ago(since, now)}: ${worst.revision.sha.slice(0, 7)} by ${worst.requestedBy.name} (#${worst.number}).${more(broken.length)}`;
  return { tone: 'bad', sentence, href: page(worst), since };
}

function drifted({ drift, now }: HeadlineFacts): Headline | null {
  const worst = oldest(drift, (each) => each.since);
  if (!worst) return null;
  const sentence = `${worst.component} in ${withLabel(worst.environment, worst.label)} is not what was deployed from here, seen ${ago(worst.since, now)}: ${worst.sentence}${more(drift.length)}`;
  return { tone: 'bad', sentence, href: `/targets/${worst.targetId}/roll-back`, since: worst.since };
}

function waitsForYou({ forYou, now }: HeadlineFacts): Headline | null {
  const first = oldest(forYou, (each) => each.requestedAt);
  if (!first) return null;
  const sentence = `${first.requestedBy.name} asks you to approve ${where(first)} (#${first.number}), asked ${ago(first.requestedAt, now)}.${more(forYou.length)}`;
  return { tone: 'warn', sentence, href: `/approvals/${first.id}`, since: first.requestedAt };
}

function slowRun({ inFlight, now }: HeadlineFacts): Headline | null {
  const late = inFlight.filter(
    (each) => each.startedAt && each.usual && now - Date.parse(each.startedAt) > each.usual.p90Ms,
  );
  const worst = oldest(late, (each) => each.startedAt ?? each.requestedAt);
  if (!worst?.startedAt || !worst.usual) return null;
  const sentence = `${where(worst)} (#${worst.number}, ${worst.requestedBy.name}) has been running for ${lasting(now - Date.parse(worst.startedAt))}; nine of ten take less than ${lasting(worst.usual.p90Ms)}.${more(late.length)}`;
  return { tone: 'warn', sentence, href: page(worst), since: worst.startedAt };
}

function allQuiet({ last, inFlight, now }: HeadlineFacts): Headline {
  const moving = inFlight.length;
  const start =
    moving === 0 ? 'All quiet' : `${moving} ${moving === 1 ? 'deployment is' : 'deployments are'} on the way, as usual`;
  if (!last)
    return {
      tone: 'good',
      sentence: moving === 0 ? 'All quiet: nothing has been deployed yet.' : `${start}.`,
      href: null,
      since: null,
    };
  const since = last.finishedAt ?? last.statusSince;
  const sentence = `${start}: the last deployment, ${where(last)} by ${last.requestedBy.name}, ${last.status.replace('_', ' ')} ${ago(since, now)}.`;
  return { tone: 'good', sentence, href: page(last), since };
}

function oldest<T>(rows: readonly T[], since: (row: T) => string): T | undefined {
  return [...rows].sort((a, b) => since(a).localeCompare(since(b)))[0];
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`. */
function ago(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  return ms < 60_000 ? 'just now' : `${lasting(ms)} ago`;
}

/** A duration in its largest fitting unit, two for minutes: `45 s`, `2 min 10 s`, `3 h`, `2 days`. */
function lasting(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600 && seconds % 60 > 0) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
