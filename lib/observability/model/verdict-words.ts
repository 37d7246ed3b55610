import type { Verdict } from './verdict';

export const VERDICT_WORDS: Record<Verdict, string> = {
  healthy: 'Healthy',
  worse: 'Worse than before',
  inconclusive: 'Inconclusive',
};
