import { commitTreeId } from './commit-view';
import { treeOf } from './git';
import { blobId, objectId } from './random';
import { API, notFound, ok, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { RepoState } from './types';

const TREES = '/git/trees#get-a-tree';
const BLOBS = '/git/blobs#get-a-blob';
/** GitHub lists no more in one answer: https://docs.github.com/en/rest/git/trees#get-a-tree */
const MAX_ENTRIES = 100_000;

type Files = ReadonlyMap<string, string>;

/** Everything in one folder, paths from there. */
function below(files: Files, folder: string): Files {
  if (folder === '') return files;
  const inside = [...files].filter(([path]) => path.startsWith(`${folder}/`));
  return new Map(inside.map(([path, text]) => [path.slice(folder.length + 1), text]));
}

/** A tree is named by what is in it, as in git. */
function treeId(files: Files): string {
  const lines = [...files].map(([path, text]) => `${path} ${blobId(text)}`).sort();
  return objectId('tree', ...lines);
}

function foldersOf(files: Files): string[] {
  const folders = new Set<string>();
  for (const path of files.keys())
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  return [...folders].sort();
}

/** A commit, the tree of a commit, or a folder in any of them. */
function findTree(repo: RepoState, id: string): Files | null {
  if (repo.commits.has(id)) return treeOf(repo, id);
  const distinct = new Set<Files>();
  for (const sha of repo.commits.keys()) {
    const files = treeOf(repo, sha);
    if (commitTreeId(sha) === id) return files;
    distinct.add(files);
  }
  for (const files of distinct)
    for (const folder of foldersOf(files)) {
      const inside = below(files, folder);
      if (treeId(inside) === id) return inside;
    }
  return null;
}

function entriesOf(url: string, files: Files, recursive: boolean) {
  const trees = foldersOf(files)
    .filter((path) => recursive || !path.includes('/'))
    .map((path) => {
      const sha = treeId(below(files, path));
      return { path, mode: '040000', type: 'tree', sha, url: `${url}/trees/${sha}` };
    });
  const blobs = [...files]
    .filter(([path]) => recursive || !path.includes('/'))
    .map(([path, text]) => {
      const sha = blobId(text);
      return { path, mode: '100644', type: 'blob', sha, size: Buffer.byteLength(text), url: `${url}/blobs/${sha}` };
    });
  return [...trees, ...blobs].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function getTree({ repo, params, url }: RepoCall): Reply {
  const id = params.sha ?? '';
  const files = findTree(repo, id);
  if (!files) return notFound(TREES);
  const base = `${API}/repos/${repo.fullName}/git`;
  const entries = entriesOf(base, files, url.searchParams.has('recursive'));
  const sha = repo.commits.has(id) ? commitTreeId(id) : id;
  const tree = entries.slice(0, MAX_ENTRIES);
  return ok({ sha, url: `${base}/trees/${sha}`, tree, truncated: tree.length < entries.length });
}

function getBlob({ repo, params }: RepoCall): Reply {
  const sha = params.sha ?? '';
  for (const files of new Set([...repo.commits.keys()].map((commit) => treeOf(repo, commit))))
    for (const text of files.values())
      if (blobId(text) === sha) {
        const content = Buffer.from(text).toString('base64').replace(/.{60}/g, '$&\n');
        const url = `${API}/repos/${repo.fullName}/git/blobs/${sha}`;
        const more = { url, size: Buffer.byteLength(text), node_id: `B_${sha}` };
        return ok({ sha, content: `${content}\n`, encoding: 'base64', ...more });
      }
  return notFound(BLOBS);
}

export const gitFileRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/git/trees/{sha}', needs: 'contents=read', docs: TREES, handle: getTree },
  { method: 'GET', path: '/git/blobs/{sha}', needs: 'contents=read', docs: BLOBS, handle: getBlob },
];
