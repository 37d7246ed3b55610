import { iso } from './random';
import { API, notFound, ok, paged, problem, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { Hook } from './types';
import type { Deliveries, Delivery } from './webhooks';

const LIST = '/repos/webhooks#list-repository-webhooks';
const CREATE = '/repos/webhooks#create-a-repository-webhook';
const DELIVERIES = '/repos/webhooks#list-deliveries-for-a-repository-webhook';

export function hookView(hook: Hook) {
  const url = `${API}/repos/${hook.repo}/hooks/${hook.id}`;
  return {
    type: 'Repository',
    id: hook.id,
    name: 'web',
    active: hook.active,
    events: hook.events,
    config: {
      content_type: 'json',
      insecure_ssl: '0',
      url: hook.url,
      ...(hook.secret === null ? {} : { secret: '********' }),
    },
    updated_at: iso(hook.createdAt),
    created_at: iso(hook.createdAt),
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: { code: null, status: 'unused', message: null },
  };
}

function deliveryView(delivery: Delivery, repository: number) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: iso(delivery.at),
    redelivery: delivery.redelivery,
    duration: 0.12,
    status: delivery.statusCode >= 200 && delivery.statusCode < 300 ? 'OK' : 'Invalid HTTP Response',
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: null,
    repository_id: repository,
    throttled_at: null,
  };
}

const hooksOf = ({ state, repo }: RepoCall): Hook[] => state.hooks.filter((hook) => hook.repo === repo.fullName);
const findHook = (call: RepoCall): Hook | undefined =>
  hooksOf(call).find((hook) => hook.id === Number(call.params.hook));

async function createHook(call: RepoCall): Promise<Reply> {
  const { body, repo, world, now, state } = call;
  const config = (body.config ?? {}) as Record<string, unknown>;
  if (typeof config.url !== 'string' || !/^https?:\/\//.test(config.url)) {
    return problem(422, 'Validation Failed', CREATE, [
      { resource: 'Hook', code: 'custom', field: 'url', message: 'url is missing a scheme' },
    ]);
  }
  const events = Array.isArray(body.events) ? body.events.map(String) : ['push'];
  if (hooksOf(call).some((hook) => hook.url === config.url && hook.active)) {
    return problem(422, 'Validation Failed', CREATE, [
      { resource: 'Hook', code: 'custom', message: 'Hook already exists on this repository' },
    ]);
  }
  const fact = {
    at: now,
    kind: 'hook.created',
    data: {
      repo: repo.fullName,
      url: config.url,
      secret: config.secret ?? null,
      events,
      active: body.active !== false,
    },
  };
  await world.record(fact);
  state.fold(world.facts());
  const view = hookView(state.made.get(fact) as Hook);
  return { status: 201, body: view, headers: { location: view.url } };
}

export type DeliveryLog = Pick<Deliveries, 'of' | 'redeliver'>;

/** For when only the routes themselves are of interest. */
export const noDeliveries: DeliveryLog = { of: () => [], redeliver: () => false };

/** Hooks and their deliveries. */
export function hookRoutes(deliveries: DeliveryLog): readonly RepoRoute[] {
  const read = { method: 'GET', needs: 'repository_hooks=read' } as const;
  const write = { method: 'POST', needs: 'repository_hooks=write' } as const;
  return [
    { ...read, path: '/hooks', docs: LIST, handle: listHooks },
    { ...write, path: '/hooks', docs: CREATE, handle: createHook },
    { ...read, path: '/hooks/{hook}', docs: LIST, handle: getHook },
    {
      ...read,
      path: '/hooks/{hook}/deliveries',
      docs: DELIVERIES,
      handle(call) {
        const hook = findHook(call);
        if (!hook) return notFound(DELIVERIES);
        const perPage = Number(call.url.searchParams.get('per_page') ?? 30);
        const newest = deliveries.of(hook.id).slice(0, perPage);
        return ok(newest.map((one) => deliveryView(one, call.repo.id)));
      },
    },
    {
      ...write,
      path: '/hooks/{hook}/deliveries/{delivery}/attempts',
      docs: DELIVERIES,
      handle(call) {
        const hook = findHook(call);
        const isKnown = hook && deliveries.redeliver(hook.id, Number(call.params.delivery));
        return isKnown ? { status: 202, body: {} } : notFound(DELIVERIES);
      },
    },
  ];
}

const listHooks: RepoRoute['handle'] = (call) => {
  const { items, headers } = paged(call.url, hooksOf(call));
  return ok(items.map(hookView), headers);
};

const getHook: RepoRoute['handle'] = (call) => {
  const hook = findHook(call);
  return hook ? ok(hookView(hook)) : notFound(LIST);
};
