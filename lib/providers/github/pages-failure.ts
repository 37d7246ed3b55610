import { type Observation, type ProviderContext, ProviderError } from '../port';
import type { Run } from './schema';
import { publicationOf } from './site';
import type { Place } from './target';

/** Steps and jobs that hand a site over are called so by nearly everybody; others only lose the better sentence. */
const PAGES = /\bpages\b/i;

/**
 * A failed deployment to Pages, with what Pages has kept for its head: the step's own log says it in passing at best, and
 * running one that was cancelled again ends the same way. Source: https://github.com/actions/deploy-pages/issues/383
 */
export async function explainPages(
  c: ProviderContext,
  place: Place,
  run: Pick<Run, 'head_sha'>,
  seen: Observation,
): Promise<Observation> {
  const failed = seen.steps.find((step) => step.status === 'failed' && PAGES.test(`${step.job} ${step.name}`));
  if (!failed) return seen;
  const kept = await publicationOf(c, place, run.head_sha).catch((error: unknown) => {
    if (error instanceof ProviderError) return null;
    throw error;
  });
  if (kept?.state !== 'cancelled' && kept?.state !== 'failed') return seen;
  const sentence = `GitHub Pages has kept “${kept.rawState}” for the head ${kept.id.slice(0, 7)}, so another deployment of the same head ${kept.state === 'cancelled' ? 'fails as well' : 'may fail as well'}. Push a commit first (an empty one will do), then deploy again.`;
  return { ...seen, failure: { step: seen.failure?.step ?? failed.name, sentence } };
}
