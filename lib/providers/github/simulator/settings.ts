import { createHash } from 'node:crypto';
import type { SimulatorFact } from '@/lib/providers/port';
import type { State } from './state';
import type { RepoState, SimulatorWorld } from './types';

const DAY = 86_400_000;

export type SettingKind = 'secret' | 'variable';

export interface Setting {
  kind: SettingKind;
  name: string;
  /** A variable's value; of a secret only the SHA-256 of what was in the sealed box, so that a test can compare. */
  value: string;
  createdAt: number;
  updatedAt: number;
}

/** `''` is the repository itself, `@` its organisation, else the environment's name. */
export type Shelf = string;

type Shelves = Map<string, Setting>;

const folded = new WeakMap<State, { count: number; shelves: Map<string, Shelves> }>();

const shelfKey = (repo: string, shelf: Shelf) => `${repo}\n${shelf.toLowerCase()}`;
const settingKey = (kind: string, name: string) => `${kind} ${name.toUpperCase()}`;

/** What is kept on one shelf, by name: what the sandbox began with, and what was written and removed since. */
export function settingsOn(state: State, world: SimulatorWorld, repo: RepoState, shelf: Shelf): Setting[] {
  const { shelves } = upToDate(state, world.facts());
  return [...(shelves.get(shelfKey(repo.fullName, shelf))?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function settingOn(
  state: State,
  world: SimulatorWorld,
  at: { repo: RepoState; shelf: Shelf; kind: SettingKind; name: string },
): Setting | undefined {
  return settingsOn(state, world, at.repo, at.shelf).find(
    (each) => settingKey(each.kind, each.name) === settingKey(at.kind, at.name),
  );
}

function upToDate(state: State, facts: readonly SimulatorFact[]) {
  let known = folded.get(state);
  if (!known) {
    known = { count: 0, shelves: seeded(facts[0]?.at ?? 0) };
    folded.set(state, known);
  }
  for (; known.count < facts.length; known.count++) {
    const fact = facts[known.count];
    if (fact) apply(known.shelves, fact);
  }
  return known;
}

function apply(shelves: Map<string, Shelves>, { kind, data, at }: SimulatorFact): void {
  if (kind === 'repository.renamed') renameOn(shelves, String(data.repo), String(data.name));
  if (kind !== 'setting.kept' && kind !== 'setting.removed') return;
  const shelf = shelfKey(String(data.repo), String(data.shelf));
  const on = shelves.get(shelf) ?? new Map<string, Setting>();
  shelves.set(shelf, on);
  const key = settingKey(String(data.kind), String(data.name));
  if (kind === 'setting.removed') {
    on.delete(key);
    return;
  }
  const name = String(data.name).toUpperCase();
  const value = String(data.value);
  on.set(key, {
    kind: data.kind as SettingKind,
    name,
    value,
    createdAt: on.get(key)?.createdAt ?? at,
    updatedAt: at,
  });
}

function renameOn(shelves: Map<string, Shelves>, before: string, name: string): void {
  for (const [key, on] of [...shelves]) {
    const [repo = '', shelf = ''] = key.split('\n');
    if (repo !== before) continue;
    shelves.delete(key);
    shelves.set(shelfKey(`${repo.split('/')[0]}/${name}`, shelf), on);
  }
}

const MAIN = 'aetherstack/aetherstack';
/** Shelf, kind, name, value, and how many days before the sandbox began it was written. */
const SEED: readonly [Shelf, SettingKind, string, string, number][] = [
  ['', 'secret', 'OVSX_PAT', 'seeded', 212],
  ['', 'secret', 'VSCE_PAT', 'seeded', 331],
  ['', 'secret', 'AZURE_CLIENT_ID', 'seeded', 96],
  ['', 'variable', 'IMAGE_NAME', 'aetherstack/backend', 96],
  ['@', 'secret', 'ORG_NPM_TOKEN', 'seeded', 300],
  ['staging', 'secret', 'DATABASE_URL', 'seeded', 41],
  ['staging', 'variable', 'DISTRIBUTION', 'E2STAGING0001', 41],
  ['staging', 'variable', 'LOG_LEVEL', 'debug', 12],
  ['production', 'secret', 'DATABASE_URL', 'seeded', 39],
  ['production', 'variable', 'DISTRIBUTION', 'E2PRODUCTION1', 39],
];

function seeded(origin: number): Map<string, Shelves> {
  const shelves = new Map<string, Shelves>();
  for (const [shelf, kind, name, value, days] of SEED)
    apply(shelves, {
      at: origin - days * DAY,
      kind: 'setting.kept',
      data: { repo: MAIN, shelf, kind, name, value: kind === 'secret' ? digestOf(value) : value },
    });
  return shelves;
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
