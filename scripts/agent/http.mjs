// Bodies and answers. Every body has a limit before its first byte is kept.
import { Refusal } from './refusal.mjs';

const MAX_JSON = 65_536 * 2;

export async function jsonBody(request) {
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (type !== 'application/json') throw new Refusal(415, 'bad_type', 'Send application/json.');
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_JSON) throw new Refusal(413, 'too_large', `A request has at most ${MAX_JSON} bytes.`);
    chunks.push(chunk);
  }
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new Refusal(400, 'bad_json', 'The body is no JSON object.');
}

export function send(response, status, body, headers = {}) {
  const text = body === null ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...headers,
  });
  response.end(text);
}

/** What a failure is answered with; what was not meant is told to the log alone. */
export function sendFailure(response, error, report) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (!(error instanceof Refusal)) report(error);
  const { status, code, message } =
    error instanceof Refusal
      ? error
      : { status: 500, code: 'trouble', message: 'The agent had trouble. Its own log says more.' };
  // What is left of a refused body is not read.
  send(
    response,
    status,
    { error: { code, message } },
    { connection: 'close', ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}) },
  );
}
