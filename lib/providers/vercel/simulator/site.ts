import { createHmac } from 'node:crypto';
import type { SimulatorWorld } from '@/lib/providers/port';
import { variablesOf } from './env';
import type { SimulatedDeployment, State } from './state';
import { addressOf } from './views';

const NAME = 'AETHERSTACK_RENDERING';

/** What a build reads at its start: the value of its branch, else that of its environment. A server where nothing is set. */
export function modeOfBuild(world: SimulatorWorld, seed: number, build: { production: boolean; ref: string }): string {
  const target = build.production ? 'production' : 'preview';
  const mine = variablesOf(world, seed).filter(
    (each) => each.key === NAME && each.target.includes(target) && [null, build.ref].includes(each.gitBranch),
  );
  const found = mine.find(({ gitBranch }) => gitBranch !== null) ?? mine[0];
  return found?.value === 'ssg' ? 'ssg' : 'ssr';
}

/** The public values that a build takes in, as hashes: those of its environment at its start. */
export function bakedOfBuild(
  world: SimulatorWorld,
  seed: number,
  production: boolean,
): { name: string; hash: string }[] {
  const target = production ? 'production' : 'preview';
  return variablesOf(world, seed)
    .filter(({ key, target: of, gitBranch }) => key.startsWith('NEXT_PUBLIC_') && of.includes(target) && !gitBranch)
    .map(({ key, value }) => ({ name: key, hash: createHmac('sha256', 'sandbox').update(value).digest('hex') }));
}

/**
 * The project's own address, or that of one build: what is served there says how it was built, in its record and in its
 * headers.
 */
export function siteAnswer(state: State, request: Request): Response {
  const { hostname } = new URL(request.url);
  const one = state.deployments().find((each) => each.readyAt > 0 && addressOf(each) === hostname);
  const live = hostname.endsWith('.vercel.app') ? one : state.production();
  if (!live) return new Response('DEPLOYMENT_NOT_FOUND', { status: 404 });
  const { pathname } = new URL(request.url);
  if (pathname === '/.well-known/aetherstack.json') return Response.json(recordOf(live));
  if (pathname !== '/' && !(pathname === '/api/time' && live.rendering === 'ssr'))
    return new Response('NOT_FOUND', { status: 404 });
  const own: Record<string, string> =
    live.rendering === 'ssr' ? { 'x-powered-by': 'Next.js', 'x-vercel-cache': 'MISS' } : { 'x-vercel-cache': 'HIT' };
  return new Response(`<!doctype html><title>AetherStack</title><p>${live.sha.slice(0, 7)}`, {
    headers: { 'content-type': 'text/html; charset=utf-8', ...own },
  });
}

function recordOf({ rendering, sha, readyAt, baked }: SimulatedDeployment) {
  const page = { path: '/', kind: rendering === 'ssr' ? 'dynamic' : 'static' };
  const handler = { path: '/api/time', kind: 'handler', methods: ['GET'] };
  return {
    ...{ schema: 1, mode: rendering, sha, builtAt: new Date(readyAt).toISOString(), basePath: '', marker: null },
    routes: rendering === 'ssr' ? [page, handler] : [page],
    features: rendering === 'ssr' ? ['handlers'] : [],
    baked,
  };
}
