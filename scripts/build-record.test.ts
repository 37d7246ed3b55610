import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBuildRecord } from '@/lib/rendering/model/build-record';
import { makeBuildRecord, writeBuildRecord } from './build-record.mjs';

// Manifests in the shape that Next 16.4 writes them; the bundle stage holds the script against two real builds.
const SHA = 'c'.repeat(40);
let root = '';

function plant(file: string, content: object | string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
}

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'build-record-'));
  plant('package.json', '{}');
  plant('.next/BUILD_ID', 'x');
  utimesSync(path.join(root, '.next/BUILD_ID'), new Date(0), new Date(Date.UTC(2026, 10, 27)));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const made = (env: Record<string, string> = {}) =>
  makeBuildRecord({ root, dist: '.next', env: { GITHUB_SHA: SHA, ...env } });
const kinds = () => Object.fromEntries(made().routes.map((route) => [route.path, route.kind]));

describe('what a build is', () => {
  test('a server, with everything that only a server can do', () => {
    plant('.next/required-server-files.json', {
      config: { output: 'standalone', basePath: '/app' },
      relativeAppDir: '',
    });
    plant('.next/routes-manifest.json', {
      redirects: [{ source: '/:path+/', internal: true }, { source: '/old' }],
      rewrites: { beforeFiles: [], afterFiles: [{ source: '/a' }], fallback: [] },
      headers: [{ source: '/' }],
    });
    plant('.next/app-path-routes-manifest.json', { '/isr/page': '/isr', '/api/x/route': '/api/x' });
    plant('.next/prerender-manifest.json', { routes: { '/isr': { initialRevalidateSeconds: 60 } } });
    plant('.next/server/server-reference-manifest.json', { node: { '7f': {} }, edge: {} });
    plant('.next/server/functions-config-manifest.json', { functions: { '/_middleware': {} } });
    plant('.next/export-marker.json', { isNextImageImported: true });
    const record = made({ AETHERSTACK_MARKER: ' dep_1 ' });
    expect(readBuildRecord(JSON.stringify(record))).toEqual(record);
    expect(record).toMatchObject({ mode: 'ssr', sha: SHA, basePath: '/app', marker: 'dep_1' });
    expect(record.builtAt).toBe('2026-11-27T00:00:00.000Z');
    expect(record.features).toEqual([
      'server-actions',
      'proxy',
      'rewrites',
      'redirects',
      'headers',
      'image-loader',
      'isr',
      'handlers',
    ]);
  });

  test('an export, of which nothing needs a server; what Next adds itself is nobody’s', () => {
    plant('.next/export-detail.json', { success: true, outDirectory: path.join(root, 'out') });
    plant('.next/routes-manifest.json', { redirects: [{ internal: true }], rewrites: [], headers: [] });
    plant('.next/app-path-routes-manifest.json', { '/page': '/', '/_not-found/page': '/_not-found' });
    plant('.next/prerender-manifest.json', { routes: { '/': {}, '/_not-found': {} } });
    expect(made()).toMatchObject({ mode: 'ssg', routes: [{ path: '/', kind: 'static' }], features: [], marker: null });
  });

  test('an older one, with a middleware and an image loader of its own', () => {
    plant('.next/server/middleware-manifest.json', { middleware: { '/': {} } });
    plant('.next/export-marker.json', { isNextImageImported: true });
    plant('.next/images-manifest.json', { images: { loader: 'custom' } });
    expect(made().features).toEqual(['proxy']);
  });
});

