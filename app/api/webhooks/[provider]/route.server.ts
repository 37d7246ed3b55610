import { describeError, log } from '@/lib/kernel/log';
import { getRuntime } from '@/lib/runtime';
import { MAX_BODY_BYTES, receiveWebhook } from '@/lib/webhooks/receive';

/** Raw bytes in, status out. No cookies, no session: the signature is the only credential. */
export async function POST(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { provider } = await params;
  const raw = await readCapped(request, MAX_BODY_BYTES);
  if (!raw) return answer(413, 'The body is larger than 5 MB.');
  try {
    const runtime = await getRuntime();
    const received = await receiveWebhook(
      runtime.contextFor({ kind: 'webhook', name: `${provider} webhook`, connectionId: '' }),
      provider,
      raw,
      request.headers,
    );
    return answer(received.status, received.note);
  } catch (error) {
    log.error('webhook not stored', { provider, ...describeError(error) });
    return answer(500, 'Not stored; send it again.');
  }
}

/** Counts bytes as they come, so a missing or lying Content-Length changes nothing. */
async function readCapped(request: Request, limit: number): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.byteLength;
    if (size > limit) {
      await reader?.cancel();
      return null;
    }
    chunks.push(part.value);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function answer(status: number, note: string): Response {
  return Response.json({ note }, { status, headers: { 'Cache-Control': 'no-store' } });
}
