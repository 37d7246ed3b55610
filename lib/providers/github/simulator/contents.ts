import { resolveCommit, treeOf } from './git';
import { blobId } from './random';
import { API, notFound, ok, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { RepoState } from './types';

const DOCS = '/repos/contents#get-repository-content';

function entry(repo: RepoState, ref: string, path: string, content: string | null) {
  const type = content === null ? 'dir' : 'file';
  const sha = blobId(content ?? `tree ${path}`);
  const url = `${API}/repos/${repo.fullName}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${API}/repos/${repo.fullName}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`;
  const html = `${WEB}/${repo.fullName}/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${path}`;
  return {
    name: path.split('/').at(-1) ?? path,
    path,
    sha,
    size: content === null ? 0 : Buffer.byteLength(content),
    url,
    html_url: html,
    git_url: git,
    download_url: content === null ? null : `https://raw.githubusercontent.com/${repo.fullName}/${ref}/${path}`,
    type,
    _links: { self: url, git, html },
  };
}

function directory(repo: RepoState, ref: string, path: string, tree: ReadonlyMap<string, string>) {
  const prefix = path === '' ? '' : `${path}/`;
  const entries = new Map<string, ReturnType<typeof entry>>();
  for (const [file, content] of tree) {
    if (!file.startsWith(prefix)) continue;
    const rest = file.slice(prefix.length);
    const name = prefix + (rest.split('/')[0] ?? '');
    if (!entries.has(name)) entries.set(name, entry(repo, ref, name, rest.includes('/') ? null : content));
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A missing ref is worded apart from a missing path. */
function getContents({ repo, params, url, headers }: RepoCall): Reply {
  const ref = url.searchParams.get('ref') ?? repo.defaultBranch;
  const sha = resolveCommit(repo, ref);
  if (!sha) return problem(404, `No commit found for the ref ${ref}`, DOCS);
  const path = (params.path ?? '').replace(/\/$/, '');
  const tree = treeOf(repo, sha);
  const content = tree.get(path);
  if (content === undefined) {
    const entries = directory(repo, ref, path, tree);
    return entries.length ? ok(entries) : notFound(DOCS);
  }
  if (/application\/vnd\.github\.(v3\.)?raw/.test(headers.get('accept') ?? '')) {
    return {
      status: 200,
      text: content,
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    };
  }
  const encoded = Buffer.from(content).toString('base64').replace(/.{60}/g, '$&\n');
  return ok({ ...entry(repo, ref, path, content), content: `${encoded}\n`, encoding: 'base64' });
}

export const contentRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/contents/{+path}', needs: 'contents=read', docs: DOCS, handle: getContents },
];
