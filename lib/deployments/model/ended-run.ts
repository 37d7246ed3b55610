import type { Observation, ObservedStep, StepStatus } from '../../providers/port';

/** How a step reads that hands a package to a gallery: the blueprint's, and what GitHub calls one without a name. */
const PUBLISHES = /publish/i;
/** Where none is called so, whatever runs a gallery's tool, unless it says that it packages, installs or lists. */
const TOOL = /vsce|ovsx/i;
const PREPARES = /package|install|\bls\b/i;
/** Only the VS Marketplace is published to by a workflow; the same run may go to Open VSX as well. */
const ELSEWHERE = /open[ -]?vsx|ovsx/i;
const HERE = /marketplace|vsce/i;

/** How a look at a run begins that is over and waited for all the same. */
export const RUN_ENDED = 'The run ended (';

/** One that failed says so itself, and why: it is no more likely to be there than any other failure, and is looked for after its end. */
const NOT_THERE: readonly StepStatus[] = ['queued', 'skipped', 'failed'];

/**
 * Whether a run that is over may have published. Where steps are called so, by whether one of them began and did not itself
 * fail; otherwise whatever ran so may have. A run without jobs did nothing.
 */
export function mayHavePublished({ steps }: Pick<Observation, 'steps'>): boolean {
  const detailed = new Set(steps.filter(({ number }) => number > 0).map(({ jobId }) => jobId));
  const finest = steps.filter(({ number, jobId }) => number > 0 || !detailed.has(jobId));
  return deciding(finest).some(mayHave);
}

/** Of several galleries in one run, the steps of another one say nothing of this. */
function deciding(steps: readonly ObservedStep[]): readonly ObservedStep[] {
  const publish = steps.filter(({ name }) => PUBLISHES.test(name));
  const tool = steps.filter(({ name }) => TOOL.test(name) && !PREPARES.test(name));
  const named = publish.length > 0 ? publish : tool;
  const here = named.filter(({ name }) => HERE.test(name) || !ELSEWHERE.test(name));
  return [here, named, steps].find(({ length }) => length > 0) ?? [];
}

/** A job that was cancelled before its first step has none. What took too long was cut off, and may have done it. */
function mayHave({ status, number, timedOut }: ObservedStep): boolean {
  if (timedOut) return true;
  return !NOT_THERE.includes(status) && !(number === 0 && status === 'cancelled');
}
