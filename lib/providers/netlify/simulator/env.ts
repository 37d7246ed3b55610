import type { SimulatorFact, SimulatorWorld } from '@/lib/providers/port';
import { idOf } from './dice';
import { ok, problem } from './replies';

export const ENV_CHANGED = 'netlify.env';

interface Value {
  id: string;
  value: string;
  context: string;
  context_parameter?: string;
}

export interface SimulatedVariable {
  key: string;
  /** Null: the team's. */
  site: string | null;
  scopes: string[];
  values: Value[];
  is_secret: boolean;
  updatedAt: number;
}

const SCOPES = ['builds', 'functions', 'runtime', 'post-processing'];
const SECRET_SCOPES = SCOPES.slice(0, 3);

/** Older than any build of the example team's past, so that nothing looks changed that nobody touched. */
const LONG_AGO_MS = 120 * 86_400_000;

function first(seed: number, site: string, at: number): SimulatedVariable[] {
  const value = (context: string, text: string, key: string) => ({
    id: idOf(seed, key, context),
    value: text,
    context,
  });
  const common = { updatedAt: at, scopes: SCOPES, is_secret: false };
  return [
    {
      ...{ ...common, key: 'SITE_TITLE', site },
      values: [value('production', 'AetherStack', 'SITE_TITLE'), value('branch-deploy', 'Next', 'SITE_TITLE')],
    },
    {
      ...{ ...common, key: 'NEXT_PUBLIC_EDITION', site },
      values: [value('production', 'stable', 'EDITION'), value('branch-deploy', 'next', 'EDITION')],
    },
    { ...common, key: 'DOCS_BASE_URL', site, values: [value('all', 'https://docs.aetherstack.example', 'BASE')] },
    {
      ...{ ...common, key: 'SEARCH_API_KEY', site, is_secret: true, scopes: SECRET_SCOPES },
      values: [value('production', 'sandbox-search-key', 'SEARCH')],
    },
    { ...common, key: 'TEAM_REGION', site: null, values: [value('all', 'eu', 'REGION')] },
  ];
}

/** The account's variables, worked out anew from the facts. */
export function variablesOf(world: SimulatorWorld, seed: number, site: string): SimulatedVariable[] {
  let all = first(seed, site, (world.facts()[0]?.at ?? 0) - LONG_AGO_MS);
  for (const { kind, data, at } of world.facts()) {
    if (kind !== ENV_CHANGED) continue;
    const { key, site: of } = data as unknown as { key: string; site: string | null };
    const others = all.filter((each) => each.key !== key || each.site !== of);
    const next = data.variable as Omit<SimulatedVariable, 'updatedAt'> | null;
    all = next ? [...others, { ...next, updatedAt: at }] : others;
  }
  return all;
}

/** A variable of the branch builds that somebody made at that moment; their builds of before do not have it. */
export function madeLater(seed: number, site: string, at: number): SimulatorFact {
  const key = 'FORM_ENDPOINT';
  const values = [{ id: idOf(seed, key), value: 'https://forms.aetherstack.example', context: 'branch-deploy' }];
  const variable = { key, site, scopes: SCOPES, is_secret: false, values };
  return { at, kind: ENV_CHANGED, data: { key, site, variable } };
}

const view = ({ key, scopes, values, is_secret, updatedAt }: SimulatedVariable) => ({
  key,
  scopes,
  // A secret's values are readable by what runs there only.
  values: values.map((each) => (is_secret ? { ...each, value: '' } : each)),
  is_secret,
  updated_at: new Date(updatedAt).toISOString(),
});

const forAll = () => problem(422, 'Secrets need an explicit value for each context');

interface Asked {
  world: SimulatorWorld;
  seed: number;
  siteId: string;
  request: Request;
  /** Below `/accounts/{id}/env`. */
  key: string | null;
  valueId: string | null;
}

/** Source: `@netlify/open-api`, the operations on environment variables. */
export async function answerEnv({ world, seed, siteId, request, key, valueId }: Asked): Promise<Response> {
  const site = new URL(request.url).searchParams.get('site_id');
  if (site !== null && site !== siteId) return problem(404, 'Not Found');
  const mine = variablesOf(world, seed, siteId).filter((each) => each.site === site);
  if (key === null && request.method === 'GET') return ok(mine.map(view));
  const keep = async (changed: string, variable: Omit<SimulatedVariable, 'updatedAt'> | null) => {
    await world.record({ at: world.now(), kind: ENV_CHANGED, data: { key: changed, site, variable } });
    return variablesOf(world, seed, siteId).filter((each) => each.site === site && each.key === changed);
  };
  if (key === null) return create(seed, { mine, site, serial: world.facts().length, keep }, await request.json());
  const found = mine.find((each) => each.key === key);
  if (!found) return problem(404, 'Not Found');
  if (request.method === 'DELETE') {
    const values = found.values.filter(({ id }) => id !== valueId);
    await keep(key, valueId === null || values.length === 0 ? null : { ...found, values });
    return new Response(null, { status: 204 });
  }
  const wanted = (await request.json()) as Value;
  if (found.is_secret && wanted.context === 'all') return forAll();
  const others = found.values.filter(
    (each) => each.context !== wanted.context || each.context_parameter !== wanted.context_parameter,
  );
  const id = idOf(seed, key, world.facts().length);
  const [changed = found] = await keep(key, { ...found, values: [...others, { ...wanted, id }] });
  return ok(view(changed), 201);
}

type Keep = (changed: string, variable: Omit<SimulatedVariable, 'updatedAt'> | null) => Promise<SimulatedVariable[]>;

async function create(
  seed: number,
  { mine, site, serial, keep }: { mine: SimulatedVariable[]; site: string | null; serial: number; keep: Keep },
  [wanted]: SimulatedVariable[],
): Promise<Response> {
  if (!wanted || mine.some((each) => each.key === wanted.key)) return problem(422, 'Key has already been taken');
  if (wanted.is_secret && wanted.scopes?.includes('post-processing')) return problem(422, 'Secrets lack this scope');
  if (wanted.is_secret && wanted.values.some(({ context }) => context === 'all')) return forAll();
  const values = wanted.values.map((each) => ({ ...each, id: idOf(seed, wanted.key, serial) }));
  const made = { ...wanted, site, values, scopes: wanted.scopes ?? SCOPES, is_secret: wanted.is_secret === true };
  return ok((await keep(wanted.key, made)).map(view), 201);
}
