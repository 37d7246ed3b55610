import type { Refusal } from './errors';

/** What a Server Action answers: refusals are values, so a form can show them without an error boundary. */
export type ActionResult<T> =
  | { ok: true; value: T }
  | { ok: false; refusal: Refusal; fields?: Record<string, string> | undefined };

export type Action<I, O> = (input: I) => Promise<ActionResult<O>>;
