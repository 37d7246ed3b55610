import type { SimulatorWorld } from '@/lib/providers/port';
import { idOf } from './dice';
import { ok, problem } from './replies';
import { PROJECT } from './state';

export const ENV_CHANGED = 'vercel.env';

export interface SimulatedVariable {
  id: string;
  key: string;
  value: string;
  type: 'plain' | 'sensitive' | 'encrypted';
  target: string[];
  gitBranch: string | null;
  createdAt: number;
  updatedAt: number;
}

/** What the project has from the beginning: one of each kind, and one that two environments share. */
const FIRST: readonly Pick<SimulatedVariable, 'key' | 'value' | 'type' | 'target'>[] = [
  { key: 'NEXT_PUBLIC_API_URL', value: 'https://api.aetherstack.example', type: 'plain', target: ['production'] },
  { key: 'NEXT_PUBLIC_API_URL', value: 'https://api.staging.aetherstack.example', type: 'plain', target: ['preview'] },
  { key: 'DATABASE_URL', value: 'postgres://sandbox', type: 'sensitive', target: ['production'] },
  { key: 'LOG_LEVEL', value: 'info', type: 'plain', target: ['production', 'preview'] },
];

/** Older than any build, so that nothing looks changed that nobody touched. */
const LONG_AGO_MS = 120 * 86_400_000;

/** The project's variables, worked out anew from the facts. */
export function variablesOf(world: SimulatorWorld, seed: number): SimulatedVariable[] {
  const begun = (world.facts()[0]?.at ?? 0) - LONG_AGO_MS;
  const all = new Map<string, SimulatedVariable>();
  for (const [index, each] of FIRST.entries()) {
    const id = idOf('env', seed, index);
    all.set(id, { ...each, id, target: [...each.target], gitBranch: null, createdAt: begun, updatedAt: begun });
  }
  for (const { kind, data, at } of world.facts()) {
    if (kind !== ENV_CHANGED) continue;
    const id = String(data.id);
    const before = all.get(id);
    if (data.op === 'delete') all.delete(id);
    else if (data.op === 'create')
      all.set(id, { ...(data.variable as SimulatedVariable), id, createdAt: at, updatedAt: at });
    else if (before) all.set(id, { ...before, ...(data.change as object), updatedAt: at });
  }
  return [...all.values()];
}

/** What is sensitive is never given back, what is encrypted only to who asks for it alone. */
const view = ({ gitBranch, value, type, ...rest }: SimulatedVariable, isAlone = false) => ({
  ...rest,
  type,
  ...(type === 'plain' || (type === 'encrypted' && isAlone)
    ? { value, decrypted: true }
    : { value: '', decrypted: false }),
  ...(gitBranch ? { gitBranch } : {}),
  createdBy: null,
  updatedBy: null,
  configurationId: null,
});

interface Asked {
  world: SimulatorWorld;
  seed: number;
  method: string;
  /** Null: the whole list. */
  id: string | null;
  body: Record<string, unknown>;
}

/** Source: https://vercel.com/docs/rest-api/reference/endpoints/projects (environment variables) */
export async function answerEnv({ world, seed, method, id, body }: Asked): Promise<Response> {
  const all = variablesOf(world, seed);
  if (id === null && method === 'GET') return ok({ envs: all.map((each) => view(each)) });
  if (id === null) return create({ world, seed, all, body });
  const found = all.find((each) => each.id === id);
  if (!found) return problem(404, 'not_found', 'Environment variable not found.');
  if (method === 'GET') return ok(view(found, true));
  if (method === 'DELETE') {
    await world.record({ at: world.now(), kind: ENV_CHANGED, data: { op: 'delete', id } });
    return ok(view(found));
  }
  const change = Object.fromEntries(
    Object.entries(body).filter(([name]) => ['value', 'target', 'type'].includes(name)),
  );
  if (
    clash(
      all.filter((each) => each.id !== id),
      { ...found, ...change },
    )
  )
    return conflict();
  await world.record({ at: world.now(), kind: ENV_CHANGED, data: { op: 'change', id, change } });
  return ok(view(variablesOf(world, seed).find((each) => each.id === id) ?? found));
}

interface Creating {
  world: SimulatorWorld;
  seed: number;
  all: SimulatedVariable[];
  body: Record<string, unknown>;
}

async function create({ world, seed, all, body }: Creating): Promise<Response> {
  const { key, value, type, target, gitBranch = null } = body as unknown as SimulatedVariable;
  if (type === 'sensitive' && target.includes('development'))
    return problem(400, 'bad_request', 'Sensitive variables may not be used in development.');
  if (gitBranch !== null && target.join() !== 'preview')
    return problem(400, 'bad_request', 'Invalid request: `target` must be "preview" when specifying a `gitBranch`');
  // Seen in https://github.com/vercel/vercel/issues/15763.
  if (gitBranch === PROJECT.productionBranch)
    return problem(
      400,
      'bad_request',
      `Cannot set Production Branch "${gitBranch}" for a Preview Environment Variable`,
    );
  const variable = { key, value, type, target, gitBranch };
  if (clash(all, variable)) return conflict();
  const id = idOf('env', seed, key, world.facts().length);
  await world.record({ at: world.now(), kind: ENV_CHANGED, data: { op: 'create', id, variable } });
  const made = variablesOf(world, seed).find((each) => each.id === id);
  return made ? ok({ created: view(made), failed: [] }, 201) : conflict();
}

const clash = (all: SimulatedVariable[], wanted: Pick<SimulatedVariable, 'key' | 'target' | 'gitBranch'>) =>
  all.some(
    (each) =>
      each.key === wanted.key &&
      (each.gitBranch ?? null) === (wanted.gitBranch ?? null) &&
      each.target.some((one) => wanted.target.includes(one)),
  );
const conflict = () => problem(409, 'ENV_CONFLICT', 'A variable with this name already exists for this target.');
