import path from 'node:path';
import { type Page, test as plain } from '@playwright/test';
import { BUILD_RECORD_PATH, readBuildRecord } from '../lib/rendering/model/build-record';
import { type FileServer, serveFiles } from './file-server';
import { axeProblems, expect, expectToFit, STRANGER, screenshot, test } from './fixtures';

const FOLDER = path.resolve(process.env['E2E_SITE_DIR'] ?? 'out');
const BASE = process.env['E2E_SITE_BASE'] ?? '';

const where = { component: 'Backend', environment: 'Production', label: '' };
const uptime = {
  ...{ from: '2026-08-30', share: 0.99981, measuredDays: 60 },
  days: Array.from({ length: 90 }, (_, day) => (day < 30 ? null : [day % 20 ? 1 : 0.98, day % 7 ? 1 : 0.3])),
};
const statusAt = (at: Date, version: string) => ({
  schema: 1,
  at: at.toISOString(),
  places: [{ ...where, version, sha: 'abcdef0', since: at.toISOString(), state: 'live', uptime }],
  releases: [{ ...where, version, sha: 'abcdef0', at: at.toISOString(), restored: false }],
  incidents: [
    {
      ...{ id: 'inc_1', title: 'Slow answers', impact: 'none', state: 'monitoring', resolvedAt: null, places: [where] },
      ...{ startedAt: at.toISOString(), release: { ...where, version, sha: 'abcdef0', at: at.toISOString() } },
      updates: [{ id: 'upd_1', state: 'monitoring', text: 'It is mended.', at: at.toISOString() }],
    },
  ],
  maintenances: [
    {
      ...{ id: 'mnt_1', title: 'A new disk', text: 'Short breaks.', state: 'scheduled', places: [where] },
      ...{ from: '2099-01-01T10:00:00.000Z', to: '2099-01-01T12:00:00.000Z' },
    },
  ],
  links: {
    ...{
      page: 'https://own.test/status',
      rss: 'https://own.test/status.rss',
      feed: 'https://own.test/status.feed.json',
    },
    ...{ subscribe: 'https://own.test/subscribe', unsubscribe: 'https://own.test/unsubscribe' },
  },
});

/** Everything that the browser complains about: errors, refused loads, broken policies. */
function complaints(page: Page): string[] {
  const said: string[] = [];
  page.on('pageerror', (error) => said.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(message.text());
  });
  return said;
}

const THEMES = ['light', 'dark'] as const;

async function lookAt(page: Page, name: string, themes: readonly (typeof THEMES)[number][]): Promise<void> {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    expect(await axeProblems(page, colorScheme === themes[0] ? 'all' : 'colours'), `${name} ${colorScheme}`).toEqual(
      [],
    );
    await screenshot(page, name, 1440, colorScheme);
  }
  await page.setViewportSize({ width: 360, height: 780 });
  await expectToFit(page, `${name} on a phone`);
  await screenshot(page, name, 360, 'dark');
  await page.setViewportSize({ width: 1440, height: 900 });
}

