import type { SimulatorWorld } from '@/lib/providers/port';
import { authenticate, type Caller, credentialHeaders, refuse } from './auth';
import { afterAccepting, beforeAccepting } from './faults';
import { type Limits, primaryLimit, type Quota, quotaHeaders, secondaryLimit } from './limits';
import { notFound, problem, type Reply, render } from './respond';
import { type Call, compileRoutes, type Route } from './router';
import type { State } from './state';
import type { SimulatorOptions } from './types';

const VERSIONS = ['2022-11-28', '2026-03-10'];

/** The REST host: version, credential, quota, fault, route, freshness, in that order. */
export class RestApi {
  readonly #world: SimulatorWorld;
  readonly #state: State;
  readonly #limits: Limits;
  readonly #options: SimulatorOptions;
  readonly #match: ReturnType<typeof compileRoutes>;
  #serial = 0;

  constructor(parts: {
    world: SimulatorWorld;
    state: State;
    limits: Limits;
    options: SimulatorOptions;
    routes: Route[];
  }) {
    this.#world = parts.world;
    this.#state = parts.state;
    this.#limits = parts.limits;
    this.#options = parts.options;
    this.#match = compileRoutes(parts.routes);
  }

  async handle(request: Request): Promise<Response> {
    const now = this.#world.now();
    const version = request.headers.get('x-github-api-version') ?? '2022-11-28';
    const send = (reply: Reply, headers: Record<string, string>) =>
      respond(request, { ...reply, headers: { ...headers, ...reply.headers } }, version, ++this.#serial);
    if (!VERSIONS.includes(version)) return send(problem(400, `${version} is not a supported version of the API.`), {});
    const caller = authenticate(request.headers.get('authorization'), this.#state, now);
    if ('status' in caller) return send(caller, {});
    const quota = this.#limits.peek(caller.key, now);
    const blocked = limited(this.#world, quota, now);
    if (blocked) return send(blocked, credentialHeaders(caller));
    const url = new URL(request.url);
    const reply = await this.#reply(request, url, { caller, version, now });
    const { etag, isFresh } = freshness(request, reply, version);
    const isFree = isFresh || url.pathname === '/rate_limit';
    const spent = isFree ? quota : this.#limits.charge(caller.key, now);
    const headers = { ...quotaHeaders(spent), ...credentialHeaders(caller) };
    return isFresh ? send({ status: 304, headers: { etag, ...reply.headers } }, headers) : send(reply, headers);
  }

  async #reply(
    request: Request,
    url: URL,
    { caller, version, now }: { caller: Caller; version: string; now: number },
  ): Promise<Reply> {
    const body = await jsonBody(request);
    if (body === null) return problem(400, 'Problems parsing JSON');
    const { method, headers } = request;
    const call = {
      method,
      url,
      headers,
      body,
      now,
      version,
      state: this.#state,
      world: this.#world,
      options: this.#options,
    };
    return this.#answer(call, caller);
  }

  async #answer(call: Omit<Call, 'params' | 'caller'>, caller: Caller): Promise<Reply> {
    const found = this.#match(call.method, this.#state.repos.named(call.url.pathname));
    if (!found) return notFound();
    const refusal = refuse(caller, found.route);
    if (refusal) return refusal;
    const { seed } = this.#options;
    const faultable = ['actions=write', 'deployments=write'].includes(found.route.needs ?? '');
    const fault = faultable ? beforeAccepting(this.#world, seed, ++this.#serial) : null;
    if (fault) return fault;
    const reply = await found.route.handle({ ...call, caller, params: found.params });
    return faultable && reply.status < 300 ? afterAccepting(this.#world, seed, this.#serial, reply) : reply;
  }
}

function limited(world: SimulatorWorld, quota: Quota, now: number): Reply | null {
  const { rateLimited, pace } = world.scenario();
  const waitMs = 60_000 * pace;
  if (rateLimited === 'secondary') return secondaryLimit(quota, waitMs);
  if (rateLimited) return primaryLimit({ ...quota, resetAt: now + waitMs });
  return quota.used >= quota.limit ? primaryLimit(quota) : null;
}

function freshness(request: Request, reply: Reply, version: string): { etag: string; isFresh: boolean } {
  const etag = render(reply, request.method, version, 0).headers.get('etag') ?? '';
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  const isFresh =
    etag !== '' && (request.headers.get('if-none-match') ?? '').split(',').some((tag) => bare(tag) === bare(etag));
  return { etag, isFresh };
}

function respond(request: Request, reply: Reply, version: string, serial: number): Response {
  const { status, body, headers } = render(reply, request.method, version, serial);
  return new Response(body, { status, headers });
}

async function jsonBody(request: Request): Promise<Record<string, unknown> | null> {
  if (request.method === 'GET') return {};
  const text = await request.text();
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
