import type { Answer } from '@/lib/pipeline/refusal';

/** What every answer of the API says: nobody may keep it, and it depends on who asks. */
export const PRIVATE = { 'Cache-Control': 'private, no-store', Vary: 'Cookie, Authorization' };

interface Said {
  status: number;
  code: string;
  sentence: string;
  requestId: string;
  fields?: Record<string, string> | undefined;
  /** Seconds. */
  retryAfter?: number | undefined;
  headers?: Record<string, string>;
}

/** Problem details: https://www.rfc-editor.org/rfc/rfc9457 */
export function problem({ status, code, sentence, requestId, fields, retryAfter, headers }: Said): Response {
  const body = {
    type: 'about:blank',
    title: code,
    status,
    detail: sentence,
    code,
    requestId,
    ...(fields ? { fields } : {}),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...PRIVATE,
      'Content-Type': 'application/problem+json',
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      // What the rest of the request would be is not waited for. https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9
      ...(status === 408 ? { Connection: 'close' } : {}),
      ...(retryAfter === undefined ? {} : { 'Retry-After': String(Math.max(1, retryAfter)) }),
      ...headers,
    },
  });
}

export function problemOf(answer: Answer, requestId: string): Response {
  const { refusal, fields, httpStatus: status } = answer;
  const retryAfter = answer.retryAfter ?? (status === 429 || status === 503 ? 5 : undefined);
  return problem({ status, code: refusal.code, sentence: refusal.sentence, requestId, fields, retryAfter });
}
