import type { SimulatorWorld } from '@/lib/providers/port';
import type { Caller } from './auth';
import { movedTo } from './renames';
import type { Reply } from './respond';
import type { State } from './state';
import type { RepoState, SimulatorOptions } from './types';

/** One request, with all that a handler may look at. */
export interface Call {
  method: string;
  url: URL;
  headers: Headers;
  body: Record<string, unknown>;
  params: Record<string, string>;
  caller: Caller;
  now: number;
  version: string;
  state: State;
  world: SimulatorWorld;
  options: SimulatorOptions;
}

export interface RepoCall extends Call {
  repo: RepoState;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{name}` is one segment, `{+name}` the rest of the path. */
  path: string;
  /** Fine-grained permission, e.g. `actions=write`; what a 403 names. */
  needs: string | null;
  /** Who may call: any token, only an app's JWT, only an installation token, or anybody. */
  who: 'token' | 'app' | 'installation' | 'anyone';
  docs: string;
  handle(call: Call): Reply | Promise<Reply>;
}

export interface RepoRoute extends Omit<Route, 'handle' | 'who'> {
  handle(call: RepoCall): Reply | Promise<Reply>;
}

/** Routes under `/repos/{owner}/{repo}`; a repository that is not there, or not yours, is a 404, a former name leads on. */
export function repoRoutes(routes: readonly RepoRoute[], missing: (docs: string) => Reply): Route[] {
  return routes.map((route) => ({
    ...route,
    path: `/repos/{owner}/{repo}${route.path}`,
    who: 'token',
    handle(call) {
      const name = `${call.params.owner}/${call.params.repo}`.toLowerCase();
      const repo = call.state.repos.get(name);
      if (!repo) return missing(route.docs);
      return repo.fullName === name ? route.handle({ ...call, repo }) : movedTo(repo, call.method, call.url);
    },
  }));
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

interface Compiled {
  route: Route;
  pattern: RegExp;
  names: string[];
}

export function compileRoutes(routes: readonly Route[]): (method: string, path: string) => Match | null {
  const compiled = routes.map((route): Compiled => {
    const names: string[] = [];
    const source = route.path.replace(/\{(\+?)(\w+)\}/g, (_whole, rest: string, name: string) => {
      names.push(name);
      return rest ? '(.+)' : '([^/]+)';
    });
    return { route, names, pattern: new RegExp(`^${source}/?$`) };
  });
  return (method, path) => {
    for (const { route, pattern, names } of compiled) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found)
        return {
          route,
          params: Object.fromEntries(names.map((name, i) => [name, decoded(found[i + 1] ?? '')])),
        };
    }
    return null;
  };
}

/** A path that is no valid percent-encoding names nothing, so it is looked up as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
