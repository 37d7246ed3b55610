import type { Simulator, SimulatorWorld } from '@/lib/providers/port';
import { accountRoutes } from './simulator/account';
import { appRoutes } from './simulator/apps';
import { authenticate, type Caller, credentialHeaders, refuse } from './simulator/auth';
import { checkRoutes } from './simulator/checks';
import { commitRoutes } from './simulator/commits';
import { contentRoutes } from './simulator/contents';
import { afterAccepting, beforeAccepting } from './simulator/faults';
import { type DeliveryLog, hookRoutes, noDeliveries } from './simulator/hooks';
import { jobRoutes, serveLog } from './simulator/jobs';
import { Limits, primaryLimit, type Quota, quotaHeaders, secondaryLimit } from './simulator/limits';
import { webRoute } from './simulator/oauth';
import { refRoutes } from './simulator/refs';
import { repositoryRoutes } from './simulator/repos';
import { API, LOG_HOST, notFound, problem, type Reply, render } from './simulator/respond';
import { type Call, compileRoutes, type Route, repoRoutes } from './simulator/router';
import { runRoutes } from './simulator/runs';
import { State } from './simulator/state';
import { type TrueRun, truth } from './simulator/truth';
import type { SimulatorOptions } from './simulator/types';
import { Deliveries } from './simulator/webhooks';
import { workflowRoutes } from './simulator/workflows';

export type { TrueRun } from './simulator/truth';
export type { SimulatorOptions } from './simulator/types';

const VERSIONS = ['2022-11-28', '2026-03-10'];

export interface GithubSimulator extends Simulator {
  /** Every run that exists, whatever lists show: what a client's own books are checked against. */
  truth(): TrueRun[];
  /** Adds a commit to a branch, as a person's `git push` would; answers with its id. */
  push(push: {
    repository?: string;
    branch: string;
    message?: string;
    author?: string;
    files?: Record<string, string | null>;
  }): Promise<string>;
  /** What became of a delivery, for the list of deliveries of its hook. */
  settle(deliveryId: string, statusCode: number): void;
}

/** Everything that the simulated API answers. */
export function githubRoutes(limits = new Limits(5_000), deliveries: DeliveryLog = noDeliveries): Route[] {
  return [
    ...accountRoutes(limits),
    ...appRoutes,
    ...repoRoutes(
      [
        ...repositoryRoutes,
        ...refRoutes,
        ...commitRoutes,
        ...checkRoutes,
        ...contentRoutes,
        ...workflowRoutes,
        ...runRoutes,
        ...jobRoutes,
        ...hookRoutes(deliveries),
      ],
      notFound,
    ),
  ];
}

/**
 * GitHub as far as a release console needs it: REST, OAuth, Actions and webhooks of one organisation.
 * Its state is a function of seed, facts and time; only quotas and delivery results live in memory.
 */
export function createGithubSimulator(world: SimulatorWorld, options: SimulatorOptions): GithubSimulator {
  const state = new State(world, options);
  const deliveries = new Deliveries(state, world, options.seed);
  const limits = new Limits(options.quota ?? 5_000);
  let serial = 0;
  const match = compileRoutes(githubRoutes(limits, deliveries));

  async function answer(call: Omit<Call, 'params' | 'caller'>, caller: Caller): Promise<Reply> {
    const found = match(call.method, call.url.pathname);
    if (!found) return notFound();
    const refusal = refuse(caller, found.route);
    if (refusal) return refusal;
    const faultable = found.route.needs === 'actions=write';
    const fault = faultable ? beforeAccepting(world, options.seed, ++serial) : null;
    if (fault) return fault;
    const reply = await found.route.handle({ ...call, caller, params: found.params });
    return faultable && reply.status < 300 ? afterAccepting(world, options.seed, serial, reply) : reply;
  }

  async function api(request: Request): Promise<Response> {
    const now = world.now();
    const version = request.headers.get('x-github-api-version') ?? '2022-11-28';
    const send = (reply: Reply, headers: Record<string, string>) =>
      respond(request, { ...reply, headers: { ...headers, ...reply.headers } }, version, ++serial);
    if (!VERSIONS.includes(version)) return send(problem(400, `${version} is not a supported version of the API.`), {});
    const caller = authenticate(request.headers.get('authorization'), state, now);
    if ('status' in caller) return send(caller, {});
    const quota = limits.peek(caller.key, now);
    const blocked = limited(world, quota, now);
    if (blocked) return send(blocked, credentialHeaders(caller));
    const body = await jsonBody(request);
    const url = new URL(request.url);
    const reply =
      body === null
        ? problem(400, 'Problems parsing JSON')
        : await answer(
            { method: request.method, url, headers: request.headers, body, now, version, state, world, options },
            caller,
          );
    const { etag, isFresh } = freshness(request, reply, version);
    const isFree = isFresh || url.pathname === '/rate_limit';
    const spent = isFree ? quota : limits.charge(caller.key, now);
    const headers = { ...quotaHeaders(spent), ...credentialHeaders(caller) };
    return isFresh ? send({ status: 304, headers: { etag, ...reply.headers } }, headers) : send(reply, headers);
  }

  return {
    hosts: [new URL(API).host, 'github.com', LOG_HOST],
    async handle(request) {
      state.fold(world.facts());
      const { host } = new URL(request.url);
      if (world.scenario().down)
        return new Response('<html><body>Unicorn!</body></html>', {
          status: 503,
          headers: { 'content-type': 'text/html' },
        });
      if (host === LOG_HOST) return serveLog(request, state, world.now());
      if (host === 'github.com') return webRoute(request, state, world);
      return api(request);
    },
    dueWebhooks() {
      state.fold(world.facts());
      return deliveries.due();
    },
    truth() {
      state.fold(world.facts());
      return truth(state, world.now());
    },
    async push({
      repository = 'aetherstack/aetherstack',
      branch,
      message = 'Change',
      author = 'tobiasade',
      files = {},
    }) {
      const { pace, outcome } = world.scenario();
      const fact = {
        at: world.now(),
        kind: 'git.push',
        data: { repo: repository, branch, message, author, files, pace, outcome },
      };
      await world.record(fact);
      state.fold(world.facts());
      return String(state.made.get(fact));
    },
    settle: (deliveryId, statusCode) => deliveries.settle(deliveryId, statusCode),
  };
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
