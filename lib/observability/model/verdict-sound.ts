import type { Signal } from '@/lib/providers/port';
import type { VerdictReport } from './verdict';

/** What a signal was before a deployment that was found worse. What comes on top of that is not healthy until it is there again. */
export interface SoundLevel {
  signal: Signal;
  source: string;
  /** In the signal's first unit. */
  level: number;
  /** The deployment that was found worse, and when it went live, epoch milliseconds. */
  number: number;
  liveAt: number;
}

/** After so long too much else has changed for the level to be one that has to be reached again. */
export const SOUND_DAYS = 14;

/** How the deployment before it was judged. */
export interface JudgedBefore {
  number: number;
  liveAt: number;
  report: Pick<VerdictReport, 'verdict' | 'signals' | 'sound'>;
}

/** The levels that the next deployment has to reach. Worse begins them, healthy ends them, silence hands them on. Pure. */
export function soundLevels(before: JudgedBefore | null, now: number): SoundLevel[] {
  if (before === null || before.report.verdict === 'healthy') return [];
  const { number, liveAt, report } = before;
  const handedOn = report.sound ?? [];
  const begun = report.signals.flatMap(({ signal, source, verdict, before: level }): SoundLevel[] => {
    const isKnown = handedOn.some((each) => each.signal === signal && each.source === source);
    return verdict === 'worse' && level !== null && !isKnown ? [{ signal, source, level, number, liveAt }] : [];
  });
  return [...handedOn, ...begun].filter((each) => now - each.liveAt <= SOUND_DAYS * 24 * 60 * 60_000);
}
