import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { blueprintSettings, SETTINGS_OF_KIND } from '../model/settings';
import { draftOf, isShown, settingsOf } from '../model/settings-draft';
import { fieldsOf } from '../model/settings-fields';
import { settingsProblems } from '../model/settings-problems';
import { MATRIX } from '../testing/matrix';

/** Each leaf of a schema: its path, what is allowed there, and the choice of its part that it belongs to. */
interface Leaf {
  path: string;
  values: string[] | null;
  of: string | null;
}

type Inner = z.core.$ZodTypes;

function leavesOf(schema: z.core.$ZodType, path: string[] = [], of: string | null = null): Leaf[] {
  const { def } = (schema as Inner)._zod;
  switch (def.type) {
    case 'default':
    case 'nullable':
      return leavesOf(def.innerType, path, of);
    case 'object':
      return Object.entries(def.shape).flatMap(([key, each]) => leavesOf(each, [...path, key], of));
    case 'union':
      return def.options.flatMap((option) => {
        const type = leavesOf(option).find((leaf) => leaf.path === 'type')?.values?.[0] ?? null;
        return leavesOf(option, path, type);
      });
    case 'array':
      return [{ path: path.join('.'), values: leavesOf(def.element)[0]?.values ?? null, of }];
    case 'enum':
      return [{ path: path.join('.'), values: Object.values(def.entries).map(String), of }];
    case 'literal':
      return [{ path: path.join('.'), values: def.values.map(String), of }];
    default:
      return [{ path: path.join('.'), values: null, of }];
  }
}

const KINDS = Object.keys(SETTINGS_OF_KIND) as (keyof typeof SETTINGS_OF_KIND)[];
const EKS = MATRIX['backend: Docker Hub to EKS'] as object;

describe.each(KINDS)('the fields of %s', (kind) => {
  const leaves = leavesOf(SETTINGS_OF_KIND[kind]);

  it('are one for each setting that its schema knows, and for no other', () => {
    const paths = fieldsOf(kind).map(({ path }) => path);
    expect([...paths].sort()).toEqual([...new Set(leaves.map(({ path }) => path))].sort());
    expect(paths.length).toBeGreaterThan(8);
  });

  it('offer the values that the schema takes, all of them', () => {
    for (const field of fieldsOf(kind)) {
      if (!('options' in field)) continue;
      const taken = new Set(leaves.flatMap(({ path, values }) => (path === field.path ? (values ?? []) : [])));
      expect([field.path, field.options.map(([value]) => value).sort()]).toEqual([field.path, [...taken].sort()]);
    }
    const choices = leaves.filter(({ path, values }) => values && values.length > 1 && path !== 'kind');
    for (const { path } of choices)
      expect(fieldsOf(kind).find((field) => field.path === path)).toHaveProperty('options');
  });

  it('are shown with the choice that has them, and with no other of the same part', () => {
    for (const { path, of } of leaves.filter((leaf) => leaf.of !== null && !leaf.path.endsWith('.type'))) {
      const part = path.split('.')[0];
      const types = leaves.filter((leaf) => leaf.path === `${part}.type`).map((leaf) => leaf.of ?? '');
      const having = leaves.filter((leaf) => leaf.path === path).map((leaf) => leaf.of ?? '');
      expect(having).toContain(of);
      const field = fieldsOf(kind).find((each) => each.path === path);
      const shown = types.filter((type) => field && isShown(field, { [`${part}.type`]: type }));
      expect([path, shown]).toEqual([path, having]);
    }
  });
});

