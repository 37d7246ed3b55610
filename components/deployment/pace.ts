import { formatSpan } from '@/components/ui/time-format';
import type { Usual } from '@/lib/deployments/model/view';

export type Pace = 'slower' | 'faster' | null;

/** Against the last successes of the same target. Only a success can be fast: a failure stops early. Milliseconds. */
export function paceOf(elapsedMs: number, usual: Usual | null, succeeded: boolean): Pace {
  if (!usual) return null;
  if (elapsedMs > usual.p90Ms) return 'slower';
  return succeeded && elapsedMs < usual.p50Ms * 0.7 ? 'faster' : null;
}

/** "usually 2 m 10 s · slower than usual"; says it when nobody knows yet. */
export function paceInWords(elapsedMs: number, usual: Usual | null, succeeded: boolean): string {
  if (!usual) return 'no usual time yet';
  const pace = paceOf(elapsedMs, usual, succeeded);
  return `usually ${formatSpan(usual.p50Ms)}${pace ? ` · ${pace} than usual` : ''}`;
}
