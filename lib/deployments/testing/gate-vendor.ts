import { randomBytes } from 'node:crypto';
import type { Actor } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { createKeyRing, openOwn, storeOwnToken } from '@/lib/connections/server';
import { connections, targets } from '@/lib/db/schema';
import { makeUser } from '@/lib/db/testing/factories';
import { createHttpMemory } from '@/lib/http/memory';
import { Secret } from '@/lib/kernel/secret';
import type { Role } from '@/lib/members/model/role';
import { memoryWorld } from '@/lib/providers/conformance/harness';
import { provider as github } from '@/lib/providers/github/adapter';
import { createGithubSimulator } from '@/lib/providers/github/simulator';
import { advance } from '../server';
import { type EngineWorld, engineWorld } from './engine-world';

const CONFIG = {
  repository: 'aetherstack/aetherstack',
  workflow: 'backend-deploy.yml',
  defaultRef: 'main',
  inputs: { environment: 'staging' },
};
export const TEAM = { type: 'Team', id: 9_230_011 };

export interface GateWorld extends EngineWorld {
  settings: { keys: ReturnType<typeof createKeyRing>; allowLoopbackHttp: boolean };
  /** Moves the simulated vendor's clock. */
  pass(ms: number): void;
  /** Requests that changed something at the vendor, since the last call. */
  sent(): string[];
  /** Whether the answer to this request gets lost after it took effect, or before. */
  lose: { before: (request: Request) => boolean; after: (request: Request) => boolean };
  /** Sets what the vendor's environment asks for. */
  protect(rules: object): Promise<void>;
  /** A person of this console, with the own token of that login when one is named. */
  person(name: string, login?: string | null, role?: Role): Promise<ServiceContext>;
  /** Deploys to staging until the run stands before the environment; returns the deployment's id. */
  held(): Promise<string>;
  lookAt(id: string): ReturnType<EngineWorld['look']>;
}

/** The engine over the real adapter and the simulated vendor with these files, for what it holds back for people. */
export async function gateVendorWorld(files: ReadonlyMap<string, string>): Promise<GateWorld> {
  const world = await engineWorld();
  const { db } = world.database;
  const clock = memoryWorld();
  const simulator = createGithubSimulator(clock, { seed: 7, files });
  const lose: GateWorld['lose'] = { before: () => false, after: () => false };
  let sent: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.method !== 'GET') sent.push(`${request.method} ${new URL(request.url).pathname.split('/').at(-1)}`);
    if (lose.before(request)) throw new TypeError('fetch failed');
    const answer = await simulator.handle(request.clone());
    if (lose.after(request)) throw new TypeError('fetch failed');
    return answer;
  };
  const settings = { keys: createKeyRing(randomBytes(32)), allowLoopbackHttp: true };
  await db.update(connections).set({ providerId: 'github', origin: 'https://api.github.com' });
  await db.update(targets).set({ config: CONFIG });
  const over = (ctx: ServiceContext): ServiceContext => ({
    ...ctx,
    clock: { now: () => Date.now() },
    openConnection: async (connectionId) => ({
      provider: github,
      context: {
        connectionId,
        origin: 'https://api.github.com',
        credential: { kind: 'token', token: new Secret('sandbox-token') },
        fetch,
        now: clock.now,
      },
    }),
    openOwn: (connectionId, entered) =>
      openOwn(
        { db, clock: { now: () => Date.now() }, fetch, keys: settings.keys, memory: createHttpMemory() },
        ctx.actor,
        connectionId,
        entered,
      ),
  });
  const engine = over(world.engine);
  const operator = over(world.as('operator'));
  const lookAt = async (id: string) => {
    await advance(engine, id);
    return world.row(id);
  };
  return {
    ...world,
    settings,
    lose,
    lookAt,
    pass: (ms) => clock.advance(ms),
    sent: () => {
      const all = sent;
      sent = [];
      return all;
    },
    async protect(rules) {
      const url = `https://api.github.com/repos/${CONFIG.repository}/environments/staging`;
      const headers = { authorization: 'token sandbox-token' };
      await simulator.handle(new Request(url, { method: 'PUT', headers, body: JSON.stringify(rules) }));
    },
    async person(name, login = null, role = 'approver') {
      const { id } = await makeUser(db, { name, grants: [{ role, environmentPattern: '*' }] });
      const actor: Actor = {
        kind: 'user',
        id,
        name,
        grants: [{ role, environmentPattern: '*' }],
        sessionHash: 'hash',
        ip: null,
      };
      const ctx = over({ ...world.engine, actor });
      const token = login && `sandbox-token${login === 'mara-lindqvist' ? '' : `-${login}`}`;
      const origin = 'https://api.github.com';
      if (token) await storeOwnToken(ctx, { connectionId: 'con_1', origin, token }, settings);
      return ctx;
    },
    async held() {
      const { context } = await operator.openConnection('con_1');
      const { sha } = await github.methods.source.resolve(context, CONFIG, 'main');
      const { deploymentId } = await world.click({ who: operator, sha, inputs: {} });
      await lookAt(deploymentId);
      clock.advance(60_000);
      await lookAt(deploymentId);
      sent = [];
      return deploymentId;
    },
  };
}
