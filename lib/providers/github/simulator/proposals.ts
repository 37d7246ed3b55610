import type { SimulatorFact } from '@/lib/providers/port';
import { treeOf } from './git';
import type { State } from './state';
import type { Change, Pull, RepoState } from './types';

/** What the Git Data API and pull requests left in the journal. */
export function foldProposal(state: State, { kind, data, at }: SimulatorFact): void {
  const repo = state.repos.get(String(data.repo));
  if (!repo) return;
  const text = (name: string) => String(data[name]);
  switch (kind) {
    case 'git.tree':
      state.trees.set(text('sha'), { base: text('base'), overlay: data.overlay as Record<string, string | null> });
      break;
    case 'git.commit':
      addCommit(state, repo, data, at);
      break;
    case 'git.ref.moved': {
      const branch = text('ref').replace('refs/heads/', '');
      const before = repo.branches.get(branch) ?? '';
      repo.branches.set(branch, text('sha'));
      state.onPush(repo, text('ref'), before, text('sha'), state.person(text('actor')), at);
      break;
    }
    case 'pull.opened':
      state.pulls.push({ ...(data as unknown as Pull), state: 'open', createdAt: at, updatedAt: at });
      break;
    case 'pull.changed': {
      const pull = state.pulls.find((one) => one.repo === repo.fullName && one.number === data.number);
      if (pull) Object.assign(pull, data.change, { updatedAt: at });
      break;
    }
  }
}

function addCommit(state: State, repo: RepoState, data: Record<string, unknown>, at: number): void {
  const made = state.trees.get(String(data.tree));
  const overlay = made?.overlay ?? {};
  const before = made ? treeOf(repo, made.base) : new Map<string, string>();
  repo.commits.set(String(data.sha), {
    sha: String(data.sha),
    parents: data.parents as string[],
    message: String(data.message),
    author: state.person(String(data.actor)),
    at: Math.floor(at / 1000) * 1000,
    changes: Object.entries(overlay).map(([path, content]) => changeOf(path, before.get(path), content)),
    overlay,
  });
}

function changeOf(path: string, before: string | undefined, after: string | null): Change {
  const lines = (text: string | null | undefined) => text?.split('\n').length ?? 0;
  const status = after === null ? 'removed' : before === undefined ? 'added' : 'modified';
  return { path, status, additions: lines(after), deletions: lines(before) };
}
