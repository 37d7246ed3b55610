import type { SimulatorWorld } from '@/lib/providers/port';
import { chance } from './dice';

export const ok = (body: unknown, status = 200): Response => Response.json(body, { status });

/** https://vercel.com/docs/rest-api/reference/errors */
export function problem(status: number, code: string, message: string, more: Record<string, unknown> = {}): Response {
  return Response.json({ error: { code, message, ...more } }, { status });
}

const LIMIT = 500;

/** Every answer tells what is left; the quota is one of a minute. */
export function counted(response: Response, used: number, now: number): Response {
  const headers = new Headers(response.headers);
  headers.set('x-ratelimit-limit', String(LIMIT));
  headers.set('x-ratelimit-remaining', String(Math.max(0, LIMIT - used)));
  headers.set('x-ratelimit-reset', String(Math.ceil(now / 60_000) * 60));
  return new Response(response.body, { status: response.status, headers });
}

export function tooMany(kind: true | 'secondary', now: number): Response {
  const headers: Record<string, string> =
    kind === 'secondary'
      ? { 'retry-after': '30' }
      : {
          'x-ratelimit-limit': String(LIMIT),
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.ceil(now / 1000) + 45),
        };
  const error = { code: 'rate_limited', message: 'Rate limit exceeded' };
  return Response.json({ error }, { status: 429, headers });
}

/** A gateway that gave up before the request was seen: nothing has happened. */
export function lostBefore(world: SimulatorWorld, seed: number, serial: number): Response | null {
  return chance(seed, 'refuse', serial) < world.scenario().refuse ? problem(502, 'bad_gateway', 'Bad gateway') : null;
}

/** The request took effect, and yet its answer does not arrive. */
export function lostAfter(world: SimulatorWorld, seed: number, serial: number, response: Response): Response {
  const { acceptThen502, acceptThenCut, acceptThenStall, acceptThenStallMs } = world.scenario();
  const dice = chance(seed, 'accepted', serial);
  if (dice < acceptThen502) return problem(502, 'bad_gateway', 'Bad gateway');
  const cut = dice < acceptThen502 + acceptThenCut;
  const stall = !cut && dice < acceptThen502 + acceptThenCut + acceptThenStall;
  if (!cut && !stall) return response;
  const headers = new Headers(response.headers);
  headers.set('x-sandbox-fault', cut ? 'cut' : 'stall');
  if (stall) headers.set('x-sandbox-stall-ms', String(acceptThenStallMs));
  return new Response(response.body, { status: response.status, headers });
}
