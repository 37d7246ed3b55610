import type { Refusal } from './errors';

/** How a person can prove once more who they are: their password here, or a new round to the identity provider. */
export type ProofWay = 'password' | 'identity';

/** What a Server Action answers: refusals are values, so a form can show them without an error boundary.
 * `stepUp`: the same input goes through once the person has proven who they are. */
export type ActionResult<T> =
  | { ok: true; value: T }
  | { ok: false; refusal: Refusal; fields?: Record<string, string> | undefined; stepUp?: ProofWay | undefined };

export type Action<I, O> = (input: I) => Promise<ActionResult<O>>;
