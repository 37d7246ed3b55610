import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BuiltPages } from './built-pages';
import { hashSource } from './content-policy';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'built-pages-'));
  mkdirSync(path.join(folder, 'server', 'app'), { recursive: true });
  const routes = { staticRoutes: [{ regex: '^/now(?:/)?$' }], dynamicRoutes: [{ regex: '^/deploy/([^/]+?)(?:/)?$' }] };
  routes.dynamicRoutes.push({ regex: '^/docs/(.+?)(?:/)?$' });
  writeFileSync(path.join(folder, 'routes-manifest.json'), JSON.stringify(routes));
  const ready = {
    routes: { '/': {}, '/docs/api': {}, '/_not-found': {}, '/icon.svg': { routeType: 'route' } },
    dynamicRoutes: { '/docs/[...slug]': { routeRegex: '^/docs/(.+?)(?:/)?$', fallback: false } },
  };
  writeFileSync(path.join(folder, 'prerender-manifest.json'), JSON.stringify(ready));
  mkdirSync(path.join(folder, 'server', 'app', 'docs'));
  writeFileSync(path.join(folder, 'server', 'app', 'docs', 'api.html'), '<script>api()</script>');
  writeFileSync(path.join(folder, 'server', 'app', 'index.html'), '<script>start()</script>');
  writeFileSync(path.join(folder, 'server', 'app', '_not-found.html'), '<script>lost()</script>');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the policies of ready-made pages', () => {
  test('a page that is made for the request has none of these', () => {
    const pages = new BuiltPages(folder);
    for (const address of ['/now', '/now/', '/deploy/tgt_1']) expect(pages.policyFor(address)).toBeNull();
  });

  test('the landing page and the page for unknown addresses allow exactly their own scripts', () => {
    const pages = new BuiltPages(folder);
    expect(pages.policyFor('/')).toContain(hashSource('start()'));
    expect(pages.policyFor('/')).not.toContain(hashSource('lost()'));
    for (const address of ['/nothing', '/deploy', '/now/x', '/%00', '/_not-found'])
      expect(pages.policyFor(address)).toContain(hashSource('lost()'));
  });

  test('a document allows its own scripts, and one that was not written is unknown', () => {
    const pages = new BuiltPages(folder);
    for (const address of ['/docs/api', '/docs/api/']) expect(pages.policyFor(address)).toContain(hashSource('api()'));
    expect(pages.policyFor('/docs/nothing')).toContain(hashSource('lost()'));
    expect(pages.policyFor('/icon.svg')).toContain(hashSource('lost()'));
  });

  test('without the files of a build nothing inline runs on the landing page, and no page counts as unknown', () => {
    const pages = new BuiltPages(path.join(folder, 'gone'));
    expect(pages.policyFor('/')).not.toContain(hashSource('start()'));
    expect(pages.policyFor('/')).toContain("default-src 'none'");
    expect(pages.policyFor('/nothing')).toBeNull();
  });
});
