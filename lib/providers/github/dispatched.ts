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
 * Jobs of a run that was dispatched stand at the commit like its CI, and deployments are such runs: one that failed, or is on
 * its way, is no word against the next. CI that a person starts by hand is one: its workflow is none that is started from here.
 * Asked for only where a job is not green, so the answer never hangs on the asking.
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
  const own = runs.length > 0 ? await c.ownWorkflows?.(`${owner}/${repo}`, sha) : undefined;
  const dispatched = new Set(runs.flatMap((run) => (isOthers(run, own) ? [] : (run.check_suite_id ?? []))));
  return rows.filter(({ check_suite: suite }) => !suite || !open.has(suite.id) || !dispatched.has(suite.id));
}

/**
 * `path` is `.github/workflows/ci.yml`, with the repository before it or a ref behind it at times:
 * https://docs.github.com/en/rest/actions/workflow-runs. Whose is not known may be a deployment.
 */
function isOthers({ path }: { path?: string | null | undefined }, own: ReadonlySet<string> | undefined): boolean {
  const file = path?.match(/\.github\/workflows\/([^@]+)/)?.[1];
  return own !== undefined && file !== undefined && !own.has(file);
}

/** Who may not look at runs tells them from nothing: then all checks count, as GitHub shows them. */
function unseen(error: unknown): [] {
  if (error instanceof ProviderError && (error.kind === 'auth' || error.kind === 'notFound')) return [];
  throw error;
}
