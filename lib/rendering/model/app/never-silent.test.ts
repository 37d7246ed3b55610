import { describe, expect, it } from 'vitest';
import { testApp } from './testing/test-app';

const CONFIG = { 'next.config.mjs': "export default { output: 'export' };" };
const PAGE = 'export default function Page() { return <p>Hello</p>; }';
const ACTION = "'use server';\nexport async function send(form) {}";
const USES = (from: string) => `import { send } from '${from}';\nexport default () => <form action={send} />;`;
const STATIC = "export const dynamic = 'force-static';";

type Case = [string, Record<string, string>, string[]];
const found = (files: Record<string, string>) => testApp({ ...CONFIG, ...files }).found();
const tell = (cases: Case[]) =>
  it.each(cases)('%s', (_what, files, expected) => expect(found(files)).toEqual(expected));

describe('an action is found wherever an import may lead', () => {
  const behind = (files: Record<string, string>, from = '@/lib/actions') => ({ 'app/page.tsx': USES(from), ...files });
  const paths = (to: string, more = '') => `{ "compilerOptions": { ${more} "paths": { "@/*": ["${to}/*"] } } }`;
  tell([
    [
      'a tsconfig that is extended',
      behind({
        'tsconfig.json': '{ "extends": "./tsconfig.base" }',
        'tsconfig.base.json': paths('./src'),
        'src/lib/actions.ts': ACTION,
      }),
      ['server_actions src/lib/actions.ts:1'],
    ],
    [
      'several, in a folder of their own; the last one counts',
      behind({
        'tsconfig.json': '{ "extends": ["./config/a.json", "./config/b.json"] }',
        ...{ 'config/a.json': paths('../wrong'), 'config/b.json': paths('./src', '"baseUrl": "..",') },
        'src/lib/actions.ts': ACTION,
      }),
      ['server_actions src/lib/actions.ts:1'],
    ],
    [
      'a tsconfig of a package',
      behind({ 'tsconfig.json': '{\n "extends": ["@acme/tsconfig/next.json"] }', 'lib/actions.ts': ACTION }),
      ['~alias_unknown tsconfig.json:2', '~not_looked_at app/page.tsx:2'],
    ],
    [
      'the longest of several that fit',
      behind({
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./a/*"], "@/lib/*": ["./b/*"] } } }',
        ...{ 'a/lib/actions.ts': 'export const send = 1;', 'b/actions.ts': ACTION },
      }),
      ['server_actions b/actions.ts:1'],
    ],
    [
      'imports of package.json',
      behind(
        {
          'package.json': '{ "imports": { "#lib/*": { "types": "./lib/*.d.ts", "default": "./lib/*.ts" } } }',
          'lib/actions.ts': ACTION,
        },
        '#lib/actions',
      ),
      ['server_actions lib/actions.ts:1'],
    ],
    ['imports of nobody', behind({ 'lib/actions.ts': ACTION }, '#lib/actions'), ['~not_looked_at app/page.tsx:2']],
    [
      'an alias of the bundler',
      behind(
        {
          'next.config.mjs':
            "export default { output: 'export', turbopack: { resolveAlias: { actions: './lib/actions.ts' } } };",
          'lib/actions.ts': ACTION,
        },
        'actions',
      ),
      ['server_actions lib/actions.ts:1'],
    ],
    [
      'an alias that a function of the bundler sets',
      behind({
        'next.config.mjs':
          "export default { output: 'export',\n webpack: (c) => { c.resolve.alias.x = 1; return c; } };",
        'app/page.tsx': PAGE,
      }),
      ['~alias_unknown next.config.mjs:2'],
    ],
    [
      'a path that leads out of the folder',
      behind(
        { 'tsconfig.json': '{ "compilerOptions": { "paths": { "@acme/*": ["../../packages/*/src"] } } }' },
        '@acme/ui',
      ),
      ['~not_looked_at app/page.tsx:2'],
    ],
    [
      'packages of the same repository',
      {
        'package.json':
          '{ "name": "@acme/web", "dependencies": { "@acme/ui": "^1.0.0", "own": "workspace:*", "react": "19.0.0", "left-pad": "^1" } }',
        'next.config.mjs': "export default { output: 'export', transpilePackages: ['left-pad'] };",
        'app/page.tsx':
          "import a from '@acme/ui';\nimport b from 'own/b';\nimport c from 'left-pad';\nimport d from 'nobody';\nimport e from 'react';\nimport f from 'node:fs';\nexport default () => [a,\nb,\nc,\nd, e, f];",
      },
      [
        '~not_looked_at app/page.tsx:10',
        '~not_looked_at app/page.tsx:7',
        '~not_looked_at app/page.tsx:8',
        '~not_looked_at app/page.tsx:9',
      ],
    ],
  ]);
});

describe('a module is followed however it is loaded', () => {
  const all = ['server_actions app/actions.ts:1'];
  const loads = (text: string): Record<string, string> => ({
    'app/page.tsx': `export default async () => {\n${text}\n};`,
    'app/actions.ts': ACTION,
  });
  tell([
    ['a text in other quotes', loads('await import(`./actions`);'), all],
    [
      'a text that is put together',
      { ...loads(''), 'app/page.tsx': "const at = './';\nexport default () => import(at + 'actions');" },
      all,
    ],
    [
      'require in TypeScript',
      { 'app/page.tsx': "import a = require('./actions');\nexport default () => a;", 'app/actions.ts': ACTION },
      all,
    ],
    [
      'a name that is known when it runs',
      loads("await import('../content/' + name);"),
      ['~not_looked_at app/page.tsx:2'],
    ],
    ['a whole folder', loads("require.context('./content');"), ['~not_looked_at app/page.tsx:2']],
    [
      'a part of Next itself',
      {
        'app/page.tsx': "import { cookies } from 'next/dist/server/request/cookies';\nexport default () => cookies();",
      },
      ['~not_looked_at app/page.tsx:2'],
    ],
    [
      'a namespace',
      {
        'app/page.tsx':
          "import { cookies } from 'next/headers';\nnamespace A {\n export const x = cookies();\n}\nexport default () => A.x;",
      },
      ['cookies app/page.tsx:3'],
    ],
  ]);
});

describe('what a page is given is followed', () => {
  const READS = 'export default function Page({ searchParams }) { return searchParams; }';
  const page = (text: string, more: Record<string, string> = {}) => ({ 'app/page.tsx': text, ...more });
  const at = (line: number) => [`~search_params_unknown app/page.tsx:${line}`];
  tell([
    [
      'handed on from another file',
      page("export { default } from './impl';", { 'app/impl.tsx': READS }),
      ['search_params app/impl.tsx:1'],
    ],
    [
      'imported and exported',
      page("import Page from './impl';\nexport default Page;", { 'app/impl.tsx': READS }),
      ['search_params app/impl.tsx:1'],
    ],
    [
      'wrapped',
      page('export default wrap(Page);\nfunction Page({ searchParams }) {}'),
      ['search_params app/page.tsx:2'],
    ],
    ['wrapped, and it cannot be seen', page('export default wrap(({ a }) => a);'), at(1)],
    ['spread into a part of it', page('export default (props) => (\n<Inner {...props} />);'), at(2)],
    ['handed on as a whole', page('export default async (props) => {\nawait load(props);\n};'), at(2)],
    ['the rest of it', page('export default ({ params, ...rest }) => null;'), at(1)],
    ['nothing but its params', page('export default async (props) => (await props.params).slug;'), []],
  ]);
});

describe('who lists the pages of a segment', () => {
  const lists = (text: string) =>
    `export const generateStaticParams = ${text};\nexport default ({ children }) => children;`;
  const deep = 'app/[lang]/p/[slug]/page.tsx';
  tell([
    [
      'a layout lists its own segment alone',
      { 'app/[lang]/layout.tsx': lists('async () => all'), [deep]: PAGE },
      [`no_static_params ${deep}:1`],
    ],
    ['each lists its own', { 'app/[lang]/layout.tsx': lists('async () => all'), [deep]: lists('() => some()') }, []],
    ['the page lists both', { [deep]: lists("() => [{ lang: 'en', slug: 'a' }]") }, []],
    ['the page lists one of two', { [deep]: lists("() => [{ slug: 'a' }]") }, [`no_static_params ${deep}:1`]],
    ['nothing is listed', { 'app/[id]/page.tsx': lists('() => []') }, ['no_static_params app/[id]/page.tsx:1']],
    [
      'perhaps nothing',
      { 'app/[id]/page.tsx': lists('() => { if (process.env.CI) return []; return all(); }') },
      ['~no_static_params_perhaps app/[id]/page.tsx:1'],
    ],
    [
      'a layout lists nothing for a handler',
      { 'app/[id]/layout.tsx': lists('() => all'), 'app/[id]/route.ts': `${STATIC} export const GET = () => 1;` },
      ['no_static_params app/[id]/route.ts:1'],
    ],
  ]);
});

describe('what a handler exports is followed', () => {
  tell([
    [
      'all of another file',
      {
        'app/a/route.ts': "export * from './impl';",
        'app/a/impl.ts': "export const dynamic = 'force-dynamic';\nexport const POST = () => 1;",
      },
      ['force_dynamic app/a/impl.ts:1', 'handlers app/a/impl.ts:2'],
    ],
    [
      'all of a package',
      { 'app/a/route.ts': `${STATIC}\nexport * from 'somewhere';` },
      ['~exports_unknown app/a/route.ts:1'],
    ],
    [
      'from another file',
      {
        'app/a/route.ts': `${STATIC}\nexport { GET } from './impl';`,
        'app/a/impl.ts': 'export const GET = (r) => r.url;',
      },
      ['handler_reads_request app/a/impl.ts:1'],
    ],
    [
      'wrapped',
      { 'app/a/route.ts': `${STATIC}\nexport const GET = wrap(async (r) => r.nextUrl.search);` },
      ['~handler_reads_request_unknown app/a/route.ts:2'],
    ],
    [
      'by arguments',
      { 'app/a/route.ts': `${STATIC}\nexport function GET() { return arguments[0].url; }` },
      ['handler_reads_request app/a/route.ts:2'],
    ],
  ]);
});
