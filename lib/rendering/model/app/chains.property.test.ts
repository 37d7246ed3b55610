import fc from 'fast-check';
import { expect, it } from 'vitest';
import { testApp } from './testing/test-app';

/** What cannot be exported, as a module that exports `it`. */
const PLANTED: Readonly<Record<string, string>> = {
  action: "'use server';\nexport async function it() {}",
  inline: "export async function it() { 'use server'; }",
  cookies: "import { cookies } from 'next/headers';\nexport const it = () => cookies();",
  headers: "import { headers as h } from 'next/headers.js';\nexport function it() { return h(); }",
  waits: "import * as server from 'next/server';\nexport const it = () => server.connection();",
  image: "import Image from 'next/image';\nexport const it = () => <Image src='/a.png' alt='' />;",
  fetch: "const o = { next: { revalidate: 0 } };\nexport const it = () => fetch('/', o);",
  private: "export async function it() { 'use cache: private'; }",
  computed: "export const it = () => import('./' + name);",
};

/** How a module hands on what `from` exports as `it`. */
const LINKS: readonly ((from: string) => string)[] = [
  (from) => `export { it } from '${from}';`,
  (from) => `export * from '${from}';`,
  (from) => `export * as all from '${from}';\nimport { it as x } from '${from}';\nexport { x as it };`,
  (from) => `import { it as inner } from '${from}';\nexport const it = () => inner();`,
  (from) => `import * as all from '${from}';\nexport const it = all.it;`,
  (from) => `export const it = async () => (await import('${from}')).it();`,
  (from) => `export const it = async () => (await import(\`${from}\`)).it();`,
  (from) => `const all = require('${from}');\nexport const it = all.it;`,
  (from) => `import all = require('${from}');\nexport const it = all.it;`,
  (from) =>
    `import { it as inner } from '${from}';\nclass A { static run() { return inner(); } }\nexport const it = A.run;`,
  (from) =>
    `'use client';\nimport { it as inner } from '${from}';\nexport function it() { return <form action={inner} />; }`,
  (from) => `import { it as inner } from '${from}';\nexport const it = wrap({ inner });`,
  (from) =>
    `import '${from}';\nimport { it as inner } from '${from}';\nnamespace N { export const x = inner; }\nexport const it = N.x;`,
];

/** Code of the browser may fetch what it likes, and Next takes none there that reads a request. */
const ON_A_SERVER = ['cookies', 'headers', 'waits', 'fetch'];
const IN_A_BROWSER = LINKS.findIndex((made) => made('').startsWith("'use client'"));

/** How an import of `lib/mN` may be written. */
const WAYS: readonly ((name: string) => string)[] = [
  (name) => `./${name}`,
  (name) => `../lib/${name}`,
  (name) => `./${name}.js`,
  (name) => `@/lib/${name}`,
  (name) => `@/lib/deep/../${name}`,
  (name) => `~${name}`,
  (name) => `#lib/${name}`,
  (name) => `lib/${name}`,
  (name) => `@acme/own/${name}`,
  (name) => `bundled/${name}`,
];

/** Where the settings that these ways need stand: in the app's own files, or where nobody can look. */
const SETTINGS: readonly Record<string, string>[] = [
  { 'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./*"], "~*": ["lib/*"] } } }' },
  {
    'tsconfig.json': '{ "extends": ["./config/base"], }',
    'config/base.json': '{ "compilerOptions": { "baseUrl": "..", "paths": { "@/*": ["./*"], "~*": ["./lib/*"] } } }',
  },
  { 'tsconfig.json': '{ "extends": "../../tsconfig.base.json" }' },
  { 'tsconfig.json': '{ "compilerOptions": { "paths": { "@acme/*": ["../../packages/*"] } } }' },
  {},
];
const PACKAGES = [
  '{ "name": "@acme/web", "imports": { "#lib/*": "./lib/*.ts" }, "dependencies": { "next": "16" } }',
  '{ "dependencies": { "next": "16", "@acme/own": "workspace:*" } }',
];
const BUNDLERS = ['', ", turbopack: { resolveAlias: { 'bundled/*': './lib/*' } }", ', webpack: (c) => withAlias(c)'];

it('what cannot be exported is never passed over in silence, through whatever files and names a page leads to it', () => {
  const chain = fc.array(fc.tuple(fc.nat(LINKS.length - 1), fc.nat(WAYS.length - 1)), { minLength: 1, maxLength: 6 });
  const pick = <T>(from: readonly T[]) => fc.constantFrom(...from);
  const app = fc.record({
    ...{
      planted: pick(Object.keys(PLANTED)),
      chain,
      settings: pick(SETTINGS),
      own: pick(PACKAGES),
      bundler: pick(BUNDLERS),
    },
  });
  fc.assert(
    fc.property(app, ({ planted, chain: links, settings, own, bundler }) => {
      fc.pre(!ON_A_SERVER.includes(planted) || links.every(([link]) => link !== IN_A_BROWSER));
      const modules = links.map(([link, way], at): [string, string] => [
        `lib/m${at}.tsx`,
        LINKS[link]?.(WAYS[way]?.(`m${at + 1}`) ?? '') ?? '',
      ]);
      const { found } = testApp({
        'next.config.mjs': `export default { output: 'export'${bundler} };`,
        ...settings,
        'package.json': own,
        'app/page.tsx': "import { it } from '../lib/m0';\nexport default () => it();",
        ...Object.fromEntries(modules),
        [`lib/m${links.length}.tsx`]: PLANTED[planted] ?? '',
      });
      expect(found()).not.toEqual([]);
    }),
    { numRuns: 250, interruptAfterTimeLimit: 2_500 },
  );
});
