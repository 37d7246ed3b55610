import 'server-only';
import { currentActor } from '@/lib/auth/session';
import { serverEnv } from '@/lib/env/server';
import { describeError, log } from '@/lib/kernel/log';
import { answerTo } from '@/lib/pipeline/refusal';
import { factsOf } from '@/lib/pipeline/request';
import { getRuntime } from '@/lib/runtime';
import type { ApiHost } from './caller';
import { handleApi, noSuchPath, wrongMethod } from './handle';
import type { Params } from './input';
import { problemOf } from './problem';
import type { Method } from './route';
import { ROUTES } from './routes';

type Handler = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;

/** The handlers of one folder under app/api/v1, from the table; a method that is not in it is answered with 405. */
export function apiRoute(path: string): Record<Method, Handler> {
  const here = ROUTES.filter((route) => route.path === path);
  const handler: Handler = async (request, { params }) => {
    const facts = factsOf(request.headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS);
    const route = here.find(
      ({ method }) => method === request.method || (method === 'GET' && request.method === 'HEAD'),
    );
    if (here.length === 0) return noSuchPath({ facts });
    if (!route)
      return wrongMethod(
        here.map(({ method }) => method),
        { facts },
      );
    try {
      // A path without a name in it has no parameters at all, whatever the framework's types say.
      return await handleApi(route, request, (await params) ?? {}, await productionHost(facts));
    } catch (error) {
      log.error('the API has no database', { requestId: facts.requestId, ...describeError(error) });
      return problemOf(answerTo(error, facts.requestId), facts.requestId);
    }
  };
  return { GET: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler };
}

/** The other methods of an address that is read only and has no line in the table. */
export function readOnly(): Record<Exclude<Method, 'GET'>, (request: Request) => Response> {
  const handler = ({ headers }: Request) =>
    wrongMethod(['GET'], { facts: factsOf(headers, serverEnv().AETHERSTACK_TRUSTED_PROXY_HOPS) });
  return { POST: handler, PUT: handler, PATCH: handler, DELETE: handler };
}

/** What the API runs on in this process. */
export async function productionHost(facts: ApiHost['facts']): Promise<ApiHost> {
  const runtime = await getRuntime();
  return {
    facts,
    ownOrigin: serverEnv().NEXTAUTH_URL,
    cookieActor: currentActor,
    contextFor: (actor, requestId) => runtime.contextFor(actor, requestId),
  };
}
