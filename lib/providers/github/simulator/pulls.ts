import { historyOf } from './git';
import { organizationUser, simpleUser } from './people-view';
import { iso, nodeId } from './random';
import { repository } from './repo-view';
import { canPush } from './repos';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { Pull, RepoState } from './types';

const DOCS = '/pulls/pulls';

function side(call: RepoCall, ref: string) {
  const { repo } = call;
  return {
    label: `${repo.owner}:${ref}`,
    ref,
    sha: repo.branches.get(ref) ?? '0'.repeat(40),
    user: organizationUser,
    repo: repository(repo, canPush(call)),
  };
}

function linksOf(pull: Pull, sha: string) {
  const url = `${API}/repos/${pull.repo}/pulls/${pull.number}`;
  const issue = `${API}/repos/${pull.repo}/issues/${pull.number}`;
  return {
    self: url,
    html: `${WEB}/${pull.repo}/pull/${pull.number}`,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${API}/repos/${pull.repo}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${API}/repos/${pull.repo}/statuses/${sha}`,
  };
}

/** `pull-request-simple`: what lists carry. */
function simplePull(call: RepoCall, pull: Pull) {
  const head = side(call, pull.head);
  const links = linksOf(pull, head.sha);
  return {
    id: 2_100_000_000 + pull.number,
    node_id: nodeId('PR', `${pull.repo}:${pull.number}`),
    url: links.self,
    html_url: links.html,
    diff_url: `${links.html}.diff`,
    patch_url: `${links.html}.patch`,
    issue_url: links.issue,
    number: pull.number,
    state: pull.state,
    locked: false,
    draft: false,
    title: pull.title,
    user: simpleUser(call.state.person(pull.author)),
    body: pull.body,
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: pull.state === 'closed' ? iso(pull.updatedAt) : null,
    merged_at: null,
    merge_commit_sha: null,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head,
    base: side(call, pull.base),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: 'MEMBER',
    auto_merge: null,
  };
}

/** `pull-request`: with what comparing the two branches says. */
function fullPull(call: RepoCall, pull: Pull) {
  const ahead = commitsAhead(call.repo, pull);
  const changes = ahead.flatMap((node) => node.changes);
  const sum = (pick: 'additions' | 'deletions') => changes.reduce((total, change) => total + change[pick], 0);
  return {
    ...simplePull(call, pull),
    merged: false,
    mergeable: true,
    rebaseable: true,
    mergeable_state: 'clean',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: ahead.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: new Set(changes.map(({ path }) => path)).size,
  };
}

function commitsAhead(repo: RepoState, pull: Pull) {
  const base = new Set(historyOf(repo, repo.branches.get(pull.base) ?? '').map((node) => node.sha));
  return historyOf(repo, repo.branches.get(pull.head) ?? '').filter((node) => !base.has(node.sha));
}

function listPulls(call: RepoCall): Reply {
  const { state, repo, url } = call;
  const wanted = url.searchParams.get('state') ?? 'open';
  const head = url.searchParams.get('head');
  const found = state.pulls.filter(
    (pull) =>
      pull.repo === repo.fullName &&
      (wanted === 'all' || pull.state === wanted) &&
      (head === null || head === `${repo.owner}:${pull.head}`),
  );
  const { items, headers } = paged(url, found.toReversed());
  return ok(
    items.map((pull) => simplePull(call, pull)),
    headers,
  );
}

async function openPull(call: RepoCall): Promise<Reply> {
  const { repo, body, state, world, now, caller } = call;
  const docs = `${DOCS}#create-a-pull-request`;
  const { title, body: text } = body;
  const head = String(body.head ?? '').replace(`${repo.owner}:`, '');
  const base = String(body.base ?? '');
  const failed = (message: string) =>
    problem(422, 'Validation Failed', docs, [{ resource: 'PullRequest', code: 'custom', message }]);
  if (typeof title !== 'string' || title === '') return failed("title can't be blank");
  if (!repo.branches.has(head) || !repo.branches.has(base)) return failed('The head or the base is no branch.');
  const same = state.pulls.find((one) => one.repo === repo.fullName && one.state === 'open' && one.head === head);
  if (same) return failed(`A pull request already exists for ${repo.owner}:${head}.`);
  const number = 200 + state.pulls.filter((one) => one.repo === repo.fullName).length + 1;
  if (commitsAhead(repo, { head, base } as Pull).length === 0) return failed(`No commits between ${base} and ${head}`);
  const data = { repo: repo.fullName, number, title, body: String(text ?? ''), head, base, author: caller.login };
  await world.record({ at: now, kind: 'pull.opened', data });
  state.fold(world.facts());
  const made = state.pulls.at(-1);
  return made ? { status: 201, body: fullPull(call, made) } : notFound(docs);
}

async function changePull(call: RepoCall): Promise<Reply> {
  const { repo, params, body, state, world, now } = call;
  const docs = `${DOCS}#update-a-pull-request`;
  const pull = state.pulls.find((one) => one.repo === repo.fullName && String(one.number) === params.number);
  if (!pull) return notFound(docs);
  const change = Object.fromEntries(
    ['title', 'body', 'state'].filter((key) => key in body).map((key) => [key, body[key]]),
  );
  await world.record({ at: now, kind: 'pull.changed', data: { repo: repo.fullName, number: pull.number, change } });
  state.fold(world.facts());
  return ok(fullPull(call, pull));
}

export const pullRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/pulls', needs: 'pull_requests=read', docs: `${DOCS}#list-pull-requests`, handle: listPulls },
  {
    method: 'POST',
    path: '/pulls',
    needs: 'pull_requests=write',
    docs: `${DOCS}#create-a-pull-request`,
    handle: openPull,
  },
  {
    method: 'PATCH',
    path: '/pulls/{number}',
    needs: 'pull_requests=write',
    docs: `${DOCS}#update-a-pull-request`,
    handle: changePull,
  },
];
