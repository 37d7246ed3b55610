import 'server-only';
import { currentActor } from '@/lib/auth/session';
import { serverEnv } from '@/lib/env/server';
import { uploadPackageCommand } from '@/lib/extensions/commands';
import { factsOf } from '@/lib/pipeline/request';
import { runAction } from '@/lib/pipeline/run-action';
import { getRuntime } from '@/lib/runtime';
import { PRIVATE } from './problem';
import { contentOf } from './upload';

/**
 * The console's own upload: a Server Action would hold the whole file in memory first. It goes through the same pipeline:
 * our own origin only, the session, the rate, then the bytes. Answers an `ActionResult`.
 */
export async function browserUpload(request: Request): Promise<Response> {
  const env = serverEnv();
  const runtime = await getRuntime();
  const result = await runAction(uploadPackageCommand, undefined, {
    facts: factsOf(request.headers, env.AETHERSTACK_TRUSTED_PROXY_HOPS),
    ownOrigin: env.NEXTAUTH_URL,
    resolveActor: currentActor,
    contextFor: async (actor, requestId) => runtime.contextFor(actor, requestId),
    readInput: async () => ({ content: contentOf(request) }),
  });
  return Response.json(result, { headers: PRIVATE });
}
