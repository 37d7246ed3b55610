import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moduleFacts } from './facts';
import { routeFiles, USUAL_EXTENSIONS } from './routes';
import { MAX_FILE_LENGTH } from './syntax';
import { testApp } from './testing/test-app';

const CONFIG = { 'next.config.mjs': "export default { output: 'export' };" };

describe('sources that nobody honest writes', () => {
  it('never throw, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.constantFrom('a.ts', 'a.tsx', 'a.js', 'a.cjs', 'a.mdx'),
        (text, path) => {
          const facts = moduleFacts(path, text);
          expect(facts.exports.size).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['brackets', `export default ${'['.repeat(50_000)}${']'.repeat(50_000)};`],
    ['elements', `export default () => ${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)};`],
    ['members', `export const a = x${'.y'.repeat(50_000)};`],
  ])('are told when they are nested too deeply: %s', (_what, text) => {
    const { misread, exports } = moduleFacts('a.tsx', text);
    expect(misread !== null || exports.size === 1, 'understood, or said not to be').toBe(true);
  });

  it('that share one object by many names, or call one thing after another, are looked at in time', () => {
    const names = Array.from({ length: 4_000 }, (_, at) => `const a${at + 1} = a${at};\na${at}.x = ${at};`);
    const text = `const a0 = { output: 'export' };\n${names.join('\n')}\nexport default a0;`;
    const page = `export default () => a${'.b()'.repeat(2_000)};\nexports.x.y${'.z'.repeat(5_000)} = 1;`;
    const found = testApp({ 'next.config.mjs': text, 'app/page.js': page }).found();
    expect(found.map((each) => each.replace(/:.*/, ''))).toContain('~output_unknown next.config.mjs');
  });

  it('are told when they are too large', () => {
    expect(moduleFacts('a.ts', ' '.repeat(MAX_FILE_LENGTH + 1)).misread?.sentence).toContain('are not read');
  });

  it('of ten thousand files are looked at in time', () => {
    const routes = Array.from({ length: 10_000 }, (_, at) => [`app/a${at % 100}/b${at}/page.tsx`, ''] as const);
    const files = routes.map(([file]) => file);
    expect(routeFiles(files, USUAL_EXTENSIONS)).toHaveLength(10_000);
    const few = Object.fromEntries(routes.slice(0, 1_000));
    expect(testApp({ ...CONFIG, ...few }).found()).toEqual([]);
  });

  it('that lead to each other in a circle come to an end', () => {
    const ring = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [
        `lib/m${at}.ts`,
        `export * from './m${(at + 1) % 50}'; export const v${at} = 1;`,
      ]),
    );
    const page =
      "import { v1 } from '../lib/m0'; import { nowhere } from '../lib/m3'; export default () => [v1, nowhere];";
    expect(testApp({ ...CONFIG, ...ring, 'app/page.tsx': page }).found()).toEqual([]);
  });

  it('of a long chain of names cost no stack', () => {
    const chain = Array.from({ length: 8_000 }, (_, at) => `const a${at} = () => a${at + 1};`).join('\n');
    const page = `import { cookies } from 'next/headers';\n${chain}\nconst a8000 = () => cookies();\nexport default a0;`;
    expect(testApp({ ...CONFIG, 'app/page.tsx': page }).found()).toEqual(['cookies app/page.tsx:8002']);
  });
});
