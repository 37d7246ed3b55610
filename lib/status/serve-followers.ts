import 'server-only';
import type { z } from 'zod';
import { readBody } from '@/lib/api/body';
import { problemOf } from '@/lib/api/problem';
import type { ServiceContext } from '@/lib/auth/context';
import { type ActionDefinition, type ActionHost, performAction } from '@/lib/pipeline/run-action';

/** The page may be an export on another site, and no cookie is looked at. */
const OPEN = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'POST',
  'Access-Control-Allow-Headers': 'content-type',
  'Access-Control-Max-Age': '86400',
} as const;

export interface FollowerHost {
  facts: ActionHost['facts'];
  ownOrigin: string;
  contextFor(actor: ServiceContext['actor'], requestId: string): ServiceContext;
}

/** One of the few changes that need no session: whoever is signed in is nobody here. */
export async function serveFollower<S extends z.ZodType, O>(
  command: ActionDefinition<S, O>,
  request: Request,
  { facts, ownOrigin, contextFor }: FollowerHost,
): Promise<Response> {
  const done = await performAction(command, undefined, {
    facts,
    ownOrigin,
    // There is nothing that another site could do in somebody's name.
    admit: () => undefined,
    resolveActor: async () => ({ kind: 'anonymous', name: 'anonymous', ip: facts.ip }),
    contextFor: async (actor, requestId) => contextFor(actor, requestId),
    readInput: async () => (await readBody(request)).value,
  });
  const answer = done.ok ? answered(done.value) : problemOf(done.answer, facts.requestId);
  for (const [name, value] of Object.entries(OPEN)) answer.headers.set(name, value);
  return answer;
}

function answered(value: unknown): Response {
  const headers = { 'Cache-Control': 'no-store' };
  return value === undefined
    ? new Response(null, { status: 204, headers })
    : Response.json(value, { status: 201, headers });
}

/** What a browser asks first when the page is on another site. */
export function preflight(): Response {
  return new Response(null, { status: 204, headers: OPEN });
}
