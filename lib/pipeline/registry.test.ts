import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const sources = globSync(['app/**/*.ts', 'app/**/*.tsx', 'lib/**/*.ts', 'components/**/*.tsx'], {
  exclude: ['**/*.test.ts', '**/repository/**'],
}).map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}));
const isServerAction = (text: string) => /^\s*(['"])use server\1;?\s*$/m.test(text.slice(0, 400));
const actionFiles = sources.filter(({ text }) => isServerAction(text));

describe('every mutation goes through the pipeline', () => {
  test('there are actions, and they live in files called actions.ts', () => {
    expect(actionFiles.length).toBeGreaterThan(1);
    expect(actionFiles.filter(({ path }) => !/^app\/.*\/actions\.ts$/.test(path)).map(({ path }) => path)).toEqual([]);
  });

  test.each(actionFiles.map(({ path, text }) => [path, text]))(
    '%s exports nothing but what defineAction made',
    (_path, text) => {
      const exported = text.match(/^export .*$/gm) ?? [];
      expect(exported.filter((line) => !/^export const \w+ = defineAction\(/.test(line))).toEqual([]);
      expect(exported.length).toBeGreaterThan(0);
    },
  );

  test('no function becomes an action by a directive of its own', () => {
    const inline = sources.filter(({ text }) => !isServerAction(text) && /^\s+(['"])use server\1/m.test(text));
    expect(inline.map(({ path }) => path)).toEqual([]);
  });

  test('verbs have names of their own', () => {
    for (const maker of ['define(?:Action|Command)', 'defineQuery']) {
      const names = sources.flatMap(({ text }) =>
        [...text.matchAll(new RegExp(`${maker}\\(\\{\\s*name: '([\\w.-]+)'`, 'g'))].map((found) => found[1]),
      );
      expect(names.length).toBeGreaterThan(1);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    }
  });
});
