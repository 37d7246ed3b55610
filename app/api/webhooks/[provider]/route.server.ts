import { clientIp } from '@/lib/auth/client-ip';
import { serverEnv } from '@/lib/env/server';
import { describeError, log } from '@/lib/kernel/log';
import { getRuntime } from '@/lib/runtime';
import { readRaw } from '@/lib/webhooks/read-raw';
import { MAX_BODY_BYTES, receiveWebhook } from '@/lib/webhooks/receive';
import { Strangers } from '@/lib/webhooks/strangers';

const strangers = new Strangers();

/** Raw bytes in, status out. No cookies, no session: the signature is the only credential. */
export async function POST(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { provider } = await params;
  const ip = clientIp(request.headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
  const wait = strangers.wait(ip);
  if (wait !== null) return answer(429, 'Too many without a signature that fits; send it again later.', wait);
  // Who goes away in the middle is no fault of ours, and there is nobody to answer.
  const raw = await readRaw(request, MAX_BODY_BYTES).catch(() => undefined);
  if (raw === undefined) return answer(400, 'The body did not come whole; send it again.');
  if (!raw) {
    strangers.heard(ip, false);
    return answer(413, 'The body is larger than 5 MB.');
  }
  try {
    const runtime = await getRuntime();
    const received = await receiveWebhook(
      runtime.contextFor({ kind: 'webhook', name: `${provider} webhook`, connectionId: '' }),
      provider,
      raw,
      request.headers,
    );
    // 401: no signature that fits. Before it is known whether one does (404, 503), nobody is counted.
    if (received.status !== 404 && received.status !== 503) strangers.heard(ip, received.status !== 401);
    return answer(received.status, received.note, received.retryAfter);
  } catch (error) {
    log.error('webhook not stored', { provider, ...describeError(error) });
    return answer(500, 'Not stored; send it again.');
  }
}

function answer(status: number, note: string, retryAfter?: number): Response {
  const headers = { 'Cache-Control': 'no-store', ...(retryAfter ? { 'Retry-After': String(retryAfter) } : {}) };
  return Response.json({ note }, { status, headers });
}
