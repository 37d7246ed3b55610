import {
  CONTACT_FILES,
  CONTACT_FORM,
  HANDBOOK,
  INFRASTRUCTURE,
  type Line,
  LOGIN_LOOP,
  MAIN,
  NO_WORKFLOW,
  PEOPLE,
  RATE_LIMITS,
  TOO_MANY_INPUTS,
} from './history';
import { chance, objectId } from './random';
import type { Change, CiState, CommitNode, RepoState } from './types';
import { parseWorkflow, readableWorkflow } from './workflow-file';

const DAY = 86_400_000;
const BACKEND_WORKFLOW = '.github/workflows/backend-deploy.yml';

/** A repository as it was when the sandbox began, and the CI state that each of its commits shall have. */
export interface SeededRepo {
  repo: RepoState;
  ci: Map<string, CiState>;
}

/** The main repository: `main`, five branches and the tags. `origin` is when the sandbox was first started, in ms. */
export function mainRepository(files: ReadonlyMap<string, string>, seed: number, origin: number): SeededRepo {
  const seeded = emptyRepository(
    'aetherstack',
    712_004_518,
    'API, editor extension, dashboard and docs.',
    'Python',
    files,
    origin,
  );
  const { repo } = seeded;
  repo.environments = ['production', 'staging', 'marketplace', 'github-pages'].map((name, i) => ({
    id: 5_100_200 + i,
    name,
    createdAt: origin - 40 * DAY,
  }));
  grow(seeded, seed, 'main', MAIN, origin - 33 * DAY, origin - 3 * 3_600_000);
  const head = repo.branches.get('main') ?? '';
  fork(seeded, seed, 'feature/rate-limits', RATE_LIMITS, head, origin - 2 * 3_600_000);
  fork(seeded, seed, 'fix/login-loop', LOGIN_LOOP, ancestor(repo, head, 3), origin - 26 * 3_600_000);
  const workflow = files.get(BACKEND_WORKFLOW) ?? '';
  fork(seeded, seed, 'too-many-inputs', TOO_MANY_INPUTS, ancestor(repo, head, 6), origin - 4 * DAY, {
    [BACKEND_WORKFLOW]: withManyInputs(workflow),
  });
  fork(seeded, seed, 'no-workflow', NO_WORKFLOW, ancestor(repo, head, 5), origin - 5 * DAY, {
    [BACKEND_WORKFLOW]: null,
  });
  fork(seeded, seed, 'feature/contact-form', CONTACT_FORM, head, origin - 3_600_000, CONTACT_FILES);
  registerWorkflows(repo);
  return seeded;
}

/** Two small repositories, so that a list has more than one line. */
export function smallRepositories(seed: number, origin: number): SeededRepo[] {
  const handbook = emptyRepository(
    'handbook',
    712_114_907,
    'How we work.',
    'Markdown',
    new Map([
      ['README.md', '# Handbook\n'],
      ['on-call.md', '# On call\n'],
    ]),
    origin,
  );
  grow(handbook, seed, 'main', HANDBOOK, origin - 60 * DAY, origin - 20 * DAY);
  const infrastructure = emptyRepository(
    'infrastructure',
    713_300_126,
    'Clusters and networks.',
    'HCL',
    new Map([
      ['README.md', '# Infrastructure\n'],
      ['clusters.yml', 'staging: 2\nproduction: 6\n'],
    ]),
    origin,
  );
  grow(infrastructure, seed, 'main', INFRASTRUCTURE, origin - 90 * DAY, origin - 9 * DAY);
  return [handbook, infrastructure];
}

function emptyRepository(
  name: string,
  id: number,
  description: string,
  language: string,
  root: ReadonlyMap<string, string>,
  origin: number,
): SeededRepo {
  const repo: RepoState = {
    id,
    owner: 'aetherstack',
    name,
    fullName: `aetherstack/${name}`,
    description,
    language,
    private: true,
    defaultBranch: 'main',
    createdAt: origin - 200 * DAY,
    root,
    commits: new Map(),
    branches: new Map(),
    tags: new Map(),
    workflows: [],
    environments: [],
  };
  return { repo, ci: new Map() };
}

function grow(
  seeded: SeededRepo,
  seed: number,
  branch: string,
  lines: readonly Line[],
  from: number,
  to: number,
): void {
  const span = (to - from) / Math.max(1, lines.length - 1);
  lines.forEach((entry, index) => {
    const jitter = index === lines.length - 1 ? 0 : chance(seed, branch, index) * span * 0.7;
    append(seeded, seed, branch, entry, from + index * span + jitter, {});
  });
}

function fork(
  seeded: SeededRepo,
  seed: number,
  branch: string,
  lines: readonly Line[],
  base: string,
  at: number,
  overlay: CommitNode['overlay'] = {},
): void {
  seeded.repo.branches.set(branch, base);
  lines.forEach((entry, index) => {
    append(seeded, seed, branch, entry, at + index * 1_500_000, index === lines.length - 1 ? overlay : {});
  });
}