describe('routes', () => {
  test('are told apart by what the build made ready, in both routers', () => {
    plant('.next/app-path-routes-manifest.json', {
      '/(site)/page': '/',
      '/docs/[slug]/page': '/docs/[slug]',
      '/shop/[id]/page': '/shop/[id]',
      '/me/page': '/me',
      '/feed.xml/route': '/feed.xml',
    });
    plant('.next/server/pages-manifest.json', {
      '/_app': 'pages/_app.js',
      '/404': 'pages/404.html',
      '/about': 'pages/about.html',
      '/live': 'pages/live.js',
      '/api/hook': 'pages/api/hook.js',
      '/old/[id]': 'pages/old/[id].js',
    });
    plant('.next/prerender-manifest.json', {
      routes: {
        '/': { initialRevalidateSeconds: false },
        '/docs/a': { srcRoute: '/docs/[slug]', initialRevalidateSeconds: false },
        '/feed.xml': {},
      },
      dynamicRoutes: {
        '/docs/[slug]': { fallback: null, fallbackRevalidate: false },
        '/shop/[id]': { fallback: null, fallbackRevalidate: 60 },
        '/old/[id]': { fallback: null, dataRoute: '/_next/data/x/old/[id].json' },
      },
    });
    expect(kinds()).toEqual({
      '/': 'static',
      '/about': 'static',
      '/api/hook': 'handler',
      '/docs/[slug]': 'static',
      '/feed.xml': 'static',
      '/live': 'dynamic',
      '/me': 'dynamic',
      '/old/[id]': 'isr',
      '/shop/[id]': 'isr',
    });
  });

  test('of handlers name the methods that their source exports, however it does', () => {
    plant('.next/required-server-files.json', { config: { pageExtensions: ['server.ts', 'ts'] } });
    plant('.next/app-path-routes-manifest.json', { '/a/route': '/a', '/b/route': '/b', '/gone/route': '/gone' });
    plant('src/app/a/route.server.ts', 'export async function GET() {}\nexport const POST = x;\nexport type PUT = 1;');
    plant('app/b/route.ts', 'export { handler as GET, handler as DELETE };\nexport const { HEAD } = all;');
    expect(made().routes).toEqual([
      { path: '/a', kind: 'handler', methods: ['GET', 'POST'] },
      { path: '/b', kind: 'handler', methods: ['DELETE', 'GET', 'HEAD'] },
      { path: '/gone', kind: 'handler' },
    ]);
  });
});

test('values that go into the browser are told by name and keyed hash alone', () => {
  plant('.next/required-server-files.json', { config: { env: { NEXT_PUBLIC_B: 'from the config', HIDDEN: 'x' } } });
  const { baked } = made({ NEXT_PUBLIC_A: 'https://api.example', SECRET: 's', AETHERSTACK_BAKED_SALT: 'acme/web' });
  const hash = (value: string) => createHmac('sha256', 'acme/web').update(value).digest('hex');
  expect(baked).toEqual([
    { name: 'NEXT_PUBLIC_A', hash: hash('https://api.example') },
    { name: 'NEXT_PUBLIC_B', hash: hash('from the config') },
  ]);
});

