import type { Observation, ObservedStep, StepStatus } from '../../providers/port';

/** How a step reads that hands a package to a gallery: the blueprint's, and what GitHub calls one without a name. */
const PUBLISHES = /publish|vsce|ovsx/i;

/** One that failed says so itself, and why: it is no more likely to be there than any other failure, and is looked for after its end. */
const NOT_THERE: readonly StepStatus[] = ['queued', 'skipped', 'failed'];

/**
 * Whether a run that is over may have published. Where steps are called so, by whether one of them began and did not itself
 * fail; otherwise whatever ran so may have. A run without jobs did nothing.
 */
export function mayHavePublished({ steps }: Pick<Observation, 'steps'>): boolean {
  const detailed = new Set(steps.filter(({ number }) => number > 0).map(({ jobId }) => jobId));
  const finest = steps.filter(({ number, jobId }) => number > 0 || !detailed.has(jobId));
  const named = finest.filter(({ name }) => PUBLISHES.test(name));
  return (named.length > 0 ? named : finest).some(mayHave);
}

/** A job that was cancelled before its first step has none. */
function mayHave({ status, number }: ObservedStep): boolean {
  return !NOT_THERE.includes(status) && !(number === 0 && status === 'cancelled');
}
