import { expect, type Page } from '@playwright/test';
import { readJson, targetOf } from './console';
import { STRANGER, test } from './fixtures';
import { invite, join, PASSWORD } from './people';
import { watchPolicy } from './policy-watch';
import { ADMIN } from './session';

const mark = Date.now().toString(36);

async function typeIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

function inviteViewer(page: Page, login: string): Promise<string> {
  return invite(page, { login, name: `Vera ${login}` });
}

test.describe('a stranger', () => {
  test.use({ storageState: STRANGER });

  test('a wrong password is one sentence, the same for a login that nobody has', async ({ page }) => {
    await page.goto('/sign-in');
    const sentence = 'Login or password is wrong. Check both; an administrator can send you a new link.';
    for (const login of [ADMIN.login, `nobody-${mark}`]) {
      await typeIn(page, login, 'not the password at all');
      await expect(page.getByRole('alert').filter({ hasText: sentence })).toBeVisible();
      await expect(page.getByLabel('Login')).toHaveValue(login);
    }
  });

  test('signing in leads back to the page that was asked for, and out again', async ({ page }) => {
    await page.goto('/deployments?status=succeeded');
    await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
    await typeIn(page, ADMIN.login, ADMIN.password);
    await page.waitForURL(/\/deployments\?status=succeeded$/);
    await page.getByRole('button', { name: /^Your account: Ada Admin/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    await page.goto('/now');
    await expect(page).toHaveURL(/\/sign-in/);
  });

  test('an address of another site is not followed after signing in', async ({ page }) => {
    await page.goto('/sign-in?callbackUrl=https%3A%2F%2Fevil.example%2Fnow');
    await typeIn(page, ADMIN.login, ADMIN.password);
    await page.waitForURL(/\/now$/);
    expect(new URL(page.url()).hostname).toBe(new URL(test.info().project.use.baseURL ?? '').hostname);
  });
});

test('a viewer joins by a link that works once, sees everything, deploys nothing and is told why', async ({
  page,
  browser,
}) => {
  const login = `vera-${mark}`;
  const link = await inviteViewer(page, login);
  const theirs = await browser.newContext({ storageState: STRANGER });
  await watchPolicy(theirs);
  const viewer = await theirs.newPage();
  await join(viewer, link);
  const why = /You may not deploy in Staging\. An administrator can give you the operator role there\./;
  await viewer.goto(`/deploy/${await targetOf(page, 'docs/staging')}`);
  await expect(viewer.getByRole('status').filter({ hasText: why })).toBeVisible();
  await expect(viewer.getByRole('button', { name: /^Deploy / })).toHaveAttribute('aria-disabled', 'true');
  await viewer.goto('/members');
  await expect(viewer.getByRole('main')).toContainText(/administrator/i);
  expect((await viewer.request.get('/api/v1/members')).status()).toBe(403);
  // An open page of the console would leave by itself when its session is gone, in the middle of the next visit.
  await viewer.goto('about:blank');
  await theirs.clearCookies();
  await viewer.goto(link);
  await viewer.getByLabel('New password').fill(PASSWORD);
  await viewer.getByRole('button', { name: 'Set the password and sign in' }).click();
  await expect(viewer.getByRole('alert').filter({ hasText: /link/i })).toBeVisible();
  await theirs.close();
});

test('a session that is ended from elsewhere is over at once, and its open page leaves when its stream ends', async ({
  page,
  browser,
}) => {
  const login = `rudi-${mark}`;
  const link = await inviteViewer(page, login);
  const theirs = await browser.newContext({ storageState: STRANGER });
  await watchPolicy(theirs);
  const open = await theirs.newPage();
  await join(open, link);
  await expect(open.getByRole('button', { name: 'Live updates: Live' })).toBeVisible();

  // The open page notices by itself: its stream is closed and what it asks next is refused. How long the next page then
  // takes to be drawn is another matter.
  const leaves = open
    .waitForRequest((request) => request.isNavigationRequest() && request.url().includes('/sign-in'), { timeout: 0 })
    .then(Date.now, () => Number.POSITIVE_INFINITY);
  await page.goto('/members');
  await page.getByRole('button', { name: `Actions for Vera ${login}` }).click();
  await page.getByRole('menuitem', { name: 'End all sessions…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End sessions' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  const ended = Date.now();
  expect((await open.request.get('/api/v1/now')).status(), 'the very next request').toBe(401);
  expect((await leaves) - ended).toBeLessThan(7_000);
  await open.waitForURL(/\/sign-in/);
  await theirs.close();
});

test.describe('somebody who guesses', () => {
  test.use({ storageState: STRANGER });

  test('after ten wrong passwords in a minute is told to wait', async ({ page }) => {
    const login = `guessed-${mark}`;
    await page.goto('/sign-in');
    const told = page.getByRole('alert').filter({ hasText: /Too many requests\. Try again in \d+ s\./ });
    await expect(async () => {
      const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
      await typeIn(page, login, 'guess after guess after guess');
      await answered;
      await expect(told).toBeVisible({ timeout: 250 });
    }).toPass({ timeout: 40_000, intervals: [0] });
  });

  test('and whoever knows the password is let in once the wait is over', async ({ page }) => {
    const refused = page.getByRole('alert').filter({ hasText: 'Too many requests' });
    await expect(async () => {
      await page.goto('/sign-in');
      await typeIn(page, ADMIN.login, ADMIN.password);
      await Promise.race([page.waitForURL('**/now'), refused.waitFor()]);
      expect(new URL(page.url()).pathname).toBe('/now');
    }).toPass({ timeout: 50_000, intervals: [2_000] });
    expect((await readJson<{ recent: unknown[] }>(page, '/api/v1/now')).recent.length).toBeGreaterThan(0);
  });
});