describe('the form of the settings', () => {
  it.each(Object.keys(MATRIX))('gives back what it was given: %s', (label) => {
    const settings = blueprintSettings.parse(MATRIX[label]);
    expect(settingsOf(draftOf(settings) ?? {})).toEqual(settings);
  });

  it('keeps what was typed for another choice, and sends it only with that one', () => {
    const draft = { ...draftOf(blueprintSettings.parse(EKS)), 'platform.type': 'heroku' };
    expect(settingsOf(draft)).toMatchObject({ platform: { type: 'heroku' } });
    expect(settingsOf(draft)).not.toHaveProperty('platform.region');
    expect(settingsOf({ ...draft, 'platform.type': 'ecs' })).toMatchObject({
      platform: { type: 'ecs', region: 'eu-west-1' },
    });
  });

  it('leaves what does not fit as it was typed', () => {
    const draft = { ...draftOf(EKS), port: '80a', config: 'LOG', environments: ' a b \n\nstaging' };
    const settings = settingsOf(draft);
    expect(settings).toMatchObject({ port: '80a', config: { LOG: '' }, environments: ['a b', 'staging'] });
    expect(draftOf(settings)).toMatchObject({ port: '80a', config: 'LOG=', environments: 'a b\nstaging' });
  });

  it('knows no fields for what is no settings', () => {
    for (const other of [null, 'x', [], {}, { kind: 'other' }, { kind: 1 }]) expect(draftOf(other)).toBeNull();
  });
});

describe('what is wrong with settings', () => {
  const started = draftOf(blueprintSettings.parse(EKS)) ?? {};

  it.each([
    ['port', 'abc', 'Write a whole number.'],
    ['port', '80', 'A port below 1024 needs root.'],
    ['port', '8000.5', 'Write a whole number.'],
    ['workers', '', 'Fill this in.'],
    ['workers', '99', 'At most 32.'],
    ['replicas.min', '0', 'At least 1.'],
    ['replicas.max', '1', 'The largest number is below the smallest.'],
    ['environments', '', 'Name at least one environment.'],
    ['environments', 'staging\nlive x', 'Use letters, digits, dots and dashes, such as staging.'],
    ['architectures', '', 'Choose at least one.'],
    ['architectures', 'linux/mips', 'Choose one of those that are offered.'],
    ['registry.image', 'https://x', 'Write it without host and tag: acme/backend.'],
    ['registry.type', 'none', 'This platform runs an image: choose the registry that keeps it.'],
    ['registry.type', 'floppy', 'Choose one of those that are offered.'],
    ['platform.region', '', 'Fill this in.'],
    ['platform.cluster', 'own', 'Choose one of those that are offered.'],
    ['config', 'lower=1', 'Upper-case letters, digits and _.'],
    ['config', 'LOG="x"', 'No quotes or symbols.'],
    ['attest', 'perhaps', 'Say true or false.'],
    ['branch', 'x'.repeat(101), 'At most 100 characters.'],
    ['directory', '../up', 'Write a folder inside the repository, such as services/api.'],
  ])('is said at %s when it is “%s”', (path, text, sentence) => {
    expect(settingsProblems(settingsOf({ ...started, [path]: text }))).toEqual({ [path]: sentence });
  });

  it('is said at each field that is wrong, and as a sentence wherever the value is of another type', () => {
    for (const input of Object.values(MATRIX)) {
      const settings = blueprintSettings.parse(input);
      const draft = draftOf(settings) ?? {};
      for (const value of [{ odd: 1 }, 7, '\u0000', true, null]) {
        const broken = { ...settings, directory: value, environments: value, automatic: value };
        const problems = settingsProblems(broken);
        expect(Object.keys(problems).sort()).toEqual(['automatic', 'directory', 'environments']);
        for (const sentence of Object.values(problems)) expect(sentence).toMatch(/^[A-Z].*\.$/);
        expect(sentencesOfLibrary(problems)).toEqual([]);
      }
      expect(settingsProblems(settingsOf(draft))).toEqual({});
    }
  });

  it('is said over all of them when it belongs to no field', () => {
    expect(settingsProblems({ ...EKS, colour: 'red' })).toEqual({ '': 'There is no setting called “colour”.' });
    for (const nothing of [null, 'x', 3, [], { kind: 'other' }]) {
      expect(settingsProblems(nothing)).toEqual({ '': expect.stringMatching(/^[A-Z].*\.$/) });
    }
  });
});

const sentencesOfLibrary = (problems: Record<string, string>) =>
  Object.values(problems).filter((sentence) => /invalid|expected|received/i.test(sentence));
