import { describe, expect, it } from 'vitest';
import { testApp } from './testing/test-app';

const CONFIG = { 'next.config.mjs': "export default { output: 'export' };" };
const PAGE = 'export default () => null;';

type Case = [string, Record<string, string>, string[]];
const tell = (cases: Case[]) =>
  it.each(cases)('%s', (_what, files, expected) => expect(testApp({ ...CONFIG, ...files }).found()).toEqual(expected));
const config = (text: string, page = PAGE) => ({ 'next.config.mjs': text, 'app/page.tsx': page });
const IMAGE = "import I from 'next/image';\nexport default () => <I />;";

describe('a config that is changed by another name is not known', () => {
  tell([
    [
      'by a second name',
      config("const c = { output: 'export' };\nconst d = c;\nd.output = 'standalone';\nexport default c;"),
      ['~config_unknown next.config.mjs:3', '~output_unknown next.config.mjs:1'],
    ],
    [
      'by the name of a part',
      config(
        "const images = { unoptimized: true };\nconst c = { output: 'export', images };\nimages.unoptimized = false;\nexport default c;",
        IMAGE,
      ),
      [
        '~config_unknown next.config.mjs:3',
        '~image_loader_unknown app/page.tsx:2',
        '~output_unknown next.config.mjs:2',
      ],
    ],
    [
      'by what it was handed to',
      config("const c = { output: 'export' };\nconst d = change(c);\nexport default c;"),
      ['~config_unknown next.config.mjs:2', '~output_unknown next.config.mjs:1'],
    ],
    [
      'after it was handed on',
      config("const c = { output: 'export' };\nmodule.exports = c;\nObject.assign(module.exports, other);"),
      ['~config_unknown next.config.mjs:3', '~output_unknown next.config.mjs:1'],
    ],
    [
      'within a function',
      config(
        "const rules = [];\nconst add = (r) => rules.push(r);\nadd({});\nexport default { output: 'export', redirects: async () => rules };",
      ),
      ['redirects next.config.mjs:4'],
    ],
    [
      'a part is set before it is put in',
      config(
        "const images = {};\nimages.unoptimized = true;\nconst c = { output: 'export', images };\nexport default c;",
        IMAGE,
      ),
      [],
    ],
    [
      'a function of the bundler has a config of its own',
      config(
        "import mdx from '@next/mdx';\nconst withMdx = mdx();\nconst config = { output: 'export', webpack: (config) => { config.module.rules.push(1); return config; } };\nmodule.exports = withMdx(config);",
      ),
      [],
    ],
  ]);
});

describe('what is loaded and not used may be kept by the bundler', () => {
  const page = (text: string) => ({ 'app/page.jsx': `${text}\n${PAGE}` });
  const many = (count: number, made: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => made(at)).join('');
  const avatar = "import I from 'next/image';\nexport const Avatar = () => <I />;";
  const barrel = { 'ui/index.js': "export * from './avatar';\nexport { Button } from './button';" };
  const parts = { 'ui/avatar.jsx': avatar, 'ui/button.jsx': 'export const Button = () => null;' };
  const actions = { 'app/a.js': "'use server';\nexport async function send() {}" };
  const used = "import { Button } from '../ui';\nexport default () => <Button />;";
  tell([
    [
      'an image in the rest of a barrel',
      { 'app/page.jsx': used, ...barrel, ...parts },
      ['~loaded_unused ui/avatar.jsx:1'],
    ],
    [
      'but not where images need no server',
      {
        ...{ 'app/page.jsx': used, ...barrel, ...parts },
        'next.config.mjs': "export default { output: 'export', images: { unoptimized: true } };",
      },
      [],
    ],
    ['an import that nobody uses', page("import I from 'next/image';"), ['~loaded_unused app/page.jsx:1']],
    [
      'server actions that nobody uses',
      { ...page("import { send } from './a';"), ...actions },
      ['~loaded_unused app/a.js:1'],
    ],
    ['which TypeScript drops', { 'app/page.tsx': `import { send } from './a';\n${PAGE}`, ...actions }, []],
    [
      'and does not where it is told to keep imports as they are written, also by what it extends',
      {
        ...{ 'app/page.tsx': `import I from 'next/image';\n${PAGE}`, 'tsconfig.json': '{ "extends": "./base" }' },
        'base.json': '{ "compilerOptions": { "verbatimModuleSyntax": true } }',
      },
      ['~loaded_unused app/page.tsx:1'],
    ],
    [
      'or by an older name',
      {
        'app/page.tsx': `import { type A } from './a';\n${PAGE}`,
        ...{ ...actions, 'tsconfig.json': '{ "compilerOptions": { "importsNotUsedAsValues": "preserve" } }' },
      },
      ['~loaded_unused app/a.js:1'],
    ],
    ['what is required and not used', page("const x = require('next/image');"), ['~loaded_unused app/page.jsx:1']],
    [
      'and where there is more than is followed, that is said',
      {
        ...page(many(21, (at) => `import m${at} from './m${at}';`)),
        ...Object.fromEntries(
          Array.from({ length: 21 }, (_, at) => [
            `app/m${at}.js`,
            `${many(1_000, (to) => `import p${to} from 'p${to}';`)}${at === 20 ? "import last from './last';" : ''}`,
          ]),
        ),
        'app/last.js': "import x from 'next/image';",
      },
      ['~not_looked_at null'],
    ],
    ['and so are types', { 'app/page.tsx': `import { type ImageProps } from 'next/image';\n${PAGE}` }, []],
    [
      'in the part of a file that no route takes',
      {
        'app/page.jsx': "import { B } from './b';\nexport default B;",
        'app/b.jsx': `${avatar}\nexport const B = () => null;`,
      },
      ['~loaded_unused app/b.jsx:1'],
    ],
  ]);
});

