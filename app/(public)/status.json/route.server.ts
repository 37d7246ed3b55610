import { clientIp } from '@/lib/auth/client-ip';
import { serverEnv } from '@/lib/env/server';
import { describeError, log } from '@/lib/kernel/log';
import { publicStatusQuery } from '@/lib/public-status/public-query';
import { PublicAnswers } from '@/lib/public-status/serve';

export const dynamic = 'force-dynamic';

const answers = new PublicAnswers(() => publicStatusQuery({}));

/** What is live, for everybody: without a session, for any site. See docs/static-site.md. */
export async function GET(request: Request): Promise<Response> {
  try {
    return await answers.answer(request, clientIp(request.headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS));
  } catch (error) {
    log.error('the public status could not be read', describeError(error));
    const sentence = 'It cannot be read right now. Try again in a minute.';
    const headers = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store', 'Retry-After': '60' };
    return Response.json({ sentence }, { status: 503, headers });
  }
}
