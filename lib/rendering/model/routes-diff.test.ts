import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testApp } from './app/testing/test-app';
import { diffRoutes, routesOfApp, routesOfRecord } from './routes-diff';

const CONFIG = `const ssg = process.env.AETHERSTACK_RENDERING === 'ssg';
export default { output: ssg ? 'export' : undefined, pageExtensions: ssg ? ['tsx', 'ts'] : ['server.tsx', 'server.ts', 'tsx', 'ts'] };`;
const FILES = {
  'next.config.mjs': CONFIG,
  'app/page.tsx': 'export default () => null;',
  'app/(group)/docs/[...path]/page.tsx': 'export const generateStaticParams = () => []; export default () => null;',
  'app/console/page.server.tsx': "export const dynamic = 'force-dynamic'; export default () => null;",
  'app/api/status/route.server.ts': 'export const GET = () => new Response();',
  'app/status.json/route.ts': "export const dynamic = 'force-static'; export const GET = () => new Response();",
  'app/icon.svg': '',
  'app/layout.tsx': 'export default ({ children }) => children;',
};
const routesIn = (mode: 'ssr' | 'ssg', files: Record<string, string> = FILES) =>
  routesOfApp(testApp(files, { AETHERSTACK_RENDERING: mode }).app, mode);
const routes = (mode: 'ssr' | 'ssg') => routesIn(mode) ?? expect.fail('not known');

describe('the routes of two modes', () => {
  it('are those of the files that each build routes to', () => {
    expect([...routes('ssr')]).toEqual([
      ['/', 'static'],
      ['/api/status', 'handler'],
      ['/console', 'dynamic'],
      ['/docs/[...path]', 'static'],
      ['/status.json', 'static'],
    ]);
    expect([...routes('ssg').keys()]).toEqual(['/', '/docs/[...path]', '/status.json']);
  });

  it('differ by what is gained, lost and made otherwise', () => {
    const lost = ['/api/status', '/console'];
    expect(diffRoutes(routes('ssr'), routes('ssg'))).toEqual({ gained: [], lost, changed: [] });
    expect(diffRoutes(routes('ssg'), routes('ssr'))).toEqual({ gained: lost, lost: [], changed: [] });
  });

  it('of now come from the record where there is one, without what Next adds by itself', () => {
    const record = {
      ...{
        schema: 1 as const,
        mode: 'ssr' as const,
        sha: null,
        builtAt: '2026-11-27T04:00:00Z',
        basePath: '',
        marker: null,
      },
      ...{ features: [], baked: [] },
      routes: [
        { path: '/', kind: 'dynamic' as const },
        { path: '/_not-found', kind: 'static' as const },
        { path: '/icon.svg', kind: 'static' as const },
        { path: '/opengraph-image-1a2b', kind: 'static' as const },
        { path: '/old', kind: 'isr' as const },
      ],
    };
    expect(diffRoutes(routesOfRecord(record), routes('ssg'))).toEqual({
      gained: ['/docs/[...path]', '/status.json'],
      lost: ['/old'],
      changed: [{ path: '/', from: 'dynamic', to: 'static' }],
    });
  });

  it('are not known where the endings of route files are not', () => {
    const config = 'export default { pageExtensions: [...process.env.MORE.split(","), "tsx"] };';
    const unknown = routesIn('ssg', { ...FILES, 'next.config.mjs': config });
    expect([unknown, diffRoutes(routes('ssr'), unknown), diffRoutes(unknown, routes('ssg'))]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('of this project itself: as files it has no console, and its status page is made once', () => {
    const root = path.resolve(import.meta.dirname, '../../..');
    const names = readdirSync(path.join(root, 'app'), { recursive: true, encoding: 'utf8' });
    const config = readFileSync(path.join(root, 'next.config.mjs'), 'utf8');
    const files = Object.fromEntries(names.map((name) => [`app/${name.replaceAll(path.sep, '/')}`, '']));
    const own = (mode: 'ssr' | 'ssg') => routesIn(mode, { ...files, 'next.config.mjs': config });
    const { gained, lost } = diffRoutes(own('ssr'), own('ssg')) ?? expect.fail('not known');
    expect(lost).toEqual(expect.arrayContaining(['/rendering', '/deployments', '/api/health']));
    expect([...lost, ...gained]).not.toContain('/status');
    expect(diffRoutes(own('ssg'), own('ssr'))?.gained).toEqual(lost);
  });
});