describe('a list that is filled is not an empty one', () => {
  const lists = (text: string, before = '') => ({
    'app/[id]/page.tsx': `${before}export async function generateStaticParams() { ${text} }\n${PAGE}`,
  });
  tell([
    ['by a callback', lists('const l = []; (await all()).forEach((a) => l.push({ id: a })); return l;'), []],
    ['by a helper', lists("const l = []; await walk('content', (a) => { l.push({ id: a }); }); return l;"), []],
    ['while the module is loaded', lists('return l;', 'const l = [];\nfor (const a of all) l.push({ id: a });\n'), []],
    ['by nobody', lists('const l = []; return l;'), ['no_static_params app/[id]/page.tsx:1']],
  ]);
});

describe('what is made again needs a server', () => {
  const page = (text: string) => ({ 'app/page.tsx': text });
  const fetches = (options: string) => page(`export default async () => {\nawait fetch('/', ${options});\n};`);
  tell([
    [
      'cacheComponents',
      config("export default { output: 'export', cacheComponents: true };"),
      ['cache_components next.config.mjs:1'],
    ],
    [
      'by an earlier name',
      config("export default { output: 'export', experimental: { ppr: true } };"),
      ['cache_components next.config.mjs:1'],
    ],
    [
      'perhaps',
      config("export default { output: 'export', cacheComponents: process.env.C === '1' };"),
      ['~cache_components_unknown next.config.mjs:1'],
    ],
    ['not at all', config("export default { output: 'export', cacheComponents: false };"), []],
    ['use cache', page("export default async () => {\n'use cache';\n};"), ['use_cache app/page.tsx:2']],
    ['a whole file', page(`'use cache: remote';\n${PAGE}`), ['use_cache app/page.tsx:1']],
    ['for a time', fetches('{ next: { revalidate: 60 } }'), ['~made_once app/page.tsx:2']],
    ['on demand', fetches("{ next: { tags: ['a'] } }"), ['~made_once app/page.tsx:2']],
    ['never', fetches('{ next: { revalidate: false } }'), []],
    [
      'options that are changed',
      page("const o = {};\no.cache = 'no-store';\nexport default () => fetch('/', o);"),
      ['~uncached_fetch_unknown app/page.tsx:3'],
    ],
    [
      'after the response',
      page("import { after } from 'next/server';\nexport default () => after(log);"),
      ['after_response app/page.tsx:2'],
    ],
  ]);
});

describe('a page is judged however it is written', () => {
  const old = (text: string, file = 'pages/a.js') => ({ [file]: text });
  tell([
    [
      'in the browser, by what it is given',
      {
        'app/page.tsx':
          "'use client';\nimport { use } from 'react';\nexport default function Page({ searchParams }) { return use(searchParams).q; }",
      },
      ['search_params app/page.tsx:3'],
    ],
    [
      'under a name that is set later',
      { 'app/page.tsx': 'let P = () => null;\nP = ({ searchParams }) => searchParams;\nexport default P;' },
      ['~search_params_unknown app/page.tsx:3'],
    ],
    [
      'module.exports.x',
      old('module.exports = () => null;\nmodule.exports.getServerSideProps = () => ({});'),
      ['server_side_props pages/a.js:2'],
    ],
    ['exports.x', old('exports.getServerSideProps = load;'), ['server_side_props pages/a.js:1']],
    [
      'all at once',
      old('module.exports = {\ndefault: () => null,\ngetServerSideProps: async () => ({}) };'),
      ['server_side_props pages/a.js:3'],
    ],
    [
      'put together',
      old('Object.assign(exports, require("./b"));\n'),
      ['~exports_unknown pages/a.js:1', '~not_looked_at pages/a.js:1'],
    ],
    ['a handler', { 'app/x/route.js': 'module.exports.POST = () => 1;' }, ['handlers app/x/route.js:1']],
    [
      'a setting',
      { 'app/page.js': `exports.dynamic = 'force-dynamic';\nexports.default = () => null;` },
      ['force_dynamic app/page.js:1'],
    ],
    ['plain', old('exports.default = function Page() { return null; };'), []],
    [
      'getInitialProps',
      old('const A = ({ u }) => u;\nA.getInitialProps = ({ req }) => ({ u: req });\nexport default A;'),
      ['~initial_props pages/a.js:2'],
    ],
    [
      'getInitialProps of a class',
      old('export default class extends C {\nstatic async getInitialProps({ req }) { return req; } }'),
      ['~initial_props pages/a.js:2'],
    ],
    [
      'getInitialProps of the document',
      old('const A = () => null;\nA.getInitialProps = () => ({});\nexport default A;', 'pages/_document.js'),
      [],
    ],
    [
      'a handler that is force-static',
      {
        'app/x/route.ts':
          "import { cookies } from 'next/headers';\nexport const dynamic = 'force-static';\nexport const GET = async () => { await cookies(); };",
      },
      ['~cookies app/x/route.ts:3'],
    ],
  ]);
});
