import { describe, expect, it } from 'vitest';
import { testApp } from './testing/test-app';

const CONFIG = { 'next.config.mjs': "export default { output: 'export' };" };
const PAGE = 'export default function Page() { return <p>Hello</p>; }';

type Case = [string, Record<string, string>, string[]];
const found = (files: Record<string, string>) => testApp({ ...CONFIG, ...files }).found();
const tell = (cases: Case[]) =>
  it.each(cases)('%s', (_what, files, expected) => expect(found(files)).toEqual(expected));

describe('settings that are no plain value are said not to be known', () => {
  const page = (text: string) => ({ 'app/page.tsx': `${text}\n${PAGE}`, 'app/m.ts': 'export const x = 1;' });
  tell([
    ['worked out', page('export const revalidate = 60 * 60;'), ['isr app/page.tsx:1']],
    ['a let', page("export let dynamic = 'force-dynamic';"), ['~force_dynamic_unknown app/page.tsx:1']],
    [
      'imported',
      page("import { x } from './m';\nexport const dynamic = x;"),
      ['~force_dynamic_unknown app/page.tsx:2'],
    ],
    ['handed on', page("export { x as dynamic } from './m';"), ['~force_dynamic_unknown app/m.ts:1']],
    ['fetches', page("export const fetchCache = 'force-no-store';"), ['~uncached_fetch app/page.tsx:1']],
    ['the edge', page("export const runtime = 'edge';"), ['~edge_runtime app/page.tsx:1']],
    [
      'a cache of one visitor',
      page("async function x() {\n'use cache: private';\n}\nexport const generateMetadata = () => x();"),
      ['private_cache app/page.tsx:2'],
    ],
    [
      'what stands for all that is not found',
      {
        ...page(''),
        'app/global-not-found.tsx': "import { headers } from 'next/headers';\nexport default () => headers();",
      },
      ['request_headers app/global-not-found.tsx:2'],
    ],
  ]);
});

describe('what is used is found under any name', () => {
  const page = (text: string) => ({ 'app/page.tsx': text });
  tell([
    [
      'all of next/image',
      page("import * as I from 'next/image';\nexport default () => <I.default />;"),
      ['image_loader app/page.tsx:2'],
    ],
    [
      'loaded',
      page("export default () => null;\nexport const I = dynamic(() => import('next/image'));"),
      ['image_loader app/page.tsx:1'],
    ],
    [
      'its props',
      page("import { getImageProps as p } from 'next/image';\nexport default () => p();"),
      ['image_loader app/page.tsx:2'],
    ],
    [
      'all of next/server',
      page("import * as s from 'next/server';\nexport default () => s.connection();"),
      ['~waits_for_request_unknown app/page.tsx:2'],
    ],
    [
      'options of a fetch in a name',
      page("const now = { cache: 'no-store' };\nexport default () => fetch('/', now);"),
      ['uncached_fetch app/page.tsx:2'],
    ],
    [
      'options that are handed in',
      page("export default () => load({});\nconst load = (o) => fetch('/', o);"),
      ['~uncached_fetch_unknown app/page.tsx:2'],
    ],
    [
      'options that only share a name',
      page("const o = {};\nexport default () => load(1);\nconst load = (o) => fetch('/', o);"),
      ['~uncached_fetch_unknown app/page.tsx:3'],
    ],
    [
      'a request that is made first',
      page("export default () => fetch(new Request('/', { cache: 'no-store' }));"),
      ['uncached_fetch app/page.tsx:1'],
    ],
    [
      'a parameter of the same name',
      page("import { cookies } from 'next/headers';\nexport default () => ['a'].map((cookies) => cookies.length);"),
      [],
    ],
  ]);
});

describe('the Pages Router', () => {
  const page = (text: string, file = 'pages/[id].tsx') => ({ [file]: `${text}\nexport default () => null;` });
  const PATHS = 'export const getStaticPaths = () => ({ paths: [], fallback: false });\n';
  tell([
    [
      'after an early answer',
      page(
        'export const getStaticProps = () => { if (x) return { notFound: true };\nreturn { props: {}, revalidate: 60 }; };',
        'pages/a.tsx',
      ),
      ['isr pages/a.tsx:1'],
    ],
    [
      'whatever is tried',
      page(
        'export const getStaticProps = async () => { try { return { props: {}, revalidate: 1 }; } catch { return { notFound: true }; } };',
        'pages/a.tsx',
      ),
      ['isr pages/a.tsx:1'],
    ],
    [
      'by a name',
      page('const F = true;\nexport const getStaticPaths = () => ({ paths: [], fallback: F });'),
      ['dynamic_params pages/[id].tsx:2'],
    ],
    ['not known', page(`${PATHS}export const getStaticProps = make();`), ['~isr_unknown pages/[id].tsx:2']],
    [
      'nobody lists',
      page('export const getStaticProps = () => ({ props: {} });'),
      ['no_static_params pages/[id].tsx:1'],
    ],
    ['all is well', page(`${PATHS}export const getStaticProps = () => ({ props: {} });`), []],
  ]);
});
