import type { SimulatorFact } from '@/lib/providers/port';
import { foldGates } from './gate-facts';
import { foldProposal } from './proposals';
import { API, type Reply } from './respond';
import type { State } from './state';
import type { RepoState } from './types';

/** Repositories by their full names; found under a former one too, as long as no other is called so. */
export class Repositories extends Map<string, RepoState> {
  readonly #former = new Map<string, RepoState>();

  override get(name: string): RepoState | undefined {
    return super.get(name) ?? this.#former.get(name);
  }

  rename(repo: RepoState, name: string): void {
    this.delete(repo.fullName);
    this.#former.set(repo.fullName, repo);
    repo.name = name;
    repo.fullName = `${repo.owner}/${name}`;
    this.set(repo.fullName, repo);
  }

  /** `/repositories/:id/…` as the path of the same under its name; any other path as it is. */
  named(path: string): string {
    const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
    const repo = [...this.values()].find((each) => String(each.id) === id);
    return repo ? `/repos/${repo.fullName}${rest}` : path;
  }
}

/** What only some parts of a repository are told by. */
export function foldParts(state: State, fact: SimulatorFact): void {
  foldProposal(state, fact);
  foldGates(state, fact);
  if (fact.kind !== 'repository.renamed') return;
  const { repo: before, name } = fact.data;
  const repo = state.repos.get(String(before));
  if (!repo) return;
  state.repos.rename(repo, String(name));
  for (const each of [...state.hooks, ...state.pulls]) if (each.repo === before) each.repo = repo.fullName;
}

/**
 * Under a former name: 301 to a GET, 307 to the rest, of which nothing was done. Sources:
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects and, for the body
 * and the address, octokit/fixtures (rename-repository).
 */
export function movedTo(repo: RepoState, method: string, { pathname, search }: URL): Reply {
  const url = `${API}/repositories/${repo.id}${pathname
    .split('/')
    .slice(4)
    .map((part) => `/${part}`)
    .join('')}${search}`;
  const documentation_url = 'https://docs.github.com/v3/#http-redirects';
  return {
    status: method === 'GET' ? 301 : 307,
    body: { message: 'Moved Permanently', url, documentation_url },
    headers: { location: url },
  };
}
