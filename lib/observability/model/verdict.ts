import type { Signal } from '@/lib/providers/port';
import type { Point, Span } from './series';
import { SIGNAL_WORDS, said, UNIT_WORDS } from './signal-words';
import { alertReasons, type Beside, withAlerts } from './verdict-beside';
import { doubtOf } from './verdict-doubt';
import { blipIn, inside, type Judged, LEVEL, type Measured, ownOf, ruleOf, unwellBy, WORSE } from './verdict-levels';
import { PROBE_SHARE, type VerdictRules } from './verdict-rules';
import type { SoundLevel } from './verdict-sound';
import { type Windows, windowsOf } from './verdict-windows';

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
  /** Each value is a mean over so long before its moment; left out where it is of its own slot alone. */
  reachesBackMs?: number;
  /** Why nothing could be read. */
  problem: string | null;
  /** The question itself was refused: asking again does not help. */
  refused?: boolean;
  /** Where a person looks at the same line; null where there is no such page. */
  url: string | null;
}

export interface VerdictAsk {
  /** When the provider was done: end of the window before. Left out where it was live at once. */
  doneAt?: number;
  /** When it was live: start of the window after. */
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

/** Fewer points are a blip. */
const FEWEST = 4;
/** A roll-out that took longer is one in which users had both versions. */
const SLOW_MS = 60_000;

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

type Asked = Reading & { signal: Judged };

function judgeOne(
  reading: Asked,
  traffic: Traffic,
  at: Windows,
  { rules, sound = [] }: Pick<VerdictAsk, 'rules' | 'sound'>,
): SignalVerdict {
  const { signal, source, points, problem, weight, url } = reading;
  const shareOf = signal === 'errors' && weight === null ? traffic.at : undefined;
  const [before, after] = [inside(points, at.before, shareOf), inside(points, at.after, shareOf)];
  const was = LEVEL[signal](before);
  const { since, all, mixed } = sinceLive(reading, { was, after }, at, rules);
  const is = LEVEL[signal](since);
  const base = { signal, source, url, before: was, after: is, rule: ruleOf(reading, rules) };
  const silent = (why: string): SignalVerdict => ({ ...base, verdict: 'inconclusive', why });
  if (problem !== null) return silent(problem);
  if (was === null) return silent('Nothing was measured before it went live, so there is nothing to compare with.');
  if (is === null) return silent('Nothing has been measured since it went live.');
  const little = tooLittle(reading, { before, after }, traffic, at, rules);
  if (little) return silent(little);
  const unit = UNIT_WORDS[signal];
  const numbers = `${said(was)}${unit} before, ${said(is)}${unit} since`;
  if (mixed) return silent(`${numbers}: ${mixed}`);
  if (WORSE[signal](was, is, rules)) {
    const blip = blipIn(reading, all, was, rules);
    return blip ? silent(`${numbers}, but ${blip}`) : { ...base, verdict: 'worse', why: `${numbers}.` };
  }
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

/**
 * By which measurements it is judged: those of this version alone, and so that worse is said early all of them, unless the
 * roll-out was slow and they have its time in them. `all`: in which an outage has to last. `mixed`: why they cannot call
 * it healthy.
 */
function sinceLive(
  reading: Asked,
  { was, after }: { was: number | null; after: Measured },
  at: Windows,
  rules: VerdictRules,
): { since: Measured; all: Measured; mixed: string | null } {
  const own = ownOf(after, reading, at.after);
  const isSlow = at.after.from - at.before.to > SLOW_MS;
  const isWorse = (measured: Measured) => {
    const is = LEVEL[reading.signal](measured);
    return was !== null && is !== null && WORSE[reading.signal](was, is, rules);
  };
  const usable = (isSlow ? [own] : [own, after]).filter(({ length }) => length >= FEWEST);
  const worse = usable.find(isWorse);
  const lacks = own.length < FEWEST && (isSlow || (!worse && at.after.to >= at.full));
  const minutes = Math.ceil((reading.reachesBackMs ?? 0) / 60_000);
  const mixed = `each value reaches ${minutes} minutes back, and ${own.length} of at least ${FEWEST} are of this version alone.`;
  return { since: worse ?? usable[0] ?? after, all: isSlow ? own : after, mixed: lacks ? mixed : null };
}

/** Too few measurements, gaps, or too little traffic for them to mean anything. */
function tooLittle(
  { signal, stepMs, weight }: Asked,
  measured: { before: Measured; after: Measured },
  traffic: Traffic,
  at: Windows,
  rules: VerdictRules,
): string | null {
  const { before, after } = measured;
  if (after.length < FEWEST) return `Only ${after.length} of at least ${FEWEST} measurements since it went live.`;
  const gaps = gapsIn(measured, at, stepMs, rules);
  // What is down gets no requests: time in which it was up needs none to be counted.
  if (gaps || signal === 'uptime') return gaps;
  const { requests } = weight === null ? traffic : counted(before, after, weight);
  return tooFew(requests, weight === null ? rules.minRequests : Math.ceil(rules.minRequests / PROBE_SHARE));
}

const counted = (before: Measured, after: Measured, weight: number) => ({
  requests: { before: before.length * weight, after: after.length * weight },
});

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
