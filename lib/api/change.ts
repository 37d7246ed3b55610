import type { Actor } from '@/lib/auth/actor';
import { ServiceError } from '@/lib/kernel/errors';
import { type Performed, performAction } from '@/lib/pipeline/run-action';
import { readBody } from './body';
import { type ApiHost, changingCaller } from './caller';
import { begin, type Claim, claimOf, deploymentKey, type Kept, keep, keyFrom, release } from './idempotency';
import { inputWith, type Params } from './input';
import { PRIVATE, problemOf } from './problem';
import type { ChangeRoute } from './route';

/** A change with a token: refused without one, and done once for each `Idempotency-Key`. */
export async function handleChange(
  route: ChangeRoute,
  request: Request,
  params: Params,
  host: ApiHost,
): Promise<Response> {
  const who = await changingCaller(request.headers.get('authorization'), host).catch((error: unknown) => ({ error }));
  // Through the pipeline, which writes the refusal down.
  if ('error' in who) return answer(route, await perform(route, {}, host, () => Promise.reject(who.error)), host);
  const body = await readBody(request);
  const key = keyFrom(request.headers.get('idempotency-key'), route.key === 'required');
  const input = inputWith(body.value, params, route.rename);
  const claim = key === null ? null : claimOf(who.id, key, placeOf(request, body.text));
  if (claim && route.key === 'required') addKey(input, deploymentKey(claim));
  const { db } = host.contextFor(who, host.facts.requestId);
  const first = claim ? await begin(db, claim) : null;
  if (first) return repeated(route, first, host);
  const done = await perform(route, input, host, async () => who);
  const response = answer(route, done, host);
  if (claim) await settle(db, claim, route, done, response.status);
  return response;
}

function placeOf(request: Request, body: string) {
  const { pathname, search } = new URL(request.url);
  return { method: request.method, path: pathname + search, body };
}

function addKey(input: Record<string, unknown>, idempotencyKey: string): void {
  if (Object.hasOwn(input, 'idempotencyKey'))
    throw new ServiceError('invalid', 'invalid_input', 'Send the key as the header Idempotency-Key, not in the body.');
  input.idempotencyKey = idempotencyKey;
}

function perform(route: ChangeRoute, input: unknown, host: ApiHost, resolveActor: () => Promise<Actor>) {
  return performAction(route.command, input, {
    facts: host.facts,
    ownOrigin: host.ownOrigin,
    // A token is no cookie: pages of other sites cannot send it, and were refused when it was read.
    admit: () => undefined,
    resolveActor,
    contextFor: async (actor, requestId) => host.contextFor(actor, requestId),
  });
}

function answer(route: ChangeRoute, done: Performed<unknown>, host: ApiHost): Response {
  return done.ok ? success(route, route.status, done.value) : problemOf(done.answer, host.facts.requestId);
}

function success(route: ChangeRoute, status: number, value: unknown, more: Record<string, string> = {}): Response {
  if (status === 204) return new Response(null, { status, headers: { ...PRIVATE, ...more } });
  const headers: Record<string, string> = { ...PRIVATE, 'Content-Type': 'application/json', ...more };
  if (route.answer === 'Triggered')
    headers['Location'] = `/api/v1/deployments/${(value as { deploymentId: string }).deploymentId}`;
  return new Response(JSON.stringify(value), { status, headers });
}

/** Only what is certain is kept: after a fault of ours or the provider's the same request may be made again. */
async function settle(
  db: Parameters<typeof keep>[0],
  claim: Claim,
  route: ChangeRoute,
  done: Performed<unknown>,
  status: number,
): Promise<void> {
  if (status >= 500 || status === 429) return await release(db, claim);
  const body = done.ok ? (route.shownOnce ? null : (done.value ?? null)) : done.answer;
  await keep(db, claim, { status, body });
}

function repeated(route: ChangeRoute, first: Kept, host: ApiHost): Response {
  const again = { 'Idempotency-Replayed': 'true' };
  if (first.status >= 400) {
    const response = problemOf(first.body as Parameters<typeof problemOf>[0], host.facts.requestId);
    response.headers.set('Idempotency-Replayed', 'true');
    return response;
  }
  if (route.shownOnce)
    throw new ServiceError(
      'conflict',
      'shown_once',
      'This was done, and its answer was shown once. It is not kept; ask for a new one with a new key.',
    );
  return success(route, first.status, first.body, again);
}
