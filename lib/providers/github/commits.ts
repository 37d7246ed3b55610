import { z } from 'zod';
import { type CheckState, type Commit, type Comparison, type ProviderContext, ProviderError } from '../port';
import { read, whenImmutable } from './client';
import { inParallel } from './in-parallel';
import { checkRunsSchema, combinedStatusSchema, commitSchema, comparisonSchema, type RawCommit } from './schema';
import type { Place } from './target';

const PAGE = 15;
const LANES = 5;
/** GitHub's own limit for one comparison without paging. */
const MAX_COMPARED = 250;
/** GitHub keeps at most 1,000 statuses of a commit under one name; so many names nobody has. */
const MAX_STATUS_PAGES = 10;
const GOOD = new Set(['success', 'neutral', 'skipped']);

/** One page (15) of the commits that `ref` has, newest first, each with its CI state. */
export async function listCommits(c: ProviderContext, place: Place, ref: string, page: number): Promise<Commit[]> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/commits',
      params: { owner: place.owner, repo: place.repo, sha: ref, per_page: PAGE, page: Math.max(1, page) },
      about: { what: 'ref', subject: ref },
    },
    z.array(commitSchema),
  );
  return withChecks(c, place, answer.data);
}

/** One commit by its full sha; with its CI state, unless only its message is wanted. */
export async function readCommit(c: ProviderContext, place: Place, sha: string, only?: 'message'): Promise<Commit> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/commits/{ref}',
      params: { owner: place.owner, repo: place.repo, ref: sha },
      headers: whenImmutable(sha),
      about: { what: 'commit', subject: sha.slice(0, 7) },
    },
    commitSchema,
  );
  return toCommit(answer.data, only === 'message' ? 'none' : await checksOf(c, place, answer.data.sha));
}

/** What `head` would bring and take away against `base`. CI states are read for the newest 15 only. */
export async function compareRefs(
  c: ProviderContext,
  place: Place,
  base: string,
  head: string,
  only?: 'count',
): Promise<Comparison> {
  const first = await comparison(c, place, `${base}...${head}`, 1, only === 'count' ? 1 : 100);
  const { ahead_by: totalIncluded, behind_by: totalLeaving, html_url: url } = first;
  if (only === 'count') return { included: [], leaving: [], totalIncluded, totalLeaving, url };
  const included = await newestFirst(c, place, `${base}...${head}`, first);
  const back = first.behind_by > 0 ? `${head}...${base}` : null;
  const leaving = back ? await newestFirst(c, place, back, await comparison(c, place, back, 1)) : [];
  const checked = await withChecks(c, place, included.slice(0, PAGE));
  return {
    included: [...checked, ...included.slice(PAGE).map((raw) => toCommit(raw, 'none'))],
    leaving: leaving.map((raw) => toCommit(raw, 'none')),
    totalIncluded,
    totalLeaving,
    url,
  };
}

/** Whether `sha` is part of the history of `head`. */
export async function isAncestor(c: ProviderContext, place: Place, sha: string, head: string): Promise<boolean> {
  const { status } = await comparison(c, place, `${head}...${sha}`, 1, 1);
  return status === 'behind' || status === 'identical';
}

async function comparison(
  c: ProviderContext,
  place: Place,
  basehead: string,
  page: number,
  perPage = 100,
): Promise<z.infer<typeof comparisonSchema>> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
      params: { owner: place.owner, repo: place.repo, basehead, per_page: perPage, page },
      about: { what: 'commit', subject: basehead.replace('...', ' or ') },
    },
    comparisonSchema,
  );
  return answer.data;
}

/** The API lists oldest first, so the newest are on the last pages. */
async function newestFirst(
  c: ProviderContext,
  place: Place,
  basehead: string,
  first: z.infer<typeof comparisonSchema>,
): Promise<RawCommit[]> {
  const last = Math.max(1, Math.ceil(first.total_commits / 100));
  const pages = [last, last - 1, last - 2].filter((page) => page >= 1);
  const read100 = async (page: number): Promise<RawCommit[]> =>
    page === 1 ? first.commits : (await comparison(c, place, basehead, page)).commits;
  const found = await inParallel(pages, 3, read100);
  return found.flatMap((commits) => [...commits].reverse()).slice(0, MAX_COMPARED);
}

function withChecks(c: ProviderContext, place: Place, raw: RawCommit[]): Promise<Commit[]> {
  return inParallel(raw, LANES, async (each) => toCommit(each, await checksOf(c, place, each.sha)));
}

/** Check runs (Actions and Apps) and commit statuses (older CI) as one word; a credential that may not look sees `none`. */
async function checksOf(c: ProviderContext, place: Place, sha: string): Promise<CheckState> {
  const about = { what: 'commit', subject: sha } as const;
  const params = { owner: place.owner, repo: place.repo, ref: sha, per_page: 100 };
  const [runs, statuses] = await Promise.all([
    optional(read(c, { route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs', params, about }, checkRunsSchema)),
    optional(statusesOf(c, { params, about })),
  ]);
  const states: CheckState[] = (runs?.data.check_runs ?? []).map(checkState);
  return combined([...states, ...(statuses ?? [])]);
}

/** The worst wins: a failure, then what still runs, then success. */
export function combined(states: CheckState[]): CheckState {
  if (states.includes('failure')) return 'failure';
  if (states.includes('pending')) return 'pending';
  return states.includes('success') ? 'success' : 'none';
}

export function checkState(run: { status: string; conclusion: string | null }): CheckState {
  if (run.status !== 'completed') return 'pending';
  return GOOD.has(run.conclusion ?? '') ? 'success' : 'failure';
}

/**
 * Every name's newest status, over as many pages as there are. What this console itself said about a commit is no check of it:
 * a failed deployment must not forbid the next one.
 */
async function statusesOf(
  c: ProviderContext,
  call: { params: Record<string, unknown>; about: { what: 'commit'; subject: string } },
): Promise<CheckState[]> {
  const all: { context: string; state: string }[] = [];
  let total = 0;
  for (let page = 1; page <= MAX_STATUS_PAGES; page++) {
    const params = page === 1 ? call.params : { ...call.params, page };
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
    const { data } = await read(c, { route, params, about: call.about }, combinedStatusSchema);
    all.push(...data.statuses);
    total = data.total_count;
    if (data.statuses.length === 0 || all.length >= total) break;
  }
  const own = all.length > 0 ? await c.ownMarks?.() : undefined;
  const states = all.filter(({ context }) => !own?.has(context)).map((each) => statusState(each.state));
  // What was not read may say anything.
  return all.length < total ? [...states, 'pending'] : states;
}

function statusState(state: string): CheckState {
  if (state === 'success') return 'success';
  return state === 'pending' ? 'pending' : 'failure';
}

async function optional<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'auth' || error.kind === 'notFound')) return null;
    throw error;
  }
}

function toCommit(raw: RawCommit, checks: CheckState): Commit {
  return {
    sha: raw.sha,
    message: raw.commit.message,
    author: raw.author?.login ?? raw.commit.author?.name ?? 'unknown',
    authoredAt: raw.commit.author?.date ?? '',
    url: raw.html_url,
    checks,
  };
}
