import { createHmac } from 'node:crypto';
import type { Simulator, SimulatorWorld } from '@/lib/providers/port';
import { chance, idOf } from './dice';
import type { SimulatedDeployment, State } from './state';
import { TEAM } from './state';

export interface HookAddress {
  url: string;
  secret: string;
}

type Due = ReturnType<Simulator['dueWebhooks']>[number];

/** Deliveries about deployments, each sent once, lost or doubled as the scenario says. */
export class Deliveries {
  readonly #world: SimulatorWorld;
  readonly #state: State;
  readonly #seed: number;
  readonly #hook: HookAddress | undefined;
  readonly #told = new Set<string>();

  constructor(world: SimulatorWorld, state: State, seed: number, hook: HookAddress | undefined) {
    this.#world = world;
    this.#state = state;
    this.#seed = seed;
    this.#hook = hook;
  }

  due(): Due[] {
    const hook = this.#hook;
    if (!hook) return [];
    const { lose, duplicate, delayMs } = this.#world.scenario().webhooks;
    const due: Due[] = [];
    for (const deployment of this.#state.deployments()) {
      for (const { type, at } of eventsOf(deployment)) {
        const id = idOf('hook', this.#seed, deployment.index, type);
        if (this.#told.has(id) || at + delayMs > this.#world.now()) continue;
        this.#told.add(id);
        if (chance(this.#seed, 'lose', id) < lose) continue;
        const one = this.#delivery(hook, deployment, { id, type, at });
        due.push(one, ...(chance(this.#seed, 'double', id) < duplicate ? [one] : []));
      }
    }
    return due;
  }

  #delivery(hook: HookAddress, deployment: SimulatedDeployment, event: { id: string; type: string; at: number }): Due {
    const body = JSON.stringify(payloadOf(this.#state, deployment, event));
    const signature = createHmac('sha1', hook.secret).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-vercel-signature': signature };
    return { url: hook.url, headers, body, deliveryId: event.id };
  }
}

function eventsOf(deployment: SimulatedDeployment): { type: string; at: number }[] {
  const { at, state, readyAt, canceledAt, aliased, aliasedAt, production } = deployment;
  return [
    { type: 'deployment.created', at },
    ...(state === 'ERROR' ? [{ type: 'deployment.error', at: readyAt }] : []),
    ...(state === 'CANCELED' ? [{ type: 'deployment.canceled', at: canceledAt }] : []),
    ...(state === 'READY' ? [{ type: 'deployment.ready', at: readyAt }] : []),
    ...(aliased ? [{ type: production ? 'deployment.promoted' : 'deployment.succeeded', at: aliasedAt }] : []),
  ];
}

/** https://vercel.com/docs/webhooks/webhooks-api */
function payloadOf(state: State, deployment: SimulatedDeployment, event: { id: string; type: string; at: number }) {
  return {
    id: event.id,
    type: event.type,
    createdAt: event.at,
    region: 'iad1',
    payload: {
      team: { id: state.teamId, name: TEAM },
      user: { id: `usr_${deployment.by}` },
      deployment: { id: deployment.id, meta: deployment.meta, name: 'aetherstack-dashboard', url: '' },
      project: { id: state.projectId },
      target: deployment.production ? 'production' : null,
      plan: 'pro',
      regions: ['iad1'],
    },
  };
}
