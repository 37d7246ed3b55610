import type { HealthAlert, HealthIssue } from '@/lib/providers/port';

/** What somebody who watches a target says of it beside the numbers. */
export interface Beside {
  /** Who, in words. */
  source: string;
  /** An alert that fires is a reason of the verdict. */
  judged: boolean;
  alerts: readonly HealthAlert[];
  /** First seen since it went live. */
  issues: readonly HealthIssue[];
  /** So many more than are kept. */
  more: number;
  /** Why nobody answered. */
  problem: string | null;
}

/** Of each kind so many are kept. */
export const KEPT_BESIDE = 10;

export function keptBeside(
  beside: Pick<Beside, 'source' | 'judged'>,
  { alerts, issues }: Pick<Beside, 'alerts' | 'issues'>,
): Beside {
  // Those that fire stand first, or a page of warnings would hide them.
  const sorted = [...alerts].sort((a, b) => Number(b.state === 'firing') - Number(a.state === 'firing'));
  const kept = { alerts: sorted.slice(0, KEPT_BESIDE), issues: issues.slice(0, KEPT_BESIDE) };
  const more = alerts.length - kept.alerts.length + (issues.length - kept.issues.length);
  return { ...beside, ...kept, more, problem: null };
}

/** What alerts make of a deployment: a reason for worse, or one why it cannot be called healthy. None calms anybody. */
export interface AlertReasons {
  worse: string[];
  unsure: string[];
}

/** `until`: when its window is over, or the next one was live. Later alerts are not this one's. Epoch milliseconds. */
export function alertReasons(
  beside: readonly Beside[],
  { liveAt, until }: { liveAt: number; until: number },
): AlertReasons {
  const reasons: AlertReasons = { worse: [], unsure: [] };
  for (const { source, problem, alerts } of beside.filter(({ judged }) => judged)) {
    if (problem !== null) reasons.unsure.push(`Alerts by ${source}: ${problem}`);
    for (const { name, state, since } of alerts) {
      if (state !== 'firing') continue;
      const at = since === null ? null : Date.parse(since);
      if (at === null) reasons.unsure.push(`“${name}” fires, and ${source} does not say since when.`);
      else if (at < liveAt) reasons.unsure.push(`“${name}” has been firing since before it went live.`);
      else if (at < until) reasons.worse.push(`“${name}” has been firing since ${clock(at)}.`);
    }
  }
  return reasons;
}

/** Since when the judged alert that has fired longest does, of those that count against it; null = none does. Epoch milliseconds. */
export function firingSince(
  beside: readonly Beside[],
  { liveAt, until }: { liveAt: number; until: number },
): number | null {
  const alerts = beside.filter(({ judged, problem }) => judged && problem === null).flatMap((each) => each.alerts);
  const since = alerts.flatMap((each) => (each.state === 'firing' && each.since ? [Date.parse(each.since)] : []));
  const own = since.filter((at) => at >= liveAt && at < until);
  return own.length === 0 ? null : Math.min(...own);
}

/** Hours and minutes, UTC. */
export const clock = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;

interface Judged {
  verdict: 'healthy' | 'worse' | 'inconclusive';
  why: string;
}

/** Alerts can make it worse, or keep it from being called healthy; they never make it healthy. */
export function withAlerts(judged: Judged, { worse, unsure }: AlertReasons): Judged {
  if (worse.length > 0) {
    const before = judged.verdict === 'worse' ? [judged.why] : [];
    return { verdict: 'worse', why: [...before, ...worse].join(' ') };
  }
  if (judged.verdict !== 'healthy' || unsure.length === 0) return judged;
  return { verdict: 'inconclusive', why: `The numbers are fine, but: ${unsure.join(' ')}` };
}
