import type { z } from 'zod';
import { type CheckState, type ProviderContext, ProviderError } from '../port';
import { readPages } from './client';
import { type checkRunsSchema, dispatchedRunsSchema } from './schema';
import type { Place } from './target';

type Row = z.infer<typeof checkRunsSchema>['check_runs'][number];

const ACTIONS = 'github-actions';
/** With a filter GitHub gives at most 1,000 runs: https://docs.github.com/en/rest/actions/workflow-runs */
const MAX_PAGES = 10;

/**
 * Jobs of a run that somebody dispatched stand at the commit like its CI, and deployments are such runs: one that failed, or
 * is on its way, is no word against the next. Asked for only where a job is not green, so the answer never hangs on the asking.
 */
export async function withoutDispatched(
  c: ProviderContext,
  { owner, repo }: Place,
  sha: string,
  rows: Row[],
  stateOf: (row: Row) => CheckState,
): Promise<Row[]> {
  const open = new Set(
    rows.flatMap((row) => (row.app?.slug === ACTIONS && stateOf(row) !== 'success' ? (row.check_suite?.id ?? []) : [])),
  );
  if (open.size === 0) return rows;
  const call = {
    route: 'GET /repos/{owner}/{repo}/actions/runs',
    params: { owner, repo, head_sha: sha, event: 'workflow_dispatch' },
    about: { what: 'commit', subject: sha.slice(0, 7) },
  } as const;
  const runs = await readPages(c, call, dispatchedRunsSchema, (page) => page.workflow_runs, MAX_PAGES).catch(unseen);
  const dispatched = new Set(runs.flatMap((run) => run.check_suite_id ?? []));
  return rows.filter(({ check_suite: suite }) => !suite || !open.has(suite.id) || !dispatched.has(suite.id));
}

/** Who may not look at runs tells them from nothing: then all checks count, as GitHub shows them. */
function unseen(error: unknown): [] {
  if (error instanceof ProviderError && (error.kind === 'auth' || error.kind === 'notFound')) return [];
  throw error;
}
