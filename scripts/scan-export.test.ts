import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scanExport } from './scan-export.mjs';
import { sealPage } from './static-site/seal-pages';

const PAGE = (body = '') =>
  sealPage(
    `<!DOCTYPE html><html><head><meta charSet="utf-8"/><script>a()</script></head><body>${body}</body></html>`,
    [],
  );
const RECORD = {
  schema: 1,
  mode: 'ssg',
  basePath: '/stack',
  routes: [{ path: '/', kind: 'static' }],
  features: [],
};
let folder = '';

function plant(file: string, content: string): void {
  mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'scan-export-'));
  const pages = ['index.html', '404.html', 'status/index.html', 'status/releases/index.html', 'docs/index.html'];
  for (const page of pages) plant(page, PAGE('<a href="/stack/status/">Status</a><a href="https://a.dev">out</a>'));
  plant('.nojekyll', '');
  plant('_next/static/a.js', 'send("next-action")');
  plant('.well-known/aetherstack.json', JSON.stringify(RECORD));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const problems = (basePath = '/stack') => scanExport(folder, basePath).flatMap((check) => check.problems);

test('an export in order has nothing to be said about', () => {
  expect(problems()).toEqual([]);
  expect(scanExport(folder, '/stack')).toHaveLength(6);
  plant(
    'x/index.html',
    PAGE('<h2 id="a">A</h2><a href="#a">a</a><a href="/stack/x/?q=1#a">a</a><a href="mailto:a@a.dev">m</a>'),
  );
  expect(problems()).toEqual([]);
});

describe('what is wrong with an export is found', () => {
  test.each([
    ['a page that is missing', () => rmSync(path.join(folder, '404.html')), '404.html is missing'],
    ['its sources', () => plant('_next/a.js.map', '{}'), '_next/a.js.map shows the sources'],
    ['the database layer', () => plant('_next/b.js', 'x("drizzle:entityKind")'), 'b.js holds the database layer'],
    [
      'a server module',
      () => plant('_next/b.js', 'Error("cannot be imported from a Client Component module")'),
      'server-only',
    ],
    ['a token in a document', () => plant('docs/x.txt', `gh${'p_'}${'a'.repeat(36)}`), 'a token of GitHub'],
    ['an action in a script', () => plant('_next/b.js', '$ACTION_ID_7f'), 'b.js holds a server action'],
    ['a link to no place', () => plant('x/index.html', PAGE('<a href="/stack/docs/#gone">')), '/stack/docs/#gone'],
    ['a link to no place here', () => plant('x/index.html', PAGE('<a href="#gone">')), '/stack/x/#gone'],
    ['a link from here to nowhere', () => plant('x/index.html', PAGE('<a href="../gone/">')), '/stack/gone/'],
    ['an action', () => plant('x.txt', '$ACTION_ID_7f'), 'x.txt holds a server action'],
    ['a page without a policy', () => plant('x/index.html', '<html></html>'), 'x/index.html has no content policy'],
    [
      'a script that came after the policy',
      () => plant('x/index.html', PAGE().replace('</body>', '<script>b()</script></body>')),
      'has a script that its policy forbids',
    ],
    ['a link to nowhere', () => plant('x/index.html', PAGE('<a href="/stack/gone/">')), 'leads to /stack/gone/'],
    ['a link beside the base path', () => plant('x/index.html', PAGE('<img src="/status/">')), 'leads to /status/'],
  ])('%s', (_what, harm, sentence) => {
    harm();
    expect(problems()).toEqual([expect.stringContaining(sentence)]);
  });

  test.each([
    ['a server', { mode: 'ssr' }, 'it is called ssr'],
    ['a feature', { features: ['proxy'] }, 'it needs proxy'],
    ['a route that is made for each request', { routes: [{ path: '/now', kind: 'dynamic' }] }, '/now is dynamic'],
    ['no route', { routes: [] }, 'it knows no route'],
    ['another place', { basePath: '' }, 'its base path is “”, not “/stack”'],
  ])('a record of %s', (_what, change, sentence) => {
    plant('.well-known/aetherstack.json', JSON.stringify({ ...RECORD, ...change }));
    expect(problems()).toEqual([sentence]);
  });

  test('and no export at all is no clean one', () => {
    rmSync(folder, { recursive: true });
    expect(problems()).toEqual([expect.stringContaining('run “npm run build:static” first')]);
  });
});

test('a page without a place for its policy does not go out without one', () => {
  expect(() => sealPage('<html><head><title>x</title></head></html>', [])).toThrow('does not begin its head');
});
