import { commitView } from './commit-view';
import { published } from './published';
import { nodeId } from './random';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { CommitNode, RepoState } from './types';

export function gitRef(repo: RepoState, ref: string, sha: string) {
  const url = `${API}/repos/${repo.fullName}/git`;
  return {
    ref,
    node_id: nodeId('REF', `${repo.id}:${ref}`),
    url: `${url}/${ref}`,
    object: { sha, type: 'commit', url: `${url}/commits/${sha}` },
  };
}

function allRefs(repo: RepoState): [string, string][] {
  const heads = [...repo.branches].map(([name, sha]): [string, string] => [`refs/heads/${name}`, sha]);
  const tags = [...repo.tags].map(([name, sha]): [string, string] => [`refs/tags/${name}`, sha]);
  return [...heads, ...tags].sort(([a], [b]) => (a < b ? -1 : 1));
}

const byName = (a: [string, string], b: [string, string]) => (a[0] < b[0] ? -1 : 1);

function listBranches({ repo, url }: RepoCall): Reply {
  const wantsProtected = url.searchParams.get('protected');
  const all = [...repo.branches]
    .sort(byName)
    .filter(([name]) => wantsProtected === null || (wantsProtected === 'true') === (name === repo.defaultBranch));
  const { items, headers } = paged(url, all);
  const branches = items.map(([name, sha]) => ({
    name,
    commit: { sha, url: `${API}/repos/${repo.fullName}/commits/${sha}` },
    protected: name === repo.defaultBranch,
  }));
  return ok(branches, headers);
}

function getBranch({ repo, params }: RepoCall): Reply {
  const name = params.branch ?? '';
  const sha = repo.branches.get(name);
  const commit = sha ? repo.commits.get(sha) : undefined;
  if (!commit) return problem(404, 'Branch not found', '/branches/branches#get-a-branch');
  const url = `${API}/repos/${repo.fullName}/branches/${encodeURIComponent(name)}`;
  const isProtected = name === repo.defaultBranch;
  return ok({
    name,
    commit: commitView(repo, commit),
    _links: { self: url, html: `${WEB}/${repo.fullName}/tree/${name}` },
    protected: isProtected,
    protection: {
      enabled: isProtected,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${url}/protection`,
  });
}

function listTags({ repo, url }: RepoCall): Reply {
  const { items, headers } = paged(url, [...repo.tags].sort(byName).reverse());
  const base = `${API}/repos/${repo.fullName}`;
  const tags = items.map(([name, sha]) => ({
    name,
    zipball_url: `${base}/zipball/refs/tags/${name}`,
    tarball_url: `${base}/tarball/refs/tags/${name}`,
    commit: { sha, url: `${base}/commits/${sha}` },
    node_id: nodeId('REF', `${repo.id}:refs/tags/${name}`),
  }));
  return ok(tags, headers);
}

function getRef({ repo, params }: RepoCall): Reply {
  const ref = `refs/${params.ref}`;
  const found = allRefs(repo).find(([name]) => name === ref);
  return found ? ok(gitRef(repo, ...found)) : notFound('/git/refs#get-a-reference');
}

const CREATE = '/git/refs#create-a-reference';

async function createRef({ repo, body, world, now, state, caller }: RepoCall): Promise<Reply> {
  const { ref } = body;
  const sha = published(state, world).tagObjects.get(String(body.sha)) ?? body.sha;
  if (typeof ref !== 'string' || !/^refs\/(heads|tags)\/[^\s~^:?*[\\]+$/.test(ref))
    return problem(422, `${String(ref)} is not a valid ref name.`, CREATE);
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha))
    return problem(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].', CREATE);
  if (!repo.commits.has(sha)) return problem(422, 'Object does not exist', CREATE);
  if (allRefs(repo).some(([name]) => name === ref)) return problem(422, 'Reference already exists', CREATE);
  if (ref.startsWith('refs/tags/protected/'))
    return problem(
      422,
      'Repository rule violations found\n\nCannot create ref due to creations being restricted.',
      CREATE,
    );
  await world.record({ at: now, kind: 'git.ref', data: { repo: repo.fullName, ref, sha, actor: caller.login } });
  state.fold(world.facts());
  const created = gitRef(repo, ref, sha);
  return { status: 201, body: created, headers: { location: created.url } };
}

function gitCommit({ repo, params }: RepoCall): Reply {
  const commit = repo.commits.get(params.sha ?? '');
  return commit ? ok(gitCommitView(repo, commit)) : notFound('/git/commits#get-a-commit-object');
}

/** `git-commit`: a commit without what it changed. */
export function gitCommitView(repo: RepoState, commit: CommitNode) {
  const view = commitView(repo, commit);
  const parents = view.parents.map((parent) => ({
    ...parent,
    html_url: `${WEB}/${repo.fullName}/commit/${parent.sha}`,
  }));
  const { author, committer, message, tree, verification } = view.commit;
  return {
    sha: view.sha,
    node_id: view.node_id,
    url: view.commit.url,
    html_url: view.html_url,
    author,
    committer,
    message,
    tree,
    parents,
    verification,
  };
}

export const refRoutes: readonly RepoRoute[] = [
  {
    method: 'GET',
    path: '/branches',
    needs: 'contents=read',
    docs: '/branches/branches#list-branches',
    handle: listBranches,
  },
  {
    method: 'GET',
    path: '/branches/{+branch}',
    needs: 'contents=read',
    docs: '/branches/branches#get-a-branch',
    handle: getBranch,
  },
  { method: 'GET', path: '/tags', needs: 'metadata=read', docs: '/repos/repos#list-repository-tags', handle: listTags },
  {
    method: 'GET',
    path: '/git/matching-refs/{+ref}',
    needs: 'contents=read',
    docs: '/git/refs#list-matching-references',
    handle: ({ repo, params }) =>
      ok(
        allRefs(repo)
          .filter(([name]) => name.startsWith(`refs/${params.ref}`))
          .map(([name, sha]) => gitRef(repo, name, sha)),
      ),
  },
  { method: 'GET', path: '/git/ref/{+ref}', needs: 'contents=read', docs: '/git/refs#get-a-reference', handle: getRef },
  { method: 'POST', path: '/git/refs', needs: 'contents=write', docs: CREATE, handle: createRef },
  {
    method: 'GET',
    path: '/git/commits/{sha}',
    needs: 'contents=read',
    docs: '/git/commits#get-a-commit-object',
    handle: gitCommit,
  },
];
