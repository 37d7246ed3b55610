import { commitTreeId } from './commit-view';
import { historyOf } from './git';
import { blobId, objectId } from './random';
import { gitCommitView, gitRef } from './refs';
import { API, notFound, ok, problem, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { RepoState } from './types';

const TREE = '/git/trees#create-a-tree';
const COMMIT = '/git/commits#create-a-commit';
const MOVE = '/git/refs#update-a-reference';

interface Entry {
  path: string;
  mode: string;
  type: string;
  content: string | null;
}

function entriesOf(value: unknown): Entry[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const entries = value.map((each): Entry | null => {
    const { path, mode = '100644', type = 'blob', content, sha } = each ?? {};
    const isPath = typeof path === 'string' && /^(?!\/)(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\]+$/.test(path);
    const removed = sha === null;
    if (!isPath || mode !== '100644' || type !== 'blob' || !(removed || typeof content === 'string')) return null;
    return { path, mode, type, content: removed ? null : content };
  });
  return entries.every((each) => each !== null) ? entries : null;
}

/** A tree is a base with some files over it; other kinds of trees are not asked for here. */
async function createTree({ repo, body, world, state, now }: RepoCall): Promise<Reply> {
  const entries = entriesOf(body.tree);
  if (!entries) return problem(422, 'Invalid tree info', TREE);
  const base = [...repo.commits.keys()].find((sha) => commitTreeId(sha) === body.base_tree || sha === body.base_tree);
  if (!base) return problem(422, 'base_tree is not a valid tree', TREE);
  const overlay = Object.fromEntries(entries.map(({ path, content }) => [path, content]));
  const sha = objectId('tree', base, JSON.stringify(overlay));
  await world.record({ at: now, kind: 'git.tree', data: { repo: repo.fullName, sha, base, overlay } });
  state.fold(world.facts());
  const url = `${API}/repos/${repo.fullName}/git`;
  const tree = entries
    .filter(({ content }) => content !== null)
    .map(({ path, mode, type, content }) => {
      const id = blobId(content ?? '');
      return { path, mode, type, size: Buffer.byteLength(content ?? ''), sha: id, url: `${url}/blobs/${id}` };
    });
  return { status: 201, body: { sha, url: `${url}/trees/${sha}`, tree, truncated: false } };
}

async function createCommit({ repo, body, world, state, now, caller }: RepoCall): Promise<Reply> {
  const { message, tree, parents } = body;
  // A commit's own tree may be taken again: a commit that changes nothing.
  const same = [...repo.commits.keys()].find((sha) => commitTreeId(sha) === tree);
  const made = state.trees.get(String(tree)) ?? (same && { base: same });
  if (typeof message !== 'string' || !made) return problem(422, 'Tree SHA does not exist', COMMIT);
  const known = Array.isArray(parents) && parents.every((sha) => typeof sha === 'string' && repo.commits.has(sha));
  // In this world a commit's tree is its first parent's with changes, so the tree has to be based on that.
  if (!known || parents[0] !== made.base)
    return problem(422, 'Parent SHA does not exist or is not a commit object', COMMIT);
  const sha = objectId('commit', repo.fullName, String(tree), message, now, repo.commits.size);
  const data = { repo: repo.fullName, sha, tree, message, parents, actor: caller.login };
  await world.record({ at: now, kind: 'git.commit', data });
  state.fold(world.facts());
  const node = repo.commits.get(sha);
  return node ? { status: 201, body: gitCommitView(repo, node) } : notFound(COMMIT);
}

async function moveRef({ repo, params, body, world, state, now, caller }: RepoCall): Promise<Reply> {
  const branch = /^heads\/(.+)$/.exec(params.ref ?? '')?.[1] ?? '';
  const before = repo.branches.get(branch);
  const { sha } = body;
  if (before === undefined) return problem(422, 'Reference does not exist', MOVE);
  if (typeof sha !== 'string' || !repo.commits.has(sha)) return problem(422, 'Object does not exist', MOVE);
  if (body.force !== true && !reaches(repo, sha, before)) return problem(422, 'Update is not a fast forward', MOVE);
  const ref = `refs/heads/${branch}`;
  await world.record({ at: now, kind: 'git.ref.moved', data: { repo: repo.fullName, ref, sha, actor: caller.login } });
  state.fold(world.facts());
  return ok(gitRef(repo, ref, sha));
}

function reaches(repo: RepoState, sha: string, ancestor: string): boolean {
  return historyOf(repo, sha).some((node) => node.sha === ancestor);
}

export const gitDataRoutes: readonly RepoRoute[] = [
  { method: 'POST', path: '/git/trees', needs: 'contents=write', docs: TREE, handle: createTree },
  { method: 'POST', path: '/git/commits', needs: 'contents=write', docs: COMMIT, handle: createCommit },
  { method: 'PATCH', path: '/git/refs/{+ref}', needs: 'contents=write', docs: MOVE, handle: moveRef },
];
