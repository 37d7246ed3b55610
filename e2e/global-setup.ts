import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, expect, type FullConfig, request } from '@playwright/test';
import { CONSOLES } from './consoles';
import { ADMIN } from './session';
import { makeToken } from './tokens';

type Console = (typeof CONSOLES)[number];

/** True when an earlier run against the same console left a session that still opens it. */
async function isSignedIn({ url, session }: Console): Promise<boolean> {
  if (!existsSync(session)) return false;
  const api = await request.newContext({ baseURL: url, storageState: session });
  const answer = await api.get('/api/v1/now');
  await api.dispose();
  return answer.status() === 200;
}

/** The first administrator, made the way a person does it: the printed link, a password, and in. */
async function signIn(browser: Browser, { url, signInUrl, session }: Console): Promise<void> {
  if (!signInUrl) throw new Error('Set E2E_SETUP_URL to the one-time link that `npm start` printed.');
  rmSync(session, { force: true });
  const page = await browser.newPage({ baseURL: url });
  await page.goto(signInUrl);
  await page.getByLabel('Your name').fill(ADMIN.name);
  await page.getByLabel('Login').fill(ADMIN.login);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Create administrator and sign in' }).click();
  await page.waitForURL('**/now');
  await expect(page.getByRole('heading', { name: 'Now', level: 1 })).toBeVisible();
  await page.context().storageState({ path: session });
  await page.close();
}

/** True when an earlier run against the same console left a token that still opens it. */
async function hasToken({ url, token }: Console): Promise<boolean> {
  if (!existsSync(token)) return false;
  const headers = { authorization: `Bearer ${readFileSync(token, 'utf8')}` };
  return (await fetch(new URL('/api/v1/now', url), { headers })).ok;
}

async function keepToken(browser: Browser, { url, session, token }: Console): Promise<void> {
  const page = await browser.newPage({ baseURL: url, storageState: session });
  const made = await makeToken(page, `Arranges tests ${Date.now().toString(36)}`);
  writeFileSync(token, made, { mode: 0o600 });
  await page.close();
}

// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of this file.
export default async function globalSetup(config: FullConfig): Promise<void> {
  const browser = await chromium.launch(config.projects[0]?.use.launchOptions);
  for (const each of CONSOLES) {
    mkdirSync(path.dirname(each.session), { recursive: true });
    if (!(await isSignedIn(each))) await signIn(browser, each);
    if (!(await hasToken(each))) await keepToken(browser, each);
  }
  await browser.close();
}
