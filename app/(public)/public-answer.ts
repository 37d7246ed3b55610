import { clientIp } from '@/lib/auth/client-ip';
import { serverEnv } from '@/lib/env/server';
import { describeError, log } from '@/lib/kernel/log';
import { publicAnswers } from '@/lib/public-status/answers';
import type { PublicForm } from '@/lib/public-status/serve';

/** The status in one of its forms, for everybody: without a session, for any site. See docs/static-site.md and docs/status.md. */
export async function publicAnswer(request: Request, form: PublicForm): Promise<Response> {
  try {
    const ip = clientIp(request.headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
    return await publicAnswers().answer(request, ip, form);
  } catch (error) {
    log.error('the public status could not be read', describeError(error));
    const sentence = 'It cannot be read right now. Try again in a minute.';
    const headers = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store', 'Retry-After': '60' };
    return Response.json({ sentence }, { status: 503, headers });
  }
}
