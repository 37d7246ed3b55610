import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { generated, providerIds } from '@/scripts/gen-providers.mjs';
import { catalog } from './catalog.generated';
import { providers } from './registry.generated';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== '_template' && entry.name !== 'conformance')
  .map((entry) => entry.name)
  .sort();

describe('folders, catalog and registry', () => {
  it('are the same set', () => {
    expect(Object.keys(catalog).sort()).toEqual(folders);
    expect(Object.keys(providers).sort()).toEqual(folders);
  });

  it('are what the generator writes today', () => {
    for (const [name, text] of Object.entries(generated(providerIds()))) {
      expect(readFileSync(path.join(import.meta.dirname, name), 'utf8'), `${name}: run npm run gen`).toBe(text);
    }
  });

  it.each(folders)('%s is registered under its own id, with a test that runs the conformance suite', (id) => {
    expect(catalog[id]?.id).toBe(id);
    expect(providers[id]?.manifest).toBe(catalog[id]);
    expect(readFileSync(path.join(import.meta.dirname, id, `${id}.test.ts`), 'utf8')).toMatch(/\bconformance\(/);
  });

  it('galleries are named by words that a name without spaces, hyphens and capitals can have, and share none but a tool', () => {
    const inRuns = Object.values(catalog).flatMap(({ capabilities }) => capabilities.publish?.inRuns ?? []);
    const words = inRuns.flatMap(({ gallery }) => gallery);
    expect(inRuns.length).toBeGreaterThan(1);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    expect([...words, ...inRuns.map(({ tool }) => tool)].filter((word) => !/^[a-z]{4,}$/.test(word))).toEqual([]);
  });

  it.each(folders)('the manifest of %s is fit for the browser: data, zod and the port', (id) => {
    const text = readFileSync(path.join(import.meta.dirname, id, 'manifest.ts'), 'utf8');
    const imported = [...text.matchAll(/from '([^']+)'/g)].map((found) => found[1]);
    expect(imported.filter((name) => name !== 'zod' && name !== '../port')).toEqual([]);
  });
});
