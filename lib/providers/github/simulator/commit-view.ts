import { simpleUser } from './people-view';
import { blobId, iso, nodeId } from './random';
import { API, WEB } from './respond';
import type { CommitNode, RepoState } from './types';

/** The id of the tree at a commit; nothing reads trees by id, so it needs only to be stable. */
export const commitTreeId = (sha: string): string => blobId(`tree ${sha}`);

/** `commit` of the REST contract, as lists carry it. */
export function commitView(repo: RepoState, node: CommitNode) {
  const url = `${API}/repos/${repo.fullName}/commits/${node.sha}`;
  const signature = { name: node.author.name, email: node.author.email, date: iso(node.at) };
  const tree = commitTreeId(node.sha);
  return {
    sha: node.sha,
    node_id: nodeId('C', node.sha),
    commit: {
      author: signature,
      committer: signature,
      message: node.message,
      tree: { sha: tree, url: `${API}/repos/${repo.fullName}/git/trees/${tree}` },
      url: `${API}/repos/${repo.fullName}/git/commits/${node.sha}`,
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    url,
    html_url: `${WEB}/${repo.fullName}/commit/${node.sha}`,
    comments_url: `${url}/comments`,
    author: simpleUser(node.author),
    committer: simpleUser(node.author),
    parents: node.parents.map((sha) => ({
      sha,
      url: `${API}/repos/${repo.fullName}/commits/${sha}`,
      html_url: `${WEB}/${repo.fullName}/commit/${sha}`,
    })),
  };
}

/** The files of a commit, `diff-entry` of the contract. */
export function filesView(repo: RepoState, node: CommitNode) {
  return node.changes.map(({ path, additions, deletions, status }) => ({
    sha: blobId(`${node.sha} ${path}`),
    filename: path,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${WEB}/${repo.fullName}/blob/${node.sha}/${path}`,
    raw_url: `${WEB}/${repo.fullName}/raw/${node.sha}/${path}`,
    contents_url: `${API}/repos/${repo.fullName}/contents/${path}?ref=${node.sha}`,
  }));
}

/** `simple-commit`: the head commit that a run or a check suite carries. */
export function headCommit(repo: RepoState, sha: string) {
  const node = repo.commits.get(sha);
  const { name, email } = node?.author ?? { name: '', email: '' };
  return {
    id: sha,
    tree_id: commitTreeId(sha),
    message: node?.message ?? '',
    timestamp: iso(node?.at ?? 0),
    author: { name, email },
    committer: { name, email },
  };
}
