import { commitView, filesView } from './commit-view';
import { historyOf, resolveCommit } from './git';
import { API, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { CommitNode, RepoState } from './types';

function listCommits({ repo, url }: RepoCall): Reply {
  const asked = url.searchParams.get('sha') ?? repo.defaultBranch;
  const sha = resolveCommit(repo, asked);
  if (!sha) return problem(404, 'Not Found', '/commits/commits#list-commits');
  const kept = historyOf(repo, sha).filter((node) => matches(node, url.searchParams));
  const { items, headers } = paged(url, kept);
  return ok(
    items.map((node) => commitView(repo, node)),
    headers,
  );
}

function matches(node: CommitNode, query: URLSearchParams): boolean {
  const path = query.get('path');
  const author = query.get('author');
  const since = query.get('since');
  const until = query.get('until');
  if (
    path &&
    !node.changes.some((change) => change.path === path || change.path.startsWith(`${path.replace(/\/$/, '')}/`))
  )
    return false;
  if (author && author !== node.author.login && author !== node.author.email) return false;
  return (!since || node.at >= Date.parse(since)) && (!until || node.at <= Date.parse(until));
}

function getCommit({ repo, params, headers }: RepoCall): Reply {
  const sha = resolveCommit(repo, params.ref ?? '');
  const node = sha ? repo.commits.get(sha) : undefined;
  if (!node) return problem(422, `No commit found for SHA: ${params.ref}`, '/commits/commits#get-a-commit');
  if (/application\/vnd\.github\.(v3\.)?sha/.test(headers.get('accept') ?? '')) {
    return { status: 200, text: node.sha, headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' } };
  }
  const files = filesView(repo, node);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({ ...commitView(repo, node), stats: { additions, deletions, total: additions + deletions }, files });
}

/** At most 250 commits, oldest first. Source: https://docs.github.com/rest/commits/commits#compare-two-commits */
const COMPARE_LIMIT = 250;

function compare({ repo, params, url }: RepoCall): Reply {
  const docs = '/commits/commits#compare-two-commits';
  const [base, head] = (params.basehead ?? '').split('...').map((name) => resolveCommit(repo, name));
  if (!base || !head) return problem(404, 'Not Found', docs);
  const ofBase = historyOf(repo, base);
  const ofHead = historyOf(repo, head);
  const known = new Set(ofBase.map((node) => node.sha));
  const reached = new Set(ofHead.map((node) => node.sha));
  const merge = ofHead.find((node) => known.has(node.sha));
  if (!merge) return problem(404, `No common ancestor between ${params.basehead?.replace('...', ' and ')}.`, docs);
  const ahead = ofHead.filter((node) => !known.has(node.sha)).reverse();
  const behind = ofBase.filter((node) => !reached.has(node.sha)).length;
  const isPaged = url.searchParams.has('page') || url.searchParams.has('per_page');
  const { items, headers } = isPaged ? paged(url, ahead) : { items: ahead.slice(0, COMPARE_LIMIT), headers: {} };
  return ok(comparison(repo, { base, head, merge, ahead, items, behind, name: params.basehead ?? '' }), headers);
}

function comparison(
  repo: RepoState,
  found: {
    base: string;
    head: string;
    merge: CommitNode;
    ahead: CommitNode[];
    items: CommitNode[];
    behind: number;
    name: string;
  },
) {
  const { base, head, merge, ahead, items, behind } = found;
  const url = `${API}/repos/${repo.fullName}/compare/${found.name}`;
  const html = `${WEB}/${repo.fullName}/compare`;
  const status = ahead.length && behind ? 'diverged' : ahead.length ? 'ahead' : behind ? 'behind' : 'identical';
  const files = new Map(ahead.flatMap((node) => filesView(repo, node)).map((file) => [file.filename, file]));
  return {
    url,
    html_url: `${html}/${found.name}`,
    permalink_url: `${html}/${repo.owner}:${base.slice(0, 7)}...${repo.owner}:${head.slice(0, 7)}`,
    diff_url: `${html}/${found.name}.diff`,
    patch_url: `${html}/${found.name}.patch`,
    base_commit: commitView(repo, repo.commits.get(base) ?? merge),
    merge_base_commit: commitView(repo, merge),
    status,
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: items.map((node) => commitView(repo, node)),
    files: [...files.values()],
  };
}

export const commitRoutes: readonly RepoRoute[] = [
  {
    method: 'GET',
    path: '/commits',
    needs: 'contents=read',
    docs: '/commits/commits#list-commits',
    handle: listCommits,
  },
  {
    method: 'GET',
    path: '/compare/{+basehead}',
    needs: 'contents=read',
    docs: '/commits/commits#compare-two-commits',
    handle: compare,
  },
];

/** Matches any rest of the path, so it has to come after the routes below a commit. */
export const commitRoute: RepoRoute = {
  method: 'GET',
  path: '/commits/{+ref}',
  needs: 'contents=read',
  docs: '/commits/commits#get-a-commit',
  handle: getCommit,
};
