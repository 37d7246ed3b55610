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
    });
    plant('.next/prerender-manifest.json', {
      routes: {
        '/': { initialRevalidateSeconds: false },
        '/docs/a': { srcRoute: '/docs/[slug]', initialRevalidateSeconds: false },
        '/feed.xml': {},
      },
      dynamicRoutes: { '/docs/[slug]': { fallback: false }, '/shop/[id]': { fallback: null } },
    });
    expect(kinds()).toEqual({
      '/': 'static',
      '/about': 'static',
      '/api/hook': 'handler',
      '/docs/[slug]': 'static',
      '/feed.xml': 'static',
      '/live': 'dynamic',
      '/me': 'dynamic',
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
