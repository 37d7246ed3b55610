import type { APIRequestContext, Page } from '@playwright/test';
import { arrangeDeployment } from './arrange';
import { cableTo } from './cable';
import { deploy, expectStatus } from './console';
import { cutDatabase, mendDatabase } from './database';
import { expect, sandbox, test } from './fixtures';

interface Frame {
  id: string;
  event: string;
  data: { toStatus?: string; deploymentId?: string };
}

/** Reads `count` frames of the feed (or as many as come until `enough`) with a plain HTTP client. */
async function readFeed(
  page: Page,
  headers: Record<string, string>,
  enough: (frames: Frame[]) => boolean,
): Promise<Frame[]> {
  const cookies = await page.context().cookies();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 20_000);
  const answer = await fetch(new URL('/api/events', page.url()), {
    headers: { ...headers, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    signal: stop.signal,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const frames: Frame[] = [];
  let rest = '';
  for await (const part of answer.body ?? []) {
    const pieces = (rest + Buffer.from(part).toString()).split('\n\n');
    rest = pieces.pop() ?? '';
    frames.push(...pieces.filter((piece) => /^data:/m.test(piece)).map(parseFrame));
    if (enough(frames)) break;
  }
  clearTimeout(timer);
  stop.abort();
  return frames;
}

function parseFrame(text: string): Frame {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(text)?.[1] ?? '';
  return { id: field('id'), event: field('event'), data: JSON.parse(field('data') || '{}') };
}

function idsOf(frames: Frame[]): string[] {
  return frames.filter(({ event }) => event !== 'hello').map(({ id }) => id);
}

async function isQuiet(request: APIRequestContext): Promise<boolean> {
  const { inFlight } = await (await request.get('/api/v1/now')).json();
  return inFlight.length === 0;
}

test('a second tab shows a deployment that the first one starts, without a reload', async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto('/now');
  await expect(other.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
  await sandbox.scenario({ name: 'happy', pace: 0.25 });
  const flights = other.getByRole('listitem').filter({ has: other.getByRole('progressbar') });
  // Looked for from the press on: it flies for ten seconds only, and drawing the first tab takes some of them.
  const seen = expect(flights.filter({ hasText: 'Docs → Staging' })).toBeVisible({ timeout: 50_000 });
  await Promise.all([deploy(page, 'docs/staging'), seen]);
  await expectStatus(page, 'Succeeded');
  await expect(flights).toHaveCount(0);
});

test('a tab whose network was gone while things changed is right again by itself', async ({
  page,
  context,
  baseURL,
}) => {
  const cable = await cableTo(baseURL ?? '');
  const away = await context.newPage();
  await away.goto(`${cable.url}/now`);
  await expect(away.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
  // All of its code is there: what the cut keeps from coming is news only.
  await expect(away.locator('fieldset[role="none"][disabled]')).toHaveCount(0);
  cable.cut();
  await expect(away.getByRole('button', { name: /Live updates: (Reconnecting|Polling)/ })).toBeVisible();

  await arrangeDeployment(page, 'dashboard/preview');
  await expectStatus(page, 'Succeeded');
  const number = /#(\d+)/.exec(await page.title())?.[1];
  const missed = away.getByRole('link', { name: new RegExp(`^Dashboard → Preview ?#${number}$`) });
  await expect(missed).toHaveCount(0);

  cable.mend();
  await expect(missed).toBeVisible({ timeout: 20_000 });
  await expect(away.getByRole('button', { name: 'Live updates: Live' })).toBeVisible({ timeout: 20_000 });
  await expect(away.getByRole('listitem').filter({ has: missed })).toContainText('Succeeded');
  cable.close();
});

test('a tab says that the database is away, keeps what it shows, and is right again by itself', async ({
  page,
  context,
}) => {
  const open = await context.newPage();
  await open.goto('/now');
  await expect(open.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
  // All of its code is there, and a page that is loaded anew forgets this.
  await expect(open.locator('fieldset[role="none"][disabled]')).toHaveCount(0);
  await open.evaluate(() => Object.assign(window, { isSameDocument: true }));
  const says = open.getByText(/^The database does not answer/);
  await cutDatabase();
  try {
    await expect(open.getByRole('button', { name: 'Live updates: Degraded' })).toBeVisible();
    await expect(says.first()).toBeVisible();
    await expect(open.getByRole('heading', { name: 'Now', level: 1 })).toBeVisible();
  } finally {
    await mendDatabase();
  }
  await expect(open.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();
  await expect(says).toHaveCount(0);

  await arrangeDeployment(page, 'dashboard/preview');
  await expectStatus(page, 'Succeeded');
  const number = /#(\d+)/.exec(await page.title())?.[1];
  await expect(open.getByRole('link', { name: new RegExp(`^Dashboard → Preview ?#${number}$`) })).toBeVisible();
  expect(await open.evaluate(() => 'isSameDocument' in window)).toBe(true);
});

test('the feed replays what came after Last-Event-ID, once each and in order, then goes on live', async ({ page }) => {
  await page.goto('/now');
  await expect.poll(() => isQuiet(page.request)).toBe(true);
  const [hello] = await readFeed(page, {}, (frames) => frames.length > 0);
  expect(hello).toMatchObject({ event: 'hello' });
  const id = await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Succeeded');

  const ended = (frames: Frame[]) => frames.some(({ data }) => data.toStatus === 'succeeded');
  const missed = await readFeed(page, { 'last-event-id': hello?.id ?? '' }, ended);
  const own = missed.filter(({ data }) => data.deploymentId === id);
  const statuses = own.map(({ data }) => data.toStatus).filter(Boolean);
  expect([...new Set(statuses)]).toEqual(expect.arrayContaining(['queued', 'submitting', 'building', 'succeeded']));
  const ids = idsOf(missed);
  expect(new Set(ids).size).toBe(ids.length);
  const middle = own[Math.floor(own.length / 2)]?.id ?? '';
  const tail = await readFeed(page, { 'last-event-id': middle }, ended);
  expect(idsOf(tail)).toEqual(ids.slice(ids.indexOf(middle) + 1));
});