plain.describe('the export, below a base path, from a plain file server', () => {
  let site: FileServer;
  plain.beforeAll(async () => {
    site = await serveFiles(FOLDER, BASE);
  });
  plain.afterAll(() => site.close());

  plain('status: what the file says, what it says later, and that it cannot be reached', async ({ page }) => {
    const said = complaints(page);
    site.say(statusAt(new Date(), 'v1.2.0'));
    await page.goto(`${site.url}/status/`);
    const row = page.getByRole('row', { name: /Backend/ });
    await expect(row).toContainText('v1.2.0');
    await expect(row).toContainText('Live');
    await expect(page.locator('#inc_1')).toContainText('mended');
    await expect(page.locator('#mnt_1')).toContainText('2099-01-01 10:00 UTC');
    await expect(page.getByRole('img', { name: /99\.98 % up, measured on 60 of 90 days/ })).toBeVisible();
    await lookAt(page, 'site-status', THEMES);
    expect(said).toEqual([]);
    site.say(statusAt(new Date(Date.now() - 3 * 3_600_000), 'v1.3.0'));
    await page.reload();
    await expect(row).toContainText('v1.3.0');
    await expect(page.getByRole('status')).toContainText('This is old');
    await page.getByRole('link', { name: 'Releases' }).click();
    await expect(page.getByRole('heading', { name: 'Releases', level: 1 })).toBeVisible();
    await expect(page.getByRole('row', { name: /Backend/ })).toContainText('v1.3.0');
    site.say(null);
    await page.goto(`${site.url}/status/`);
    await expect(page.getByText('The status cannot be reached')).toBeVisible();
  });

  plain('docs: from one page to another, with pictures; and a page for what is not there', async ({ page }) => {
    const said = complaints(page);
    await page.goto(`${site.url}/`);
    await page.getByRole('link', { name: 'Docs' }).click();
    await page.getByRole('main').getByRole('link', { name: 'Architecture' }).first().click();
    await expect(page.getByRole('heading', { name: 'Architecture', level: 1 })).toBeVisible();
    const picture = page.getByRole('img', { name: /Where a click goes/ });
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await lookAt(page, 'site-docs', ['dark']);
    expect(said).toEqual([]);
    expect((await page.goto(`${site.url}/now`))?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'Nothing lives at this address' })).toBeVisible();
    const record = await (await page.request.get(`${site.url}${BUILD_RECORD_PATH}`)).text();
    expect(readBuildRecord(record)).toMatchObject({ mode: 'ssg', basePath: BASE, features: [] });
  });
});

test.describe('the same pages in the full build', () => {
  test('nothing is public until somebody says so; then it is drawn for strangers, and served as data', async ({
    page,
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({ storageState: STRANGER, baseURL: baseURL ?? '' });
    const stranger = await context.newPage();
    const said = complaints(stranger);
    await stranger.goto('/status');
    await expect(stranger.getByText('Nothing is public yet')).toBeVisible();
    await page.goto('/estate');
    await page.getByRole('link', { name: 'Backend to Production', exact: true }).click();
    const shown = page.getByRole('switch', { name: 'Show what is live here to everybody' });
    await shown.check();
    await expect(page.getByText('is on the public status page')).toBeVisible();
    await screenshot(page, 'target-public', 1440, 'light');
    const read = async () => (await (await stranger.request.get('/status.json')).json()) as { places: object[] };
    await expect
      .poll(async () => (await read()).places, { timeout: 15_000 })
      .toMatchObject([{ component: 'Backend', environment: 'Production' }]);
    await stranger.goto('/status');
    await expect(stranger.getByRole('row', { name: /Backend/ })).toContainText('Live');
    expect(await axeProblems(stranger)).toEqual([]);
    await stranger.getByRole('link', { name: 'Docs' }).click();
    await stranger.getByRole('main').getByRole('link', { name: 'Gates' }).first().click();
    await expect(stranger.getByRole('heading', { level: 1, name: 'Gates' })).toBeVisible();
    await stranger.goto('/docs/api');
    await expect(stranger.getByRole('heading', { level: 1 })).toBeVisible();
    expect(said.filter((text) => !text.includes('Report Only'))).toEqual([]);
    const record = await (await stranger.request.get(BUILD_RECORD_PATH)).text();
    expect(readBuildRecord(record)).toMatchObject({
      mode: 'ssr',
      features: expect.arrayContaining(['server-actions', 'proxy', 'handlers']),
      routes: expect.arrayContaining([
        { path: '/now', kind: 'dynamic' },
        { path: '/docs/[...slug]', kind: 'static' },
        { path: '/status.json', kind: 'handler', methods: ['GET'] },
      ]),
    });
    await context.close();
    await page.getByRole('switch', { name: 'Show what is live here to everybody' }).uncheck();
    await expect(page.getByText('is not public any more')).toBeVisible();
  });
});
