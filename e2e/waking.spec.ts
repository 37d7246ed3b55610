import type { Page } from '@playwright/test';
import { arrangeDeployment } from './arrange';
import { expectStatus, PREFETCH } from './console';
import { expect, test } from './fixtures';

// With everything that moves of its own accord.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

const LATE_MS = 1_500;
/** Share of the window × share of the way. A word may change its width. */
const LEAST = 0.005;
const LATE = /\/_next\/static\/(chunks\/[^?]+\.js|media\/[^?]+\.woff2)/;
const CHUNKS = /\/_next\/static\/chunks\/[^"'\\?]+\.js/g;

/** The letters come late, and what the page's own text does not name: the code of parts that the server has already drawn. */
async function delayLateParts(page: Page, path: string): Promise<() => number> {
  const named = new Set((await (await page.request.get(path)).text()).match(CHUNKS) ?? []);
  let late = 0;
  await page.route(LATE, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (named.has(pathname)) return route.continue();
    if (pathname.endsWith('.js')) late += 1;
    const answer = await route.fetch();
    await new Promise((done) => setTimeout(done, LATE_MS));
    await route.fulfill({ response: answer });
  });
  return () => late;
}

/** Every move of what stands on the page that nobody asked for, as the browser counts it. */
async function watchMoves(page: Page): Promise<void> {
  await page.addInitScript((seen) => {
    type Source = { node: Element | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly };
    type Shift = PerformanceEntry & { value: number; sources?: Source[] };
    const moves: string[] = [];
    Object.assign(window, { moves });
    const place = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(' ');
    const told = ({ node, previousRect, currentRect }: Source) =>
      `${place(previousRect)} → ${place(currentRect)}: ${node?.textContent?.slice(0, 60)}`;
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as Shift[])
        if (value >= seen) moves.push(`${value}\n${sources?.map(told).join('\n')}`);
    }).observe({ type: 'layout-shift', buffered: true });
  }, LEAST);
}

async function wakes(page: Page, path: string): Promise<void> {
  const late = await delayLateParts(page, path);
  const read = page.waitForResponse(/\/api\/v1\//);
  await page.goto(path);
  await expect(page.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
  await read;
  await expect(page.locator('fieldset[role="none"][disabled]')).toHaveCount(0);
  expect(late(), 'some code came late, or this shows nothing').toBeGreaterThan(0);
  expect(await page.evaluate(() => (window as unknown as { moves: string[] }).moves)).toEqual([]);
  // An answer that is still on its way when the page is left can be given to nobody.
  await page.unrouteAll({ behavior: 'wait' });
}

test('nothing moves under the pointer while a page wakes, with its parts’ code late and news already there', async ({
  page,
}) => {
  const id = await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Succeeded');
  await watchMoves(page);
  for (const path of ['/now', `/deployments/${id}`]) await wakes(page, path);
});

test('only what somebody is about to open is fetched ahead', async ({ page }) => {
  const ahead: string[] = [];
  page.on('request', (request) => {
    if (PREFETCH.some((name) => name in request.headers())) ahead.push(new URL(request.url()).pathname);
  });
  await page.goto('/members');
  await expect(page.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
  const asked = page.waitForRequest((request) => PREFETCH.some((name) => name in request.headers()));
  await page.getByRole('link', { name: 'Health', exact: true }).hover();
  await asked;
  expect(new Set(ahead)).toEqual(new Set(['/health']));
});
