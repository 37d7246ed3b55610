import { describe, expect, it } from 'vitest';
import { testApp } from './testing/test-app';

/** Code, place and severity of what is found in an app of these files, built for files. */
const found = (files: Record<string, string>) => testApp(files).found();
const CONFIG = "export default { output: process.env.AETHERSTACK_RENDERING === 'ssg' ? 'export' : 'standalone' };";
const PAGE = 'export default function Page() { return <p>Hello</p>; }';
const inApp = (files: Record<string, string>) => found({ 'next.config.mjs': CONFIG, ...files });

describe('an app that can be exported', () => {
  it('has nothing in the way', () => {
    expect(
      inApp({
        'app/layout.tsx':
          'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
        'app/page.tsx': PAGE,
        'app/docs/[slug]/page.tsx': `export const generateStaticParams = () => [{ slug: 'a' }];\n${PAGE}`,
        'app/data.json/route.ts':
          "export const dynamic = 'force-static'; export const GET = async () => Response.json({});",
        'app/robots.ts': "export const dynamic = 'force-static'; export default () => ({ rules: [] });",
        'app/icon.png': '',
      }),
    ).toEqual([]);
  });

  it('may hold what no route of it leads to', () => {
    expect(
      inApp({
        'app/page.tsx': "import { a } from '../lib/both'; export default () => <p>{a}</p>;",
        'lib/both.ts': "import { cookies } from 'next/headers'; export const a = 1; export const b = () => cookies();",
        'lib/actions.ts': "'use server'; export async function send() {}",
        'scripts/cookies.ts': "import { cookies } from 'next/headers'; cookies();",
        'app/_parts/page.tsx': "export const dynamic = 'force-dynamic';",
      }),
    ).toEqual([]);
  });
});

const ACTION = "'use server';\nexport async function send(form) {}";

