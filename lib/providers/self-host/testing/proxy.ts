import type { SimulatorWorld } from '../../port';

/** The network between the console and the agent, with what may go wrong on it. */
export function faulty(world: SimulatorWorld, inner: typeof globalThis.fetch): typeof globalThis.fetch {
  const acceptedAt = new Map<string, number>();

  async function change(request: Request): Promise<Response> {
    const { refuse, acceptThen502, acceptThenCut, acceptThenStall } = world.scenario();
    if (refuse === 1) return new Response(null, { status: 502 });
    const key = request.headers.get('idempotency-key');
    const answer = await inner(request);
    if (key && answer.ok) acceptedAt.set(key, world.now());
    if (!answer.ok) return answer;
    if (acceptThen502 === 1) return new Response(null, { status: 502 });
    if (acceptThenStall === 1) return new Promise<never>(() => undefined);
    if (acceptThenCut !== 1) return answer;
    const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
    throw new TypeError('terminated', { cause });
  }

  return async (input, init) => {
    const request = new Request(input, init);
    const { down, rateLimited, listLagMs } = world.scenario();
    if (down) return new Response(null, { status: 503 });
    if (rateLimited) return new Response(null, { status: 429, headers: { 'retry-after': '30' } });
    if (request.method !== 'GET') return change(request);
    const key = new URL(request.url).searchParams.get('key');
    const isHidden = key !== null && world.now() - (acceptedAt.get(key) ?? Number.NEGATIVE_INFINITY) < listLagMs;
    return isHidden ? Response.json({ deployments: [], next: null }) : inner(request);
  };
}
