import { expect, it } from 'vitest';
import { notObjects, yamllint } from '../testing/checkers';
import { madeFiles } from '../testing/matrix';

it('yamllint finds nothing in any YAML file', { timeout: 300_000 }, async () => {
  const files = (await madeFiles()).filter((file) => /\.ya?ml$/.test(file.path));
  expect(notObjects(files)).toEqual([]);
  expect(await yamllint([...files, { path: 'wrong.yml', text: 'a: 1\na: 2\n' }])).toEqual([
    `./${files.length}-wrong.yml:2:1: [error] duplication of key "a" in mapping (key-duplicates)`,
  ]);
  expect(files.length).toBeGreaterThan(30);
});
