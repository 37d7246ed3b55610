import type { SimulatorWorld } from '@/lib/providers/port';
import { chance } from './dice';

export const ok = (body: unknown, status = 200): Response => Response.json(body, { status });
export const problem = (status: number, message: string): Response =>
  Response.json({ $id: '1', message, typeKey: 'VssException', errorCode: 0 }, { status });

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
