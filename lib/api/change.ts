import { keyedDigest } from '@/lib/connections/server';
import { ServiceError } from '@/lib/kernel/errors';
import { type Performed, performAction } from '@/lib/pipeline/run-action';
import type { TokenActor } from '@/lib/tokens/server';
import { readBody } from './body';
import { type ApiHost, changingCaller } from './caller';
import {
  begin,
  type Claim,
  claimOf,
  deploymentKey,
  type Held,
  type Kept,
  keep,
  keyFrom,
  release,
  renew,
} from './idempotency';
import { inputWith, type Params } from './input';
import { PRIVATE, problemOf } from './problem';
import type { ChangeRoute } from './route';

/** What became of the `Idempotency-Key`: claimed by us, or answered before. */
interface Work {
  claim: Claim | null;
  held: Held | null;
  first: Kept | null;
  /** Ends the renewing of what is held. */
  over: () => void;
}

/**
 * A change with a token: refused without one, and done once for each `Idempotency-Key`. Body and key are read inside the
 * pipeline, so that a bad one is counted and written down, and a repeat needs the same permissions as the first.
 */
export async function handleChange(
  route: ChangeRoute,
  request: Request,
  params: Params,
  host: ApiHost,
): Promise<Response> {
  const work: Work = { claim: null, held: null, first: null, over: () => {} };
  const { db } = host.contextFor({ kind: 'anonymous', name: 'anonymous', ip: host.facts.ip }, host.facts.requestId);
  const done = await performAction(route.command, undefined, {
    facts: host.facts,
    ownOrigin: host.ownOrigin,
    // A token is no cookie: pages of other sites cannot send it, and are refused when it is read.
    admit: () => undefined,
    resolveActor: () => changingCaller(request.headers.get('authorization'), host),
    contextFor: async (actor, requestId) => host.contextFor(actor, requestId),
    readInput: async (actor) => {
      const caller = actor as TokenActor;
      const key = keyFrom(request.headers.get('idempotency-key'), route.key !== 'optional');
      const body = await readBody(request);
      const input = inputWith(body.value, params, route.rename);
      if (key === null) return input;
      work.claim = claimOf(
        caller,
        key,
        placeOf(request, route.sealed ? keyedDigest('api-body', body.text) : body.text),
        !route.command.environmentOf,
      );
      if (route.key === 'own') addKey(input, deploymentKey(work.claim));
      return input;
    },
    repeatOf: async () => {
      if (work.claim === null) return null;
      const begun = await begin(db, work.claim);
      if ('kept' in begun) {
        work.held = begun;
        work.over = renew(db, begun);
      } else work.first = onceOnly(route, begun);
      return work.first ? { value: work.first.body } : null;
    },
  }).finally(() => work.over());
  if (work.first) return repeated(route, work.first, host);
  const response = done.ok ? success(route, route.status, done.value) : problemOf(done.answer, host.facts.requestId);
  if (work.held) await settle(db, work.held, route, done, response.status);
  return response;
}

/** What is shown once was not kept: its repeat is a refusal. */
function onceOnly(route: ChangeRoute, first: Kept): Kept {
  if (!route.shownOnce || first.status >= 400) return first;
  throw new ServiceError(
    'conflict',
    'shown_once',
    'This was done, and its answer was shown once. It is not kept; ask for a new one with a new key.',
  );
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
  held: Held,
  route: ChangeRoute,
  done: Performed<unknown>,
  status: number,
): Promise<void> {
  if (status >= 500 || status === 429) return await release(db, held);
  const body = done.ok ? (route.shownOnce ? null : (done.value ?? null)) : done.answer;
  await keep(db, held, { status, body });
}

function repeated(route: ChangeRoute, first: Kept, host: ApiHost): Response {
  const again = { 'Idempotency-Replayed': 'true' };
  if (first.status >= 400) {
    const response = problemOf(first.body as Parameters<typeof problemOf>[0], host.facts.requestId);
    response.headers.set('Idempotency-Replayed', 'true');
    return response;
  }
  return success(route, first.status, first.body, again);
}