function append(
  seeded: SeededRepo,
  seed: number,
  branch: string,
  entry: Line,
  at: number,
  overlay: CommitNode['overlay'],
): void {
  const { repo, ci } = seeded;
  const parent = repo.branches.get(branch);
  const sha = objectId('commit', seed, repo.fullName, branch, repo.commits.size);
  const changes = entry.paths.map((path): Change => {
    const size = Math.floor(chance(sha, path) * 40) + 1;
    if (overlay[path] === null) return { path, additions: 0, deletions: size + 80, status: 'removed' };
    return {
      path,
      additions: size,
      deletions: Math.floor(size * chance(path, sha) * 0.6),
      status: parent ? 'modified' : 'added',
    };
  });
  const author = PEOPLE[entry.who] ?? PEOPLE[0];
  repo.commits.set(sha, {
    sha,
    parents: parent ? [parent] : [],
    message: entry.message,
    author,
    at: Math.floor(at / 1000) * 1000,
    changes,
    overlay,
  });
  repo.branches.set(branch, sha);
  if (entry.tag) repo.tags.set(entry.tag, sha);
  ci.set(sha, entry.ci ?? 'success');
}

function ancestor(repo: RepoState, sha: string, steps: number): string {
  let at = sha;
  for (let i = 0; i < steps; i++) at = repo.commits.get(at)?.parents[0] ?? at;
  return at;
}

/** GitHub lists the workflows of the default branch. */
export function registerWorkflows(repo: RepoState): void {
  const head = repo.branches.get(repo.defaultBranch) ?? '';
  for (const [path, text] of treeOf(repo, head)) {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || repo.workflows.some((one) => one.path === path)) continue;
    repo.workflows.push({
      id: 161_335_000 + Math.floor(chance('workflow', path) * 900_000),
      path,
      name: readableWorkflow(text, path)?.name ?? path,
    });
  }
  repo.workflows.sort((a, b) => a.path.localeCompare(b.path));
}

function withManyInputs(workflow: string): string {
  const declared = parseWorkflow(workflow, BACKEND_WORKFLOW).inputs.length;
  const extra = Array.from(
    { length: 26 - declared },
    (_, i) =>
      `      setting_${i + 1}:\n        description: Setting ${i + 1}\n        type: string\n        default: ''\n`,
  );
  return workflow.replace(/^( {2}workflow_dispatch:\n {4}inputs:\n)/m, `$1${extra.join('')}`);
}

const trees = new WeakMap<RepoState, Map<string, ReadonlyMap<string, string>>>();

/** Path → content at a commit. */
export function treeOf(repo: RepoState, sha: string): ReadonlyMap<string, string> {
  const memo = trees.get(repo) ?? new Map<string, ReadonlyMap<string, string>>();
  trees.set(repo, memo);
  const chain: CommitNode[] = [];
  let at: string | undefined = sha;
  while (at && !memo.has(at)) {
    const node: CommitNode | undefined = repo.commits.get(at);
    if (!node) break;
    chain.push(node);
    at = node.parents[0];
  }
  let tree = (at && memo.get(at)) || repo.root;
  for (const node of chain.reverse()) {
    tree = overlaid(tree, node.overlay);
    memo.set(node.sha, tree);
  }
  return tree;
}

function overlaid(tree: ReadonlyMap<string, string>, overlay: CommitNode['overlay']): ReadonlyMap<string, string> {
  const entries = Object.entries(overlay);
  if (entries.length === 0) return tree;
  const next = new Map(tree);
  for (const [path, content] of entries) {
    if (content === null) next.delete(path);
    else next.set(path, content);
  }
  return next;
}

/** A commit and all its ancestors, newest first. */
export function historyOf(repo: RepoState, sha: string): CommitNode[] {
  const seen = new Set<string>();
  const found: CommitNode[] = [];
  const open = [sha];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = repo.commits.get(next);
    if (!node || seen.has(next)) continue;
    seen.add(next);
    found.push(node);
    open.push(...node.parents);
  }
  return found.sort((a, b) => b.at - a.at);
}

/** Resolves what a URL may call a commit: branch, tag, full name of either, full id, or an unambiguous short id. */
export function resolveCommit(repo: RepoState, name: string): string | null {
  const short = name.replace(/^refs\//, '').replace(/^(heads|tags)\//, '');
  const named =
    name === 'HEAD' ? repo.branches.get(repo.defaultBranch) : (repo.branches.get(short) ?? repo.tags.get(short));
  if (named) return named;
  if (repo.commits.has(name)) return name;
  if (!/^[0-9a-f]{7,39}$/.test(name)) return null;
  const matches = [...repo.commits.keys()].filter((sha) => sha.startsWith(name));
  return matches.length === 1 ? (matches[0] ?? null) : null;
}
