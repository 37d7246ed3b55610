import type { SimulatorWorld } from '@/lib/providers/port';
import { chance } from './random';
import { problem, type Reply } from './respond';

/** A gateway that gave up before GitHub saw the request: nothing has happened. */
export function beforeAccepting(world: SimulatorWorld, seed: number, serial: number): Reply | null {
  const { refuse } = world.scenario();
  return chance(seed, 'refuse', serial) < refuse ? problem(502, 'Server Error') : null;
}

/** The request took effect, and yet its answer does not arrive. The server breaks the connection as the header says. */
export function afterAccepting(world: SimulatorWorld, seed: number, serial: number, reply: Reply): Reply {
  const scenario = world.scenario();
  const dice = chance(seed, 'accepted', serial);
  if (dice < scenario.acceptThen502) return problem(502, 'Server Error');
  if (dice < scenario.acceptThen502 + scenario.acceptThenCut)
    return { ...reply, headers: { ...reply.headers, 'x-sandbox-fault': 'cut' } };
  if (dice < scenario.acceptThen502 + scenario.acceptThenCut + scenario.acceptThenStall) {
    return {
      ...reply,
      headers: {
        ...reply.headers,
        'x-sandbox-fault': 'stall',
        'x-sandbox-stall-ms': String(scenario.acceptThenStallMs),
      },
    };
  }
  return reply;
}
