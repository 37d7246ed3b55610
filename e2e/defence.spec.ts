import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { auditSince, lastAudit } from './console';
import { consolePages } from './console-pages';
import { inDatabase } from './database';
import { expect, STRANGER, test } from './fixtures';
import { takeViolations } from './policy-watch';
import { ADMIN } from './session';

/** Every session's proof of identity is a day old, as after a day of work. */
async function makeProofOld(): Promise<void> {
  await inDatabase(`update sessions set authenticated_at = now() - interval '1 day'`);
}

/** Other specs open most of them, and what they ask for is watched there (fixtures.ts): as it stands in their text. */
function openedElsewhere(): (address: string) => boolean {
  const specs = readdirSync('e2e').filter((name) => name.endsWith('.ts') && name !== 'defence.spec.ts');
  const texts = specs.map((name) => readFileSync(path.join('e2e', name), 'utf8')).join();
  return (address) => {
    const written = address.replace(/\/(?:tgt|dep|con)_\w+/g, '/\\$\\{[^}]+\\}');
    return new RegExp(`(?:goto|open|openAlive)\\((?:page, )?['"\`]${written}['"\`]`).test(texts);
  };
}

test.describe('the content policy', () => {
  test('every page of the console comes with it, and those that no other spec opens get by with it', async ({
    page,
  }) => {
    test.setTimeout(240_000);
    const pages = await consolePages(page);
    expect(pages.length).toBeGreaterThanOrEqual(14);
    const isOpened = openedElsewhere();
    for (const address of pages) {
      const answer = isOpened(address) ? await page.request.get(address) : await page.goto(address);
      expect(answer?.status(), address).toBe(200);
      expect(answer?.headers()['content-security-policy'], address).toContain("default-src 'none'");
      expect(answer?.headers()['cache-control'], address).toContain('no-store');
      if (!isOpened(address)) await expect(page.getByRole('heading', { level: 1 }).first(), address).toBeVisible();
    }
  });

  test('the menu of a phone and the toasts get by with it too', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 780 });
    await page.goto('/members');
    await page.getByRole('button', { name: /^More( \(|$)/ }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    // Loaded after the page is idle; its style is the one exception that the policy knows by hash.
    await expect(page.locator('section[aria-label^="Notifications"]')).toHaveCount(1);
  });

  test.describe('for strangers', () => {
    test.use({ storageState: STRANGER });

    test('pages get by with it: the static one, sign-in and what is not there', async ({ page }) => {
      for (const address of [
        '/',
        '/sign-in',
        '/setup',
        '/join',
        '/nothing/here',
        '/status',
        '/docs/api',
        '/docs/nothing',
      ]) {
        const answer = await page.goto(address);
        const policy = answer?.headers()['content-security-policy'] ?? '';
        expect(policy, address).toContain("default-src 'none'");
        expect(policy.replace("'unsafe-hashes'", ''), address).not.toContain('unsafe');
        await expect(page.locator('html'), address).toHaveAttribute('data-theme', /light|dark/);
      }
      await page.goto('/');
      await page.getByRole('link', { name: 'Sign in' }).click();
      await expect(page.getByLabel('Login')).toBeVisible();
    });
  });

  test('an injected script, handler, frame, form or base does nothing', async ({ page }) => {
    const refused: string[] = [];
    await page.goto('/now');
    await page.evaluate(() => {
      const holder = document.createElement('div');
      holder.innerHTML =
        '<img src="data:image/png;base64,AA" onerror="window.injected = 1"><base href="https://evil.example/">';
      const script = document.createElement('script');
      script.textContent = 'window.injected = 2';
      const parsed = new DOMParser().parseFromString('<script src="/robots.txt"></script>', 'text/html');
      document.body.append(holder, parsed.body.firstChild ?? parsed.head.firstChild ?? holder);
      const frame = document.createElement('iframe');
      frame.src = 'https://evil.example/';
      document.body.append(frame);
      const link = document.createElement('a');
      link.href = 'javascript:window.injected=3';
      document.body.append(link);
      link.click();
      // A parser-made script has no nonce: this is what a stored injection would be.
      document.body.insertAdjacentHTML('beforeend', '<svg onload="window.injected = 4"></svg>');
    });
    await expect.poll(() => refused.push(...takeViolations())).toBeGreaterThanOrEqual(4);
    expect(await page.evaluate(() => (window as unknown as { injected?: number }).injected)).toBeUndefined();
    expect(await page.evaluate(() => document.baseURI)).not.toContain('evil.example');
    await page.goto('about:blank');
    takeViolations();
  });

  test('a script that stands in the page without its nonce does not run', async ({ page }) => {
    await page.route('**/targets', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace('</body>', '<script>window.injected = 1</script></body>');
      await route.fulfill({ response: answer, body });
    });
    await page.goto('/targets');
    await expect.poll(() => takeViolations().join()).toContain('script-src-elem inline');
    expect(await page.evaluate(() => (window as unknown as { injected?: number }).injected)).toBeUndefined();
  });

  test('each answer has a nonce of its own', async ({ request }) => {
    const nonces = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const answer = await request.get('/sign-in');
      const nonce = /'nonce-([\w+/=]+)'/.exec(answer.headers()['content-security-policy'] ?? '')?.[1] ?? '';
      expect(nonce.length).toBeGreaterThanOrEqual(22);
      expect(await answer.text()).toContain(`nonce="${nonce}"`);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
  });
});

test('a risky change asks for the password when the last proof is old, and goes through after it', async ({ page }) => {
  const before = await lastAudit(page);
  await page.goto('/members');
  await makeProofOld();
  await page.getByRole('button', { name: /Invite/ }).click();
  const dialog = page.getByRole('dialog').first();
  await dialog.getByLabel('Login').fill(`proof-${Date.now().toString(36)}`);
  await dialog.getByLabel('Name').fill('Prudence Proof');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const asked = page.getByRole('dialog', { name: 'Is it you?' });
  await asked.getByLabel('Your password').fill('not the password at all');
  await asked.getByRole('button', { name: 'Go on' }).click();
  await expect(asked.getByText('This is not your password. Try again.')).toBeVisible();
  await asked.getByLabel('Your password').fill(ADMIN.password);
  await asked.getByRole('button', { name: 'Go on' }).click();
  await expect(asked).toBeHidden();
  await expect(page.getByText(/shown only now/)).toBeVisible();
  const lines = (await auditSince(page, before)).map(({ action, code, outcome }) => `${action} ${code ?? outcome}`);
  expect(lines.sort()).toEqual([
    'member.invite done',
    'member.invite step_up_required',
    'session.prove done',
    'session.prove password_wrong',
  ]);
});

test('signing out tells the browser to drop what it kept of this site', async ({ playwright }) => {
  const { baseURL = '' } = test.info().project.use;
  // Without a session of ours: signing out ends the one that it comes with.
  const api = await playwright.request.newContext({ baseURL, storageState: STRANGER });
  const { csrfToken } = (await (await api.get('/api/auth/csrf')).json()) as { csrfToken: string };
  const left = await api.post('/api/auth/signout', { headers: { origin: baseURL }, form: { csrfToken, json: 'true' } });
  expect(left.status()).toBe(200);
  expect(left.headers()['clear-site-data']).toBe('"cache"');
  await api.dispose();
});

test('data answers load nothing and stay with us', async ({ request }) => {
  for (const address of ['/api/v1/now', '/api/health', '/api/v1/nothing']) {
    const headers = (await request.get(address)).headers();
    expect(headers['cross-origin-resource-policy'], address).toBe('same-origin');
    expect(headers['content-security-policy'], address).toContain("default-src 'none'");
  }
});
