import { productionHost } from '@/lib/api/api-route';
import { serverEnv } from '@/lib/env/server';
import { factsOf } from '@/lib/pipeline/request';
import { followCommand } from '@/lib/status/public-commands';
import { preflight, serveFollower } from '@/lib/status/serve-followers';

/** Follow the status page with a webhook; see docs/status.md. */
export async function POST(request: Request): Promise<Response> {
  const facts = factsOf(request.headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
  return await serveFollower(followCommand, request, await productionHost(facts));
}

export const OPTIONS = preflight;
