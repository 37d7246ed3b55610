import { createHmac } from 'node:crypto';
import type { SimulatorWorld } from '@/lib/providers/port';
import { variablesOf } from './env';
import { pictureOf } from './picture';
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

/** The public values that a build takes in, as hashes: its context's, else those of all contexts. */
export function bakedOfBuild(world: SimulatorWorld, seed: number, siteId: string, branch: string) {
  const context = branch === SITE.branch ? 'production' : 'branch-deploy';
  return variablesOf(world, seed, siteId).flatMap(({ key, values }) => {
    const found = values.find((each) => each.context === context) ?? values.find((each) => each.context === 'all');
    if (!key.startsWith('NEXT_PUBLIC_') || !found) return [];
    return [{ name: key, hash: createHmac('sha256', 'sandbox').update(found.value).digest('hex') }];
  });
}

/**
 * The project's own address, or that of one deploy: what is served there says how it was built, in its record and in its
 * headers.
 */
export function siteAnswer(state: State, request: Request): Response {
  const { hostname } = new URL(request.url);
  const [id = '', own] = hostname.split('--');
  const one = state.find(id);
  const live = own === undefined ? state.published() : one?.state === 'ready' ? one : undefined;
  const { pathname } = new URL(request.url);
  if (!live) return new Response('Not Found', { status: 404 });
  if (pathname === '/.well-known/aetherstack.json') return Response.json(recordOf(live));
  if (pathname === '/__screenshot.png')
    return new Response(pictureOf({ ...live, name: SITE.name, mode: live.rendering }), {
      headers: { 'content-type': 'image/png' },
    });
  if (pathname !== '/') return new Response('Not Found', { status: 404 });
  const extra: Record<string, string> = live.rendering === 'ssr' ? { 'x-powered-by': 'Next.js' } : {};
  return new Response(`<!doctype html><title>AetherStack</title><p>${live.sha.slice(0, 7)}`, {
    headers: { 'content-type': 'text/html; charset=UTF-8', server: 'Netlify', ...extra },
  });
}

function recordOf({ rendering, sha, endedAt, baked }: SimulatedDeploy) {
  return {
    ...{ schema: 1, mode: rendering, sha, builtAt: new Date(endedAt).toISOString(), basePath: '', marker: null },
    routes: [{ path: '/', kind: rendering === 'ssr' ? 'dynamic' : 'static' }],
    ...{ features: [], baked },
  };
}
