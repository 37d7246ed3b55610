import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium, expect, type FullConfig, request } from '@playwright/test';
import { ADMIN, SESSION_FILE } from './session';

/** True when an earlier run against the same console left a session that still opens it. */
async function isSignedIn(baseURL: string): Promise<boolean> {
  if (!existsSync(SESSION_FILE)) return false;
  const api = await request.newContext({ baseURL, storageState: SESSION_FILE });
  const answer = await api.get('/api/v1/now');
  await api.dispose();
  return answer.status() === 200;
}

/** The first administrator, made the way a person does it: the printed link, a password, and in. */
// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of this file.
export default async function globalSetup(config: FullConfig): Promise<void> {
  const { baseURL = '', launchOptions } = config.projects[0]?.use ?? {};
  mkdirSync(path.dirname(SESSION_FILE), { recursive: true });
  if (await isSignedIn(baseURL)) return;
  rmSync(SESSION_FILE, { force: true });
  const link = process.env['E2E_SETUP_URL'];
  if (!link) throw new Error('Set E2E_SETUP_URL to the one-time link that `npm start` printed.');
  const browser = await chromium.launch(launchOptions);
  const page = await browser.newPage({ baseURL });
  await page.goto(link);
  await page.getByLabel('Your name').fill(ADMIN.name);
  await page.getByLabel('Login').fill(ADMIN.login);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Create administrator and sign in' }).click();
  await page.waitForURL('**/now');
  await expect(page.getByRole('heading', { name: 'Now', level: 1 })).toBeVisible();
  await page.context().storageState({ path: SESSION_FILE });
  await browser.close();
}
