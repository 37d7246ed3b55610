import { expect, it } from 'vitest';
import { exportability } from './exportability';
import { moduleFacts } from './facts';
import { testApp } from './testing/test-app';

const CONFIG = { 'next.config.mjs': "export default { output: 'export' };" };
const many = <T>(count: number, made: (at: number) => T) => Array.from({ length: count }, (_, at) => made(at));
/** Milliseconds that one piece of work took. Quiet machines need a tenth of what is allowed here. */
function took(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

it('routes that all lead to thousands of actions cost what the sources cost, not their product', () => {
  const actions = many(6_000, (at) => `export async function a${at}() { 'use server'; }`).join('\n');
  const pages = many(200, (at) => [
    `app/p${at}/page.tsx`,
    "import * as all from '../../lib/actions'; export default () => all;",
  ]);
  const { app } = testApp({ ...CONFIG, ...Object.fromEntries(pages), 'lib/actions.ts': actions });
  let judged: ReturnType<typeof exportability> | undefined;
  expect(took(() => (judged = exportability(app, '')))).toBeLessThan(2_000);
  expect(judged?.blockers.length).toBe(101);
  expect(judged?.blockers.at(-1)).toMatchObject({ code: 'and_more', sentence: expect.stringContaining('at least') });
});

it('thousands of imports and aliases are looked up once each', () => {
  const paths = many(3_000, (at) => `"@a${at}/*": ["./nowhere${at}/*"]`).join(',');
  const imports = many(20_000, (at) => `import x${at} from '@z${at}/y';`).join('\n');
  const uses = `export default () => [${many(20_000, (at) => `x${at}`).join()}];`;
  const files = {
    ...CONFIG,
    'tsconfig.json': `{ "compilerOptions": { "paths": { ${paths} } } }`,
    'app/page.tsx': "import x from '../lib/chain0'; export default () => x;",
    ...Object.fromEntries(
      many(20, (at) => [
        `lib/chain${at}.ts`,
        `import x from './${at === 19 ? 'wide' : `chain${at + 1}`}'; export default x;`,
      ]),
    ),
    'lib/wide.ts': `${imports}\n${uses}`,
  };
  let found: string[] = [];
  expect(took(() => (found = testApp(files).found()))).toBeLessThan(8_000);
  expect(found).toContain('~alias_unknown tsconfig.json:1');
});

it('a config of thousands of assignments, spreads and conditions comes to an end, and is not trusted', () => {
  const lines = many(20_000, (at) => `if (process.env.A${at}) c.f${at} = { ...c };`);
  const text = `const c = { output: 'export' };\n${lines.join('\n')}\nexport default c;`;
  let found: string[] = [];
  expect(took(() => (found = testApp({ 'next.config.mjs': text, 'app/page.tsx': '' }).found()))).toBeLessThan(5_000);
  expect(found.some((each) => /config_unknown|output/.test(each))).toBe(true);
  const nested = `${'if (process.env.A) {'.repeat(400)}c.headers = 1;${'}'.repeat(400)}`;
  expect(
    testApp({ 'next.config.mjs': `const c = {};\n${nested}\nexport default c;`, 'app/page.tsx': '' }).found(),
  ).not.toEqual([]);
});

it('what is kept of a module is names and places, no syntax tree', () => {
  const text = many(9_000, (at) => `export const f${at} = () => { a(b, c, d); e(f, g, h); };`).join('\n');
  const facts = moduleFacts('a.ts', text);
  // Measured: 43 MB of heap for each such file while trees were kept; as text it is a fair measure of what is held now.
  const held = JSON.stringify(facts, (_key, value) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  );
  expect(held.length / text.length).toBeLessThan(12);
  expect(held).not.toContain('ArrowFunctionExpression');
});
