import type { SimulatorWorld } from '@/lib/providers/port';
import { variablesOf } from './env';
import { SITE, type SimulatedDeploy, type State } from './state';

const NAME = 'AETHERSTACK_RENDERING';

/** What a build reads at its start, the nearest first: its branch's value, its context's, that of all. A server where nothing is set. */
export function modeOfBuild(world: SimulatorWorld, seed: number, siteId: string, branch: string): string {
  const found = variablesOf(world, seed, siteId).filter(({ key }) => key === NAME);
  const values = [...found.filter(({ site }) => site !== null), ...found.filter(({ site }) => site === null)].flatMap(
    (each) => each.values,
  );
  const context = branch === SITE.branch ? 'production' : 'branch-deploy';
  const value =
    values.find((each) => each.context === 'branch' && each.context_parameter === branch) ??
    values.find((each) => each.context === context) ??
    values.find((each) => each.context === 'all');
  return value?.value === 'ssg' ? 'ssg' : 'ssr';
}

/** The project's own address: what is served there says how it was built, in its record and in its headers. */
export function siteAnswer(state: State, request: Request): Response {
  const live = state.published();
  const { pathname } = new URL(request.url);
  if (!live) return new Response('Not Found', { status: 404 });
  if (pathname === '/.well-known/aetherstack.json') return Response.json(recordOf(live));
  if (pathname !== '/') return new Response('Not Found', { status: 404 });
  const own: Record<string, string> = live.rendering === 'ssr' ? { 'x-powered-by': 'Next.js' } : {};
  return new Response(`<!doctype html><title>AetherStack</title><p>${live.sha.slice(0, 7)}`, {
    headers: { 'content-type': 'text/html; charset=UTF-8', server: 'Netlify', ...own },
  });
}

function recordOf({ rendering, sha, endedAt }: SimulatedDeploy) {
  return {
    ...{ schema: 1, mode: rendering, sha, builtAt: new Date(endedAt).toISOString(), basePath: '', marker: null },
    routes: [{ path: '/', kind: rendering === 'ssr' ? 'dynamic' : 'static' }],
    ...{ features: [], baked: [] },
  };
}
