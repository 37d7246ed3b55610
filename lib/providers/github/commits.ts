import { z } from 'zod';
import {
  type CheckNames,
  type CheckState,
  type ChecksSaid,
  type Commit,
  type Comparison,
  type ProviderContext,
  ProviderError,
  type UnpassedCheck,
} from '../port';
import { isOwnCheck } from './check-marks';
import { read, whenImmutable } from './client';
import { withoutDispatched } from './dispatched';
import { inParallel } from './in-parallel';
import { checkRunsSchema, combinedStatusSchema, commitSchema, comparisonSchema, type RawCommit } from './schema';
import type { Place } from './target';

const PAGE = 15;
const LANES = 5;
/** GitHub's own limit for one comparison without paging. */
const MAX_COMPARED = 250;
/** Of a hundred each. GitHub keeps at most 1,000 statuses of a commit under one name; so many checks nobody has. */
const MAX_CHECK_PAGES = 10;
const NOT_ASKED: ChecksSaid = { checks: 'none' };
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
export async function readCommit(
  c: ProviderContext,
  place: Place,
  sha: string,
  asked?: CheckNames | 'message',
): Promise<Commit> {
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
  return toCommit(answer.data, asked === 'message' ? NOT_ASKED : await checksOf(c, place, answer.data.sha, asked));
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
    included: [...checked, ...included.slice(PAGE).map((raw) => toCommit(raw, NOT_ASKED))],
    leaving: leaving.map((raw) => toCommit(raw, NOT_ASKED)),
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

/**
 * Check runs (Actions and Apps) and commit statuses (older CI) as one word. A credential that may not look at one of the two
 * sees `none` where the other is fine: what nobody looked at is no success.
 */
async function checksOf(c: ProviderContext, place: Place, sha: string, names?: CheckNames): Promise<ChecksSaid> {
  const about = { what: 'commit', subject: sha } as const;
  const params = { owner: place.owner, repo: place.repo, ref: sha, per_page: 100 };
  const [runs, statuses] = await Promise.all([
    optional(runsOf(c, place, { params, about, names })),
    optional(statusesOf(c, { params, about, names })),
  ]);
  const all = [...(runs ?? []), ...(statuses ?? [])];
  const state = combined(all.map((each) => each.state));
  // Of one name there may be a run and a status, so both have to be seen with names, too.
  const isWhole = runs !== null && statuses !== null;
  const unpassed = names?.flatMap((name) => unpassedOf(name, all, isWhole));
  const checks = state === 'success' && (!isWhole || unpassed?.length) ? 'none' : state;
  return unpassed?.length ? { checks, unpassed } : { checks };
}

/** A name of null is what nobody could read: it may be any of them. */
function unpassedOf(name: string, all: readonly Said[], isWhole: boolean): UnpassedCheck[] {
  const own = all.filter((each) => each.name === name);
  const state = combined(own.map((each) => each.state));
  if (state === 'failure') return [{ name, stands: 'failed' }];
  if (state === 'pending') return [{ name, stands: 'running' }];
  if (!isWhole || all.some((each) => each.name === null)) return [{ name, stands: 'unread' }];
  if (state === 'success') return [];
  return [{ name, stands: own.length > 0 ? 'skipped' : 'missing' }];
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

/** Who names a check wants it to have looked at the commit: one that was skipped, or came out neutral, did not say so. */
function namedState(run: { status: string; conclusion: string | null }): CheckState {
  const state = checkState(run);
  return state === 'success' && run.conclusion !== 'success' ? 'none' : state;
}

interface OfCommit {
  names: CheckNames;
  params: Record<string, unknown>;
  about: { what: 'commit'; subject: string };
}

interface Said {
  name: string | null;
  state: CheckState;
}

/**
 * The newest check run of each name, over as many pages as there are, but those that were written from here and those of
 * deployments that did not end well.
 */
async function runsOf(c: ProviderContext, place: Place, call: OfCommit): Promise<Said[]> {
  const { all, unread } = await allPages(call, async (params) => {
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';
    const { data } = await read(c, { route, params, about: call.about }, checkRunsSchema);
    return { rows: data.check_runs, total: data.total_count };
  });
  const own = all.length > 0 ? await c.ownMarks?.() : undefined;
  const others = all.filter((run) => !isOwnCheck(run, own));
  // It judges runs of workflows by all their jobs, so the names come after it.
  const undispatched = await withoutDispatched(c, place, call.about.subject, others, checkState);
  const counted = undispatched.filter((run) => counts(call.names, run.name));
  const stateOf = call.names ? namedState : checkState;
  return [...counted.map((run) => ({ name: run.name ?? null, state: stateOf(run) })), ...unread];
}

const counts = (names: CheckNames, name: string | null | undefined) => !names || names.includes(name ?? '');

/**
 * Every name's newest status, over as many pages as there are. What this console itself said about a commit is no check of it:
 * a failed deployment must not forbid the next one.
 */
async function statusesOf(c: ProviderContext, call: OfCommit): Promise<Said[]> {
  const { all, unread } = await allPages(call, async (params) => {
    const route = 'GET /repos/{owner}/{repo}/commits/{ref}/status';
    const { data } = await read(c, { route, params, about: call.about }, combinedStatusSchema);
    return { rows: data.statuses, total: data.total_count };
  });
  const own = all.length > 0 ? await c.ownMarks?.() : undefined;
  const counted = all.filter(({ context }) => !own?.has(context) && counts(call.names, context));
  return [...counted.map(({ context, state }) => ({ name: context, state: statusState(state) })), ...unread];
}

type Page<T> = (params: OfCommit['params']) => Promise<{ rows: T[]; total: number }>;

/** What is on no page that was read may say anything: one that is pending stands for it. */
async function allPages<T>({ params }: OfCommit, page: Page<T>): Promise<{ all: T[]; unread: Said[] }> {
  const all: T[] = [];
  for (let at = 1; at <= MAX_CHECK_PAGES; at++) {
    const { rows, total } = await page(at === 1 ? params : { ...params, page: at });
    all.push(...rows);
    if (all.length >= total) return { all, unread: [] };
    if (rows.length === 0) break;
  }
  return { all, unread: [{ name: null, state: 'pending' }] };
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

function toCommit(raw: RawCommit, said: ChecksSaid): Commit {
  return {
    sha: raw.sha,
    message: raw.commit.message,
    author: raw.author?.login ?? raw.commit.author?.name ?? 'unknown',
    authoredAt: raw.commit.author?.date ?? '',
    url: raw.html_url,
    ...said,
  };
}
