import type { SimulatorWorld } from '@/lib/providers/port';
import { chance } from './dice';

export const ok = (body: unknown, status = 200): Response => Response.json(body, { status });
export const problem = (status: number, message: string): Response =>
  Response.json({ code: status, message }, { status });

const LIMIT = 500;

/** Every answer tells what is left of the minute. */
export function counted(response: Response, used: number, now: number): Response {
  const headers = new Headers(response.headers);
  headers.set('x-ratelimit-limit', String(LIMIT));
  headers.set('x-ratelimit-remaining', String(Math.max(0, LIMIT - used)));
  headers.set('x-ratelimit-reset', String(Math.ceil(now / 60_000) * 60));
  return new Response(response.body, { status: response.status, headers });
}

/** No `Retry-After` is documented; the second kind says nothing at all. */
export function tooMany(kind: true | 'secondary', now: number): Response {
  const headers: Record<string, string> =
    kind === 'secondary'
      ? {}
      : {
          'x-ratelimit-limit': String(LIMIT),
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.ceil(now / 1000) + 45),
        };
  return Response.json({ code: 429, message: 'Too many requests' }, { status: 429, headers });
}

/** A gateway that gave up before the request was seen: nothing has happened. */
export function lostBefore(world: SimulatorWorld, seed: number, serial: number): Response | null {
  return chance(seed, 'refuse', serial) < world.scenario().refuse ? problem(502, 'Bad gateway') : null;
}

/** The request took effect, and yet its answer does not arrive. */
export function lostAfter(world: SimulatorWorld, seed: number, serial: number, response: Response): Response {
  const { acceptThen502, acceptThenCut, acceptThenStall, acceptThenStallMs } = world.scenario();
  const dice = chance(seed, 'accepted', serial);
  if (dice < acceptThen502) return problem(502, 'Bad gateway');
  const cut = dice < acceptThen502 + acceptThenCut;
  const stall = !cut && dice < acceptThen502 + acceptThenCut + acceptThenStall;
  if (!cut && !stall) return response;
  const headers = new Headers(response.headers);
  headers.set('x-sandbox-fault', cut ? 'cut' : 'stall');
  if (stall) headers.set('x-sandbox-stall-ms', String(acceptThenStallMs));
  return new Response(response.body, { status: response.status, headers });
}
