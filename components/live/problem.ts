import type { Refusal } from '@/lib/kernel/errors';

/** An API refusal (RFC 9457 `application/problem+json`) as a value that React Query can carry. */
export class ProblemError extends Error implements Refusal {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, sentence: string) {
    super(sentence);
    this.name = 'ProblemError';
    this.status = status;
    this.code = code;
  }

  get sentence(): string {
    return this.message;
  }
}

function text(body: unknown, ...names: string[]): string | null {
  if (typeof body !== 'object' || body === null) return null;
  for (const name of names) {
    const value = (body as Record<string, unknown>)[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** Turns whatever came back into a sentence that says what to do. */
export async function problemFrom(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => null);
  const fallback =
    response.status >= 500
      ? 'The console could not answer. It tries again by itself; if this stays, look at the server log.'
      : `The console refused this request (${response.status}). Reload the page.`;
  return new ProblemError(
    response.status,
    text(body, 'code', 'type') ?? 'unexpected',
    text(body, 'sentence', 'detail', 'title') ?? fallback,
  );
}

/** Reads one resource of the HTTP API. Throws `ProblemError` on a refusal and when the console cannot be reached. */
export async function fetchJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, {
    headers: { accept: 'application/json' },
    cache: 'no-store',
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ProblemError(
      0,
      'offline',
      'The console cannot be reached. Check your connection; it tries again by itself.',
    );
  });
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as T;
}

/** The sentence of any error that reaches a screen. */
export function sentenceOf(error: unknown): string {
  return error instanceof ProblemError
    ? error.sentence
    : 'Something went wrong on this page. Reload it; if it stays, look at the server log.';
}
