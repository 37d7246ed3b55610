import type { ZodType } from 'zod';
import { PLAN_LIMIT, type ProviderContext, ProviderError } from '../port';
import { readPages } from './client';
import { requireShown } from './refs';
import type { Place } from './target';

/** Of a hundred each. A repository may have many; more than these are not drawn. */
export const MAX_PAGES = 3;

/** What GitHub shows of a repository's environments, or why it shows none. */
export type Shown<T> =
  | { rows: T[]; notice: null; by: null }
  /** `plan`: as it answers where the plan has none; `right`: the credential may not see them. `notice` is a sentence. */
  | { rows: null; notice: string; by: 'plan' | 'right' };

/**
 * The repository's environments. None that are shown is no failure: a job names its environment all the same. GitHub documents no
 * answer for a plan without them; it is 404, as for a repository that is not shown, so that is asked then.
 * Throws `ProviderError`. Source: https://docs.github.com/en/rest/deployments/environments#list-environments
 */
export async function shownEnvironments<P, T>(
  c: ProviderContext,
  place: Place,
  schema: ZodType<P>,
  rowsOf: (page: P) => T[],
): Promise<Shown<T>> {
  const { owner, repo, repository } = place;
  const about = { what: 'repository', subject: repository } as const;
  const call = { route: 'GET /repos/{owner}/{repo}/environments', params: { owner, repo }, about };
  try {
    return { rows: await readPages(c, call, schema, rowsOf, MAX_PAGES), notice: null, by: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'notFound') await requireShown(c, place);
    if (error.kind === 'notFound' || error.code === PLAN_LIMIT)
      return { rows: null, notice: `GitHub shows no environments of ${repository}. ${PLANS}`, by: 'plan' };
    if (['missing_permission', 'forbidden'].includes(error.code))
      return { rows: null, notice: `The environments of ${repository} cannot be read: ${error.message}`, by: 'right' };
    throw error;
  }
}

const PLANS =
  'A private repository has them on the plans Pro, Team and Enterprise only (reviewers and wait timers on Enterprise); or the credential lacks “actions: read”.';