describe('on Vercel', () => {
  const pulled = (target: string | undefined, env: Record<string, string> = {}) =>
    makeBuildRecord({ root, dist: '.next', env, ...(target ? { target } : {}) }).baked;
  const hash = (value: string) => createHmac('sha256', '').update(value).digest('hex');

  test('values that only “vercel build” reads are told too, of the target that was built', () => {
    plant(
      '.vercel/.env.production.local',
      'NEXT_PUBLIC_API="https://api.example"\nSECRET="s"\nNEXT_PUBLIC_LINES="a\\nb"\n',
    );
    plant('.vercel/.env.preview.local', 'NEXT_PUBLIC_API="https://staging.example"\n');
    expect(pulled('production')).toEqual([
      { name: 'NEXT_PUBLIC_API', hash: hash('https://api.example') },
      { name: 'NEXT_PUBLIC_LINES', hash: hash('a\nb') },
    ]);
    expect(pulled('preview')).toEqual([{ name: 'NEXT_PUBLIC_API', hash: hash('https://staging.example') }]);
    const [given] = pulled('production', { NEXT_PUBLIC_API: 'https://given.example' }) ?? [];
    expect(given?.hash, 'the environment goes before the file').toBe(hash('https://given.example'));
    expect(pulled(undefined)).toEqual([]);
  });

  test('what is each build’s own is left out: Vercel’s words about one build, and names that are given', () => {
    const env = { NEXT_PUBLIC_VERCEL_URL: 'a', NEXT_PUBLIC_VERCEL_GIT_COMMIT_SHA: 'b', NEXT_PUBLIC_VERCEL_ENV: 'c' };
    const names = (own = '') =>
      pulled('', { ...env, NEXT_PUBLIC_SHA: 'd', AETHERSTACK_BUILD_VALUES: own })?.map(({ name }) => name);
    expect(names()).toEqual(['NEXT_PUBLIC_SHA', 'NEXT_PUBLIC_VERCEL_ENV']);
    expect(names('NEXT_PUBLIC_SHA, NEXT_PUBLIC_X')).toEqual(['NEXT_PUBLIC_VERCEL_ENV']);
  });

  test('what was left out by name is said', () => {
    const told = made({ NEXT_PUBLIC_SHA: 'd', AETHERSTACK_BUILD_VALUES: 'NEXT_PUBLIC_SHA' });
    expect([told.leftOut, made({ NEXT_PUBLIC_SHA: 'd' }).leftOut]).toEqual([['NEXT_PUBLIC_SHA'], undefined]);
  });

  test('.env files that nobody can read are not taken for none', () => {
    expect(made().baked).toEqual([]);
    // No package `next` is here to read it.
    plant('.env.production', 'NEXT_PUBLIC_API_URL=https://api.example');
    expect(made().baked).toBeNull();
  });
});

test('a salt is told from another one, and never what it is', () => {
  const salt = (given: string) => made({ AETHERSTACK_BAKED_SALT: given }).salt;
  expect(salt('acme/web')).toBe(salt('acme/web'));
  expect(new Set([salt('acme/web'), salt('acme/site'), salt(''), made().salt]).size).toBe(3);
  expect(salt('acme/web')).not.toContain('acme');
});

test('the commit of a repository around it is not its own', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@a.dev', ...args], { cwd: root, stdio: 'pipe' });
  plant('other.txt', '');
  git('init', '-q');
  git('add', 'other.txt');
  git('commit', '-qm', 'other');
  expect(made().sha, 'what it was started for').toBe(SHA);
  git('add', 'package.json');
  git('commit', '-qm', 'own');
  expect(made().sha).toMatch(/^[0-9a-f]{40}$/);
  expect(made().sha).not.toBe(SHA);
});

describe('where it is written', () => {
  const write = () => writeBuildRecord({ root, dist: '.next', env: {} }).map((file) => path.relative(root, file));

  test('beside the files of an export', () => {
    plant('.next/export-detail.json', { success: true, outDirectory: path.join(root, 'site') });
    plant('site/index.html', '');
    expect(write()).toEqual(['site/.well-known/aetherstack.json']);
    expect(existsSync(path.join(root, 'public'))).toBe(false);
    expect(readBuildRecord(readFileSync(path.join(root, 'site/.well-known/aetherstack.json'), 'utf8'))?.mode).toBe(
      'ssg',
    );
  });

  test('among the public files of a server, of its standalone folder and of what a host has packed', () => {
    plant('.next/required-server-files.json', { config: { basePath: '/app' }, relativeAppDir: 'apps/web' });
    plant('.next/standalone/apps/web/server.js', '');
    plant('.vercel/output/static/x.txt', '');
    expect(write()).toEqual([
      'public/.well-known/aetherstack.json',
      '.next/standalone/apps/web/public/.well-known/aetherstack.json',
      '.vercel/output/static/app/.well-known/aetherstack.json',
    ]);
  });

  test('nowhere when there is no build, or its export is gone', () => {
    plant('.next/export-detail.json', { success: true, outDirectory: path.join(root, 'site') });
    expect(write).toThrow('is gone; build it again');
    rmSync(path.join(root, '.next'), { recursive: true });
    expect(write).toThrow('run “next build” first');
  });
});