describe('what cannot be exported is found with its file and line', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'an action in a file of its own',
      {
        'app/page.tsx': "import { send } from './actions';\nexport default () => <form action={send} />;",
        'app/actions.ts': ACTION,
      },
      ['server_actions app/actions.ts:1'],
    ],
    [
      'an action within a page',
      {
        'app/page.tsx':
          'export default function Page() {\n  async function send() {\n    "use server";\n  }\n  return <form action={send} />;\n}',
      },
      ['server_actions app/page.tsx:3'],
    ],
    [
      'an action behind a client component, an alias and a file that hands it on',
      {
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"], }, } } // with comments',
        'app/page.tsx': "import { Form } from '@/form'; export default () => <Form />;",
        'src/form.tsx':
          "'use client'; import { send } from './all'; export function Form() { return <form action={send} />; }",
        'src/all.ts': "export * from './actions';",
        'src/actions.ts': ACTION,
      },
      ['server_actions src/actions.ts:1'],
    ],
    [
      'an action that is loaded later',
      {
        'app/page.tsx': "export default async () => { await import('./actions'); return null; };",
        'app/actions.ts': ACTION,
      },
      ['server_actions app/actions.ts:1'],
    ],
    ['a proxy', { 'app/page.tsx': PAGE, 'proxy.ts': 'export function proxy() {}' }, ['proxy proxy.ts:1']],
    ['a middleware under src', { 'src/app/page.tsx': PAGE, 'src/middleware.js': '' }, ['proxy src/middleware.js:1']],
    [
      'cookies, headers and what waits for a request',
      {
        'app/page.tsx':
          "import { cookies, headers } from 'next/headers';\nimport { connection } from 'next/server';\nexport default async function Page() {\n  await cookies();\n  await headers();\n  await connection();\n}",
      },
      ['cookies app/page.tsx:4', 'request_headers app/page.tsx:5', 'waits_for_request app/page.tsx:6'],
    ],
    [
      'cookies in a layout, by a whole namespace',
      { 'app/layout.tsx': "import * as next from 'next/headers';\nexport default async () => next.cookies();" },
      ['cookies app/layout.tsx:2'],
    ],
    [
      'search parameters on the server, however they are taken',
      {
        'app/a/page.tsx': 'export default async function Page({ searchParams }) { await searchParams; }',
        'app/b/page.tsx': 'export default async function Page(props) {\n  return props.searchParams;\n}',
        'app/c/page.tsx': 'export default PAGE;\nfunction PAGE(props) {\n  const { searchParams } = props;\n}',
        'app/d/page.tsx':
          'export const generateMetadata = async ({ searchParams }) => ({});\nexport default () => null;',
      },
      [
        'search_params app/a/page.tsx:1',
        'search_params app/b/page.tsx:2',
        'search_params app/c/page.tsx:3',
        'search_params app/d/page.tsx:1',
      ],
    ],
    [
      'what is made for each request or anew',
      {
        'app/a/page.tsx': `export const dynamic = 'force-dynamic';\n${PAGE}`,
        'app/b/page.tsx': `export const revalidate = 60;\n${PAGE}`,
        'app/c/page.tsx':
          "export default async () => {\n  await fetch('https://api.example', { cache: 'no-store' });\n};",
        'app/d/page.tsx': `const dynamic = 'force-dynamic';\nexport { dynamic };\n${PAGE}`,
      },
      [
        'force_dynamic app/a/page.tsx:1',
        'force_dynamic app/d/page.tsx:2',
        'isr app/b/page.tsx:1',
        'uncached_fetch app/c/page.tsx:2',
      ],
    ],
    [
      'pages that nobody listed',
      {
        'app/[slug]/page.tsx': PAGE,
        'app/a/[id]/page.tsx': `export const dynamicParams = true;\nexport const generateStaticParams = () => [];\n${PAGE}`,
      },
      [
        'dynamic_params app/a/[id]/page.tsx:1',
        'no_static_params app/[slug]/page.tsx:1',
        'no_static_params app/a/[id]/page.tsx:2',
      ],
    ],
    [
      'a route in the place of another',
      { 'app/page.tsx': PAGE, 'app/@modal/(.)photo/page.tsx': PAGE },
      ['intercepting_routes app/@modal/(.)photo/page.tsx:1'],
    ],
    [
      'handlers',
      {
        'app/a/route.ts': 'export async function GET() {}',
        'app/b/route.ts': "export const dynamic = 'force-static';\nexport const { GET, POST } = handlers;",
        'app/c/route.ts':
          "export const dynamic = 'force-static';\nexport async function GET(request) {\n  return request.url;\n}",
        'app/sitemap.ts': 'export default () => [];',
      },
      [
        'handler_reads_request app/c/route.ts:3',
        'handlers app/a/route.ts:1',
        'handlers app/b/route.ts:2',
        'handlers app/sitemap.ts:1',
        '~handler_reads_request_unknown app/b/route.ts:2',
      ],
    ],
    [
      'images that a server would resize',
      { 'app/page.tsx': "import Image from 'next/image';\nexport default () => <Image src='/a.png' alt='' />;" },
      ['image_loader app/page.tsx:2'],
    ],
    [
      'the Pages Router',
      {
        'pages/index.tsx': `export async function getServerSideProps() { return { props: {} }; }\n${PAGE}`,
        'pages/api/hello.ts': 'export default (request, answer) => answer.end();',
        'pages/[id].tsx':
          "export const getStaticPaths = () => ({ paths: [], fallback: 'blocking' });\nexport const getStaticProps = () => ({ props: {}, revalidate: 10 });\nexport default () => null;",
      },
      [
        'dynamic_params pages/[id].tsx:1',
        'handlers pages/api/hello.ts:1',
        'isr pages/[id].tsx:2',
        'server_side_props pages/index.tsx:1',
      ],
    ],
  ])('%s', (_what, files, expected) => expect(inApp(files)).toEqual(expected));
});

describe('what is empty instead of a failure, or not known, is a warning', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'cookies under force-static',
      {
        'app/layout.tsx': "export const dynamic = 'force-static'; export default () => null;",
        'app/page.tsx': "import { cookies } from 'next/headers';\nexport default async () => cookies();",
      },
      ['~cookies app/page.tsx:2'],
    ],
    [
      'what keeps for a time',
      {
        'app/page.tsx':
          "import { cacheLife } from 'next/cache';\nexport default async function P() { 'use cache'; cacheLife('hours'); }",
      },
      ['use_cache app/page.tsx:2', '~made_once app/page.tsx:2'],
    ],
    [
      'a file of the app that is not there',
      { 'app/page.tsx': "import { x } from '../gone'; export default () => x;" },
      ['~not_looked_at app/page.tsx:1'],
    ],
    [
      'a file that is not understood',
      { 'app/page.tsx': 'export default () => {\n  return <p>;\n};' },
      ['~not_understood app/page.tsx:2'],
    ],
    [
      'a page that is no program',
      {
        'next.config.mjs': "export default { output: 'export', pageExtensions: ['mdx', 'tsx'] };",
        'app/page.mdx': '# Hello',
      },
      ['~not_understood app/page.mdx'],
    ],
  ])('%s', (_what, files, expected) => expect(inApp(files)).toEqual(expected));
});
