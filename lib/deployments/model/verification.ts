import { MODE_WORDS, type RenderingMode } from '../../rendering/model/mode';
import type { ModeVerdict } from '../../rendering/model/proof';
import { fitsProbe, type Probe, type ProbeAnswer, shownUrl } from '../../targets/model/probe';

/** What one answer of a probe means for a deployment that the provider calls done. */
export type Verdict =
  | { kind: 'live'; sentence: string }
  /** Accepted but not live: `waitingFor` while there is time, `failure` when there is none. */
  | { kind: 'not_live'; waitingFor: string; trouble: string | null; failure: string };

export interface Wanted {
  sha: string;
  version: string | null;
  /** Other names of the same commit that count too. */
  also?: readonly string[];
  /** When we heard that the provider is done, from when on we are patient, and now; both by the database's clock. */
  doneAt: Date;
  now: Date;
}

/** Only the very revision is live; trouble proves nothing, so it is neither success nor an early failure. */
export function judgeProbe(probe: Probe, answer: ProbeAnswer, wanted: Wanted): Verdict {
  const address = shownUrl(probe.url);
  if (answer.kind === 'says' && fitsProbe(probe, answer.value, wanted)) {
    const seconds = Math.max(0, Math.round((wanted.now.getTime() - wanted.doneAt.getTime()) / 1000));
    const when = `${wanted.now.toISOString().slice(11, 19)} UTC, ${seconds} s after the provider said done`;
    return { kind: 'live', sentence: `${address} answered ${short(answer.value)} at ${when}.` };
  }
  const until = deadlineOf(probe, wanted.doneAt);
  const times = `(since ${clock(wanted.doneAt)}, until ${clock(until)} UTC)`;
  const aim = probe.says === 'sha' ? wanted.sha.slice(0, 7) : (wanted.version ?? wanted.sha.slice(0, 7));
  if (answer.kind === 'says') {
    const seen = `${address} still says ${short(answer.value)}`;
    return {
      kind: 'not_live',
      waitingFor: `Accepted by the provider; ${seen} ${times}.`,
      trouble: null,
      failure: `The provider said done, but ${probe.withinMinutes} min later ${seen}, not ${aim}. Look at what serves that address, then deploy again.`,
    };
  }
  const sentence = `${address} gives no usable answer: ${answer.sentence}`;
  return {
    kind: 'not_live',
    waitingFor: `Accepted by the provider; ${sentence} ${times}.`,
    trouble: `${sentence}. It is asked again.`,
    failure: `The provider said done, but within ${probe.withinMinutes} min nobody could see ${aim} live: ${sentence}. Look there yourself, then deploy again.`,
  };
}

/** How long a target without a version address may take, in minutes. */
export const MODE_WITHIN_MINUTES = 10;
/** An address that cannot be asked is asked again for so long; then what it would have shown is not proved. */
const MODE_TROUBLE_MS = 2 * 60_000;

/** The provider is done and the commit is live, but not built as was asked; null once an address that fails proves nothing. */
export function modeNotLive(
  asked: RenderingMode,
  verdict: Extract<ModeVerdict, { kind: 'other' | 'trouble' }>,
  { withinMinutes }: Pick<Probe, 'withinMinutes'>,
  wanted: Pick<Wanted, 'sha' | 'doneAt' | 'now'>,
): Extract<Verdict, { kind: 'not_live' }> | null {
  const { doneAt, now, sha } = wanted;
  const aim = `${MODE_WORDS[asked].short} of ${sha.slice(0, 7)}`;
  const times = `(since ${clock(doneAt)}, until ${clock(deadlineOf({ withinMinutes }, doneAt))} UTC)`;
  if (verdict.kind === 'trouble') {
    if (now.getTime() - doneAt.getTime() > MODE_TROUBLE_MS) return null;
    const waitingFor = `Accepted by the provider; whether it is ${aim} is not known: ${verdict.sentence} ${times}.`;
    return { kind: 'not_live', waitingFor, trouble: `${verdict.sentence}. It is asked again.`, failure: waitingFor };
  }
  return {
    kind: 'not_live',
    waitingFor: `Accepted by the provider; ${verdict.seen}, not ${aim} ${times}.`,
    trouble: null,
    failure: `The provider said done, but ${withinMinutes} min later ${verdict.seen}, not ${aim}. Look at how the host builds it, then deploy again or roll back.`,
  };
}

export function deadlineOf(probe: Pick<Probe, 'withinMinutes'>, doneAt: Date): Date {
  return new Date(doneAt.getTime() + probe.withinMinutes * 60_000);
}

/** How soon the probe is asked again, in seconds: often at first, then at a calm pace. */
export function askAgainSeconds(wanted: Pick<Wanted, 'doneAt' | 'now'>): number {
  return wanted.now.getTime() - wanted.doneAt.getTime() < 2 * 60_000 ? 3 : 10;
}

const clock = (at: Date) => at.toISOString().slice(11, 16);
const short = (value: string) => (/^[0-9a-f]{8,40}$/.test(value) ? value.slice(0, 7) : value);
