import type { Signal } from '@/lib/providers/port';
import type { Point, Span } from './series';
import { SIGNAL_WORDS, said, UNIT_WORDS } from './signal-words';
import { alertReasons, type Beside, withAlerts } from './verdict-beside';
import { doubtOf } from './verdict-doubt';
import { PROBE_SHARE, type VerdictRules } from './verdict-rules';
import type { SoundLevel } from './verdict-sound';

/** `inconclusive` is its own answer: too little was measured to say either, and silence is never healthy. */
export const VERDICTS = ['healthy', 'worse', 'inconclusive'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What was measured of one signal, in the signal's first unit (per second, percent, ms). Times are epoch milliseconds. */
export interface Reading {
  signal: Signal;
  /** Who measured it, in words. */
  source: string;
  /** Over both windows, a point at every step; null is a gap. */
  points: readonly Point[];
  stepMs: number;
  /** What lies before `until` (epoch milliseconds) is summed up to wider steps; left out where nothing is. */
  summedUp?: { until: number; stepMs: number };
  /** How many requests each point stands for by itself: 1 for a probe of our own; null = the throughput says it. */
  weight: number | null;
  /** So long after a moment it is not measured completely yet; left out where it is at once. */
  settlesMs?: number;
  /** Why nothing could be read. */
  problem: string | null;
  /** The question itself was refused: asking again does not help. */
  refused?: boolean;
  /** Where a person looks at the same line; null where there is no such page. */
  url: string | null;
}

export interface VerdictAsk {
  /** When it went live: end of the window before, and start of the one after. */
  liveAt: number;
  now: number;
  /** When the next deployment of the target went live; null while none has. */
  followedAt: number | null;
  /** Something else than a deployment of ours was seen there; `since`: from when on that is known as drift. */
  elseThere?: { since: number | null } | null;
  /** What has to be reached again, because what it replaced was found worse. */
  sound?: readonly SoundLevel[];
  readings: readonly Reading[];
  rules: VerdictRules;
  /** What alerts say beside them. */
  beside?: readonly Beside[];
}

export interface SignalVerdict {
  signal: Signal;
  source: string;
  verdict: Verdict;
  /** In the signal's first unit; null where nothing was measured. */
  before: number | null;
  after: number | null;
  rule: string;
  why: string;
  url: string | null;
}

export interface VerdictReport {
  verdict: Verdict;
  /** Nothing more will be measured: the window after is over. */
  closed: boolean;
  why: string;
  before: Span;
  after: Span;
  /** Requests in each window, as far as they were measured. */
  requests: { before: number | null; after: number | null };
  signals: SignalVerdict[];
  /** Left out in reports from before it was kept. */
  beside?: readonly Beside[];
  /** Left out where nothing has to be reached again. */
  sound?: readonly SoundLevel[];
}

const MINUTE = 60_000;
/** Fewer points are a blip. */
const FEWEST = 4;
/** As bad as this is never healthy, however bad it was before: a hot fix is not sound because what it mends was not. */
const UNWELL = { errorsFrom: 20, uptimeBelow: 90 };

type Frame = Pick<VerdictAsk, 'liveAt' | 'now' | 'followedAt' | 'elseThere' | 'rules'>;

/** Both windows as far as they have come: the one after is never longer than the one before, and ends with what replaced it. */
export function windowsOf({ liveAt, now, followedAt, elseThere, rules }: Frame) {
  const length = rules.windowMinutes * MINUTE;
  const drift = elseThere?.since ?? null;
  const ends = [followedAt, drift !== null && drift >= liveAt ? drift : null].filter((at) => at !== null);
  const until = Math.min(liveAt + length, ...ends);
  const to = Math.max(liveAt, Math.min(now, until));
  return { before: { from: liveAt - length, to: liveAt }, after: { from: liveAt, to }, until, full: liveAt + length };
}

/** `share`: for how much of the traffic a measurement stands; 1 where all stand for the same. */
type Measured = { at: number; value: number; share: number }[];

const inside = (points: readonly Point[], { from, to }: Span, shareOf: (at: number) => number | null = () => 1) =>
  points.flatMap(([at, value]): Measured => {
    const share = value !== null && at >= from && at < to ? shareOf(at) : null;
    return value === null || share === null ? [] : [{ at, value, share }];
  });

/** Of the slots of a window, how many percent were measured. */
function coverageOf(measured: Measured, { from, to }: Span, stepMs: number): number {
  const slots = Math.max(1, Math.floor((to - from) / stepMs));
  return Math.min(100, (measured.length / slots) * 100);
}

function requestsOf(reading: Reading | undefined, span: Span): number | null {
  if (!reading || reading.problem !== null) return null;
  const measured = inside(reading.points, span);
  return measured.reduce((sum, { value }) => sum + value * (reading.stepMs / 1000), 0);
}

/** The middle one: a single slow minute is not what is usual. */
function median(measured: Measured): number | null {
  const sorted = measured.map(({ value }) => value).sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** By the share of the traffic; of equal ones where there was none at all. */
function mean(measured: Measured): number | null {
  const all = measured.reduce((sum, { share }) => sum + share, 0);
  if (measured.length === 0) return null;
  if (all === 0) return measured.reduce((sum, { value }) => sum + value, 0) / measured.length;
  return measured.reduce((sum, { value, share }) => sum + value * share, 0) / all;
}

type Judged = Exclude<Signal, 'throughput'>;

const LEVEL: Record<Judged, (measured: Measured) => number | null> = { errors: mean, latency: median, uptime: mean };

const WORSE: Record<Judged, (before: number, after: number, rules: VerdictRules) => boolean> = {
  errors: (before, after, { errorPoints, errorTimes }) => after - before >= errorPoints && after >= before * errorTimes,
  latency: (before, after, { latencyMs, latencyTimes }) =>
    after - before >= latencyMs && after >= before * latencyTimes,
  uptime: (before, after, { uptimePoints }) => before - after >= uptimePoints,
};

const points = (count: number) => `${said(count)} percentage point${count === 1 ? '' : 's'}`;

export function ruleOf(signal: Judged, rules: VerdictRules): string {
  const { errorPoints, errorTimes, latencyMs, latencyTimes, uptimePoints } = rules;
  if (signal === 'errors')
    return `Worse when it grows by ${points(errorPoints)} or more and to ${said(errorTimes)} times or more.`;
  if (signal === 'latency')
    return `Worse when the middle of the window grows by ${said(latencyMs)} ms or more and to ${said(latencyTimes)} times or more.`;
  return `Worse when it falls by ${points(uptimePoints)} or more.`;
}

export type Windows = ReturnType<typeof windowsOf>;

interface Traffic {
  requests: VerdictReport['requests'];
  /** Requests a second at a moment; null = not known then. */
  at: (moment: number) => number | null;
}

/** A share of errors counts for as many requests as there were; where nobody measures those, each for the same. */
function trafficOf(readings: readonly Reading[], at: Windows): Traffic {
  const found = readings.find(({ signal }) => signal === 'throughput');
  const rates = new Map(found?.problem === null ? found.points : []);
  return {
    requests: { before: requestsOf(found, at.before), after: requestsOf(found, at.after) },
    at: found?.problem === null ? (moment) => rates.get(moment) ?? null : () => 1,
  };
}

function judgeOne(
  reading: Reading & { signal: Judged },
  traffic: Traffic,
  at: Windows,
  { rules, sound = [] }: Pick<VerdictAsk, 'rules' | 'sound'>,
): SignalVerdict {
  const { signal, source, points, stepMs, problem, weight, url } = reading;
  const shareOf = signal === 'errors' && weight === null ? traffic.at : undefined;
  const [before, after] = [inside(points, at.before, shareOf), inside(points, at.after, shareOf)];
  const [was, is] = [LEVEL[signal](before), LEVEL[signal](after)];
  const base = { signal, source, url, before: was, after: is, rule: ruleOf(signal, rules) };
  const silent = (why: string): SignalVerdict => ({ ...base, verdict: 'inconclusive', why });
  if (problem !== null) return silent(problem);
  if (was === null) return silent('Nothing was measured before it went live, so there is nothing to compare with.');
  if (is === null) return silent('Nothing has been measured since it went live.');
  if (after.length < FEWEST)
    return silent(`Only ${after.length} of at least ${FEWEST} measurements since it went live.`);
  const gaps = gapsIn({ before, after }, at, stepMs, rules);
  if (gaps) return silent(gaps);
  const { requests } = weight === null ? traffic : counted(before, after, weight);
  const least = weight === null ? rules.minRequests : Math.ceil(rules.minRequests / PROBE_SHARE);
  // What is down gets no requests: time in which it was up needs none to be counted.
  const few = signal === 'uptime' ? null : tooFew(requests, least);
  if (few) return silent(few);
  const unit = UNIT_WORDS[signal];
  const numbers = `${said(was)}${unit} before, ${said(is)}${unit} since`;
  if (WORSE[signal](was, is, rules)) return { ...base, verdict: 'worse', why: `${numbers}.` };
  const unwell = unwellBy(signal, is);
  if (unwell) return silent(`${numbers}: not worse by the rule, but ${unwell} is never called healthy.`);
  const lost = sound.find((each) => each.signal === signal && each.source === source);
  if (lost && WORSE[signal](lost.level, is, rules)) {
    const level = `${said(lost.level)}${unit}`;
    return silent(
      `${numbers}: not worse by the rule, but it was ${level} before #${lost.number}, which was found worse.`,
    );
  }
  return { ...base, verdict: 'healthy', why: `${numbers}: not worse by the rule.` };
}

const counted = (before: Measured, after: Measured, weight: number) => ({
  requests: { before: before.length * weight, after: after.length * weight },
});

function unwellBy(signal: Judged, is: number): string | null {
  if (signal === 'errors' && is >= UNWELL.errorsFrom) return `${UNWELL.errorsFrom} % or more`;
  return signal === 'uptime' && is < UNWELL.uptimeBelow ? `uptime below ${UNWELL.uptimeBelow} %` : null;
}

function gapsIn(
  measured: { before: Measured; after: Measured },
  at: Windows,
  stepMs: number,
  { coverage }: VerdictRules,
) {
  for (const window of ['before', 'after'] as const) {
    const share = coverageOf(measured[window], at[window], stepMs);
    if (share < coverage)
      return `Measured in only ${Math.floor(share)} % of the time ${window === 'before' ? 'before' : 'since'}; ${coverage} % are needed.`;
  }
  return null;
}

function tooFew({ before, after }: VerdictReport['requests'], least: number): string | null {
  if (before === null || after === null)
    return 'How much traffic there is was not measured, so nobody knows what the numbers stand for.';
  const [word, count] = after < least ? ['since', after] : ['before', before];
  return count < least ? `Too little traffic: ${Math.floor(count)} requests ${word}, ${least} are needed.` : null;
}

/**
 * Healthy, worse or inconclusive, each signal with its numbers and its rule. Worse is said as soon as one signal shows it;
 * healthy only of every signal, over the whole window. Pure: the same readings and the same `now` give the same report.
 */
export function judgeHealth(ask: VerdictAsk): VerdictReport {
  const { readings, now, liveAt, beside = [], sound = [] } = ask;
  const at = windowsOf(ask);
  const traffic = trafficOf(readings, at);
  const { requests } = traffic;
  const judged = readings.filter((each): each is Reading & { signal: Judged } => each.signal !== 'throughput');
  const signals = judged.map((each) => judgeOne(each, traffic, at, ask));
  const decidedAt = at.until + Math.max(0, ...readings.map(({ settlesMs = 0 }) => settlesMs));
  const closed = now >= decidedAt;
  const judgedBy = conclude(signals, doubtOf(ask, { at, requests, closed, decidedAt }));
  return {
    ...withAlerts(judgedBy, alertReasons(beside, { liveAt, until: at.until })),
    closed,
    before: at.before,
    after: at.after,
    requests,
    signals,
    ...(beside.length > 0 ? { beside } : {}),
    ...(sound.length > 0 ? { sound } : {}),
  };
}

function conclude(signals: readonly SignalVerdict[], doubt: string | null): { verdict: Verdict; why: string } {
  const worse = signals.filter(({ verdict }) => verdict === 'worse');
  if (worse.length > 0) return { verdict: 'worse', why: worse.map(inWords).join(' ') };
  const silent = signals.find(({ verdict }) => verdict === 'inconclusive');
  if (signals.length === 0)
    return { verdict: 'inconclusive', why: 'No errors, latency or uptime are measured for this target.' };
  if (silent) return { verdict: 'inconclusive', why: inWords(silent) };
  if (doubt) return { verdict: 'inconclusive', why: doubt };
  return { verdict: 'healthy', why: signals.map(inWords).join(' ') };
}

const inWords = ({ signal, why }: SignalVerdict) => `${SIGNAL_WORDS[signal]}: ${why}`;
