import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { openTestDatabase } from '@/lib/db/testing/context';
import { ROLES } from '@/lib/members/model/role';
import { attempt, ENVIRONMENT, inLanes, loadVerbs, type Verb } from '@/lib/pipeline/testing/attempt';
import { makeSampleWorld, SAMPLES, type SampleWorld } from '@/lib/pipeline/testing/sample-inputs';
import { MORE_TEXT, NAMES, type Path, textPaths, withText } from './text-fields';
import { STRINGS } from './unicode';

/** As JSON writes it: controls and halves of pairs come out as escapes. */
const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]|\\u00|\\[bfnrt]|\\ud[89a-f]/u;

let database: Database;
let world: SampleWorld;
let actor: Actor;
interface FieldOf {
  verb: Verb;
  input: unknown;
  path: Path;
  name: string;
}
type Cell = FieldOf & { string: (typeof STRINGS)[number] };

let fields: FieldOf[];
beforeAll(async () => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  database = await openTestDatabase({ max: 6 });
  world = await makeSampleWorld(database.db);
  const grants = ROLES.map((role) => ({ role, environmentPattern: '*' }));
  actor = { kind: 'user', id: world.me.id, name: 'Me', grants, sessionHash: world.me.sessionHash, ip: null };
  fields = (await loadVerbs()).flatMap((verb) => {
    const sample = SAMPLES[verb.name]?.(world.staging, world);
    if (typeof sample !== 'object' || sample === null) return [];
    const input = { ...sample, ...MORE_TEXT[verb.name] };
    return textPaths(input).map((path) => ({ verb, input, path, name: `${verb.name} ${path.join('.')}` }));
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.close();
});

/** What a schema refuses goes no further than that: of those that it refuses in the same words, one goes the whole way. */
function firstOfItsKind() {
  const seen = new Set<string>();
  return ({ verb, input, path, name, string }: Cell): boolean => {
    const parsed = verb.definition.input.safeParse(withText(input, path, string.text));
    if (parsed.success) return true;
    const kind = JSON.stringify([name, parsed.error.issues.map(({ code, message, path: at }) => [code, message, at])]);
    return !seen.has(kind) && Boolean(seen.add(kind));
  };
}

describe('D12: hostile text in every field', () => {
  test('48 strings in every text field of every verb: taken or refused, never a failure of ours', {
    timeout: 300_000,
  }, async () => {
    expect(STRINGS).toHaveLength(48);
    expect(fields.length).toBeGreaterThanOrEqual(100);
    const broken = new Set<string>();
    const cells = fields.flatMap((field) => STRINGS.map((string) => ({ ...field, string }))).filter(firstOfItsKind());
    await inLanes(cells, 5, async ({ verb, input, path, name, string }) => {
      const { verdict } = await attempt(database.db, verb, actor, withText(input, path, string.text));
      if (/^broken: (?!400|429)/.test(verdict)) broken.add(`${name}: ${string.name}: ${verdict.slice(0, 120)}`);
    });
    expect([...broken]).toEqual([]);
  });

  test('names keep nothing that hides or reorders, and take ordinary writing of any language', () => {
    const named = fields.filter(({ name }) => NAMES.test(name));
    expect(named.length).toBeGreaterThanOrEqual(10);
    const wrong: string[] = [];
    for (const { verb, input, path, name } of named) {
      for (const string of STRINGS) {
        const parsed = verb.definition.input.safeParse(withText(input, path, string.text));
        const narrow = /slug|login/.test(name);
        const kept = parsed.success ? JSON.stringify(parsed.data) : '';
        if (HIDDEN.test(kept)) wrong.push(`${name} took ${string.name}`);
        if (string.plain && !narrow && !parsed.success) wrong.push(`${name} refused ${string.name}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
