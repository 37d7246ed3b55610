import { createHash, createHmac } from 'node:crypto';
import type { Simulator, SimulatorWorld } from '@/lib/providers/port';
import { chance } from './dice';
import type { SimulatedDeploy, State } from './state';
import { deployView } from './views';

export interface HookAddress {
  url: string;
  secret: string;
}

type Due = ReturnType<Simulator['dueWebhooks']>[number];

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One hook for each event, as Netlify has them; each delivery is sent once, lost or doubled as the scenario says. */
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
    for (const deploy of this.#state.deploys()) {
      for (const { event, at } of eventsOf(deploy)) {
        const id = `${deploy.id}-${event}`;
        if (this.#told.has(id) || at + delayMs > this.#world.now()) continue;
        this.#told.add(id);
        if (chance(this.#seed, 'lose', id) < lose) continue;
        const one = delivery(hook, JSON.stringify(deployView(this.#state, deploy)), { id, event });
        due.push(one, ...(chance(this.#seed, 'double', id) < duplicate ? [one] : []));
      }
    }
    return due;
  }
}

function delivery(hook: HookAddress, body: string, { id, event }: { id: string; event: string }): Due {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'netlify', sha256 })}`;
  const signature = createHmac('sha256', hook.secret).update(signed).digest('base64url');
  const headers = {
    ...{ 'content-type': 'application/json', 'x-netlify-event': event },
    'x-webhook-signature': `${signed}.${signature}`,
  };
  return { url: hook.url, headers, body, deliveryId: id };
}

function eventsOf({ at, state, endedAt }: SimulatedDeploy): { event: string; at: number }[] {
  return [
    { event: 'deploy_building', at },
    ...(state === 'ready' ? [{ event: 'deploy_created', at: endedAt }] : []),
    ...(state === 'error' ? [{ event: 'deploy_failed', at: endedAt }] : []),
  ];
}
