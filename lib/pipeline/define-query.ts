import 'server-only';
import { notFound, redirect } from 'next/navigation';
import type { z } from 'zod';
import { currentActor } from '@/lib/auth/session';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { getRuntime } from '@/lib/runtime';
import { answerTo, isFrameworkSignal } from './refusal';
import { register } from './registry';
import { currentRequest } from './request';
import { type QueryDefinition, runQuery } from './run-query';

export interface Query<I, O> {
  /** Throws `ServiceError` or `ProviderError`. */
  (input: I): Promise<O>;
  verb: string;
}

/** The only way to read: for Server Components directly, for route handlers through `queryRoute`. */
export function defineQuery<S extends z.ZodType, O>(definition: QueryDefinition<S, O>): Query<z.input<S>, O> {
  register({ kind: 'query', name: definition.name, permission: definition.permission });
  const query = async (input: z.input<S>) => {
    const [runtime, actor, facts] = await Promise.all([getRuntime(), currentActor(), currentRequest()]);
    return await runQuery(definition, input, runtime.contextFor(actor, facts.requestId));
  };
  return Object.assign(query, { verb: definition.name });
}

/** For pages: signed out → sign-in with a way back; unknown thing → the not-found page; the rest is thrown on. */
export async function pageQuery<I, O>(query: Query<I, O>, input: I, path: string): Promise<O> {
  try {
    return await query(input);
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'unauthenticated')
      redirect(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
    if (error instanceof ServiceError && error.kind === 'notFound') notFound();
    throw error;
  }
}

type Params = Record<string, string | string[] | undefined>;
const NO_STORE = { 'Cache-Control': 'private, no-store', Vary: 'Cookie' };

/** Query string and path parameters as one object; a name that comes twice becomes a list. */
function inputFrom(request: Request, params: Params): Record<string, unknown> {
  const search = new URL(request.url).searchParams;
  const input: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    input[name] = values.length > 1 ? values : values[0];
  }
  return { ...input, ...params };
}

/** RFC 9457 problem details. */
function problem(error: unknown, requestId: string, name: string): Response {
  const answer = answerTo(error, requestId);
  if (answer.unexpected) log.error('query failed', { requestId, query: name, ...describeError(error) });
  const { refusal, fields, httpStatus } = answer;
  const body = {
    type: 'about:blank',
    title: refusal.code,
    status: httpStatus,
    detail: refusal.sentence,
    code: refusal.code,
    requestId,
    ...(fields ? { fields } : {}),
  };
  return new Response(JSON.stringify(body), {
    status: httpStatus,
    headers: { ...NO_STORE, 'Content-Type': 'application/problem+json' },
  });
}

type ToInput = (request: Request, params: Params) => unknown;

function readRoute<I, O>(query: Query<I, O>, toInput: ToInput, answer: (value: O) => Response) {
  return async function GET(request: Request, context: { params: Promise<Params> }): Promise<Response> {
    const { requestId } = await currentRequest();
    try {
      return answer(await query(toInput(request, await context.params) as I));
    } catch (error) {
      if (isFrameworkSignal(error)) throw error;
      return problem(error, requestId, query.verb);
    }
  };
}

/** A GET handler: JSON, or problem details with the right status; never cached. */
export function queryRoute<I, O>(query: Query<I, O>, toInput: ToInput = inputFrom) {
  return readRoute(query, toInput, (value) => Response.json(value, { headers: NO_STORE }));
}

/** A GET handler whose answer is a file to keep, sent as it is read. */
export function fileRoute<I>(query: Query<I, { name: string; type: string; body: ReadableStream<Uint8Array> }>) {
  return readRoute(query, inputFrom, ({ name, type, body }) => {
    const disposition = `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`;
    return new Response(body, { headers: { ...NO_STORE, 'Content-Type': type, 'Content-Disposition': disposition } });
  });
}
