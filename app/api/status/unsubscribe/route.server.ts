import { productionHost } from '@/lib/api/api-route';
import { serverEnv } from '@/lib/env/server';
import { factsOf } from '@/lib/pipeline/request';
import { unfollowCommand } from '@/lib/status/public-commands';
import { preflight, serveFollower } from '@/lib/status/serve-followers';

/** Hear no more; the token stands in every message. See docs/status.md. */
export async function POST(request: Request): Promise<Response> {
  const facts = factsOf(request.headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
  return await serveFollower(unfollowCommand, request, await productionHost(facts));
}

export const OPTIONS = preflight;
