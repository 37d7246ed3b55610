import { createHash } from 'node:crypto';
import type { SimulatorWorld } from '@/lib/providers/port';

export const CHANGED = 'heroku.config-vars';

/** A number in [0, 1) that depends on nothing but its arguments, so a replay gives the same world. */
export function chance(...keys: (string | number)[]): number {
  return createHash('sha1').update(keys.join('\u0000')).digest().readUIntBE(0, 6) / 2 ** 48;
}

export function uuidOf(...keys: (string | number)[]): string {
  const hex = createHash('sha1').update(keys.join('\u0000')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export interface SimulatedApp {
  id: string;
  name: string;
  vars: Record<string, string>;
  /** Newest first. */
  releases: { version: number; description: string; at: number; by: string }[];
}

/** Set by an add-on, so that nobody else may. */
export const ATTACHED = 'DATABASE_URL';

const LONG_AGO_MS = 120 * 86_400_000;
const DAY_MS = 86_400_000;
const BY = 'ada@aetherstack.example';

/** The example team's two apps; what production has and staging lacks is the example's gap. */
const FIRST: Record<string, Record<string, string>> = {
  'aetherstack-backend': {
    [ATTACHED]: 'postgres://sandbox@db.aetherstack.example/production',
    LOG_LEVEL: 'warning',
    SIGNING_KEY: 'sandbox-signing-key-production',
    MAIL_API_KEY: 'sandbox-mail-key',
  },
  'aetherstack-backend-staging': {
    [ATTACHED]: 'postgres://sandbox@db.aetherstack.example/staging',
    LOG_LEVEL: 'debug',
    SIGNING_KEY: 'sandbox-signing-key-staging',
  },
};

export interface Change {
  app: string;
  set: Record<string, string | null>;
  by: string;
}

/** The team's apps, worked out anew from the facts. */
export function appsOf(world: SimulatorWorld, seed: number): SimulatedApp[] {
  const start = (world.facts()[0]?.at ?? world.now()) - LONG_AGO_MS;
  const apps = Object.entries(FIRST).map(([name, vars]) => first(seed, { name, vars, start }));
  for (const { kind, data, at } of world.facts()) {
    const { app: id, set, by } = data as unknown as Change;
    const app = kind === CHANGED ? apps.find((each) => each.id === id) : undefined;
    if (!app) continue;
    const kept = Object.entries({ ...app.vars, ...set }).filter((each): each is [string, string] => each[1] !== null);
    app.vars = Object.fromEntries(kept);
    for (const description of wordsFor(set))
      app.releases.unshift({ version: app.releases.length + 1, description, at, by });
  }
  return apps;
}

function first(
  seed: number,
  { name, vars, start }: { name: string; vars: Record<string, string>; start: number },
): SimulatedApp {
  const own = Object.keys(vars).filter((each) => each !== ATTACHED);
  const history = [
    'Initial release',
    'Enable Logplex',
    'Attach DATABASE (@ref:postgresql-curved-10000)',
    ...wordsFor(Object.fromEntries(own.map((each) => [each, '']))),
    'Deploy 1f0c3a9d',
  ];
  const releases = history.map((description, at) => ({
    ...{ version: at + 1, description, by: BY },
    at: start + at * DAY_MS,
  }));
  return { id: uuidOf(seed, 'app', name), name, vars, releases: releases.reverse() };
}

/** https://devcenter.heroku.com/articles/releases */
function wordsFor(set: Change['set']): string[] {
  const names = (removed: boolean) => Object.keys(set).filter((name) => (set[name] === null) === removed);
  const [put, gone] = [names(false), names(true)];
  return [
    ...(put.length > 0 ? [`Set ${put.join(', ')} config vars`] : []),
    ...(gone.length > 0 ? [`Remove ${gone.join(', ')} config vars`] : []),
  ];
}
