import { createHmac, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { APIRequestContext, Request } from '@playwright/test';
import { auditSince, deployButton, lastAudit, openComposer } from './console';
import { OWN } from './consoles';
import { expect, STRANGER, sandbox, test } from './fixtures';

/** Addresses of every file of that name under a folder of `app/`, with something in place of the parameters. */
function addresses(folder: string, file: string, prefix: string): string[] {
  const found = readdirSync(path.join('app', folder), { recursive: true, encoding: 'utf8' });
  return found
    .filter((name) => path.basename(name) === file)
    .map((name) => path.dirname(name).split(path.sep))
    .map((parts) =>
      parts.filter((part) => part !== '.' && !part.startsWith('(')).map((part) => part.replace(/^\[.*\]$/, 'x1')),
    )
    .map((parts) => [prefix, ...parts].filter(Boolean).join('/'))
    .map((address) => `/${address}`);
}

const PAGES = addresses('(console)', 'page.server.tsx', '');

/** Every read that the served document names; the document itself is for everybody. */
async function reads(request: APIRequestContext): Promise<string[]> {
  const { paths } = (await (await request.get('/api/v1/openapi.json')).json()) as { paths: Record<string, object> };
  return Object.entries(paths)
    .filter(([path, methods]) => 'get' in methods && path !== '/openapi.json')
    .map(([path]) => `/api/v1${path.replace(/\{[^}]+\}/g, 'x1')}`);
}

test.describe('without a session', () => {
  test.use({ storageState: STRANGER });

  test('every page of the console leads to sign-in, and its content is not in the answer', async ({ request }) => {
    expect(PAGES.length).toBeGreaterThanOrEqual(10);
    for (const address of PAGES) {
      const answer = await request.get(address, { maxRedirects: 0 });
      expect(answer.status(), address).toBe(307);
      expect(answer.headers()['location'], address).toContain('/sign-in?callbackUrl=');
      expect(await answer.text(), address).not.toContain('Backend');
    }
  });

  test('every page of the console refuses a forged cookie as well', async ({ request, baseURL }) => {
    const cookie = `aether-session-${new URL(baseURL ?? '').port}=forged`;
    for (const address of PAGES) {
      const answer = await request.get(address, { maxRedirects: 0, headers: { cookie } });
      const text = await answer.text();
      expect(answer.status() === 307 || text.includes('/sign-in?callbackUrl='), address).toBe(true);
      expect(text, address).not.toContain('Backend');
    }
  });

  test('every read of the API is a 401 with problem details', async ({ request }) => {
    const addresses = await reads(request);
    expect(addresses.length).toBeGreaterThanOrEqual(25);
    for (const address of addresses) {
      const answer = await request.get(address);
      expect(answer.status(), address).toBe(401);
      expect(answer.headers()['content-type'], address).toContain('application/problem+json');
      expect(answer.headers()['cache-control'], address).toContain('no-store');
      expect(await answer.json(), address).toMatchObject({ status: 401, detail: expect.stringMatching(/[Ss]ign in/) });
    }
  });

  test('the live feed is a 401 and not a stream', async ({ request }) => {
    const answer = await request.get('/api/events');
    expect(answer.status()).toBe(401);
  });

  test('the set-up link works once and is not offered again', async ({ page }) => {
    await page.goto('/setup#made-up-token-made-up-token-made-up');
    await expect(page.getByLabel('Your name')).toHaveCount(0);
  });
});

test('every answer carries the headers that keep other sites away', async ({ request }) => {
  for (const address of [
    '/',
    '/status',
    '/docs/api',
    '/status.json',
    '/status.rss',
    '/status.feed.json',
    '/sign-in',
    '/now',
    '/api/v1/now',
    '/api/health',
  ]) {
    const headers = (await request.get(address)).headers();
    expect(headers, address).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers['x-powered-by'], address).toBeUndefined();
  }
});

test('the session cookie is out of reach of scripts and of other sites', async ({ context }) => {
  const session = (await context.cookies()).find(({ name }) => name.includes('session'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
});

test('a deployment asked for without an origin, or from another site, is refused and starts nothing', async ({
  page,
}) => {
  const truth = await sandbox.truth();
  await openComposer(page, 'docs/production');
  await page.route(/\/deploy\//, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  const isAction = (request: Request) => request.headers()['next-action'] !== undefined;
  const [caught] = await Promise.all([page.waitForRequest(isAction), deployButton(page).click()]);
  await expect(page.getByRole('alert').first()).toContainText('it will not be done twice');
  const before = await lastAudit(page);
  const { origin: _, 'content-length': __, ...headers } = await caught.allHeaders();
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const send = (more: Record<string, string>) =>
    fetch(caught.url(), {
      method: 'POST',
      headers: {
        'next-action': headers['next-action'] ?? '',
        'content-type': headers['content-type'] ?? '',
        cookie,
        ...more,
      },
      body: new Uint8Array(caught.postDataBuffer() ?? Buffer.alloc(0)),
    });
  expect(await (await send({})).text()).toContain('origin_missing');
  expect((await send({ origin: 'https://evil.example' })).ok).toBe(false);
  expect(await sandbox.newRuns(truth)).toEqual([]);
  expect((await auditSince(page, before)).map(({ code }) => code)).toEqual(['origin_missing']);
});

test.describe('webhooks', () => {
  const body = JSON.stringify({
    zen: 'Speak like a human.',
    hook_id: 1,
    repository: { full_name: 'aetherstack/aetherstack' },
  });

  function signed(payload: string, secret: string, delivery: string = randomUUID()): Record<string, string> {
    return {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': delivery,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(payload).digest('hex')}`,
    };
  }

  test('a wrong or missing signature is a 401 and one audit line; nothing is stored', async ({ page, request }) => {
    const before = await lastAudit(page);
    const wrong = await request.post('/api/webhooks/github', { headers: signed(body, 'not the secret'), data: body });
    expect(wrong.status()).toBe(401);
    const { 'x-hub-signature-256': _, ...unsigned } = signed(body, 'x');
    expect((await request.post('/api/webhooks/github', { headers: unsigned, data: body })).status()).toBe(401);
    const lines = (await auditSince(page, before)).filter(({ action }) => action === 'webhook.receive');
    expect(lines.map(({ code }) => code)).toEqual(['bad_signature', 'bad_signature']);
  });

  test('a signed delivery is taken once, a body over 5 MB and an unknown provider never', async ({ request }) => {
    const { AETHERSTACK_SANDBOX_WEBHOOK_SECRET: secret } = JSON.parse(
      readFileSync(path.join(OWN.dataDir, 'keys.json'), 'utf8'),
    );
    const headers = signed(body, secret);
    expect((await request.post('/api/webhooks/github', { headers, data: body })).status()).toBe(202);
    expect((await request.post('/api/webhooks/github', { headers, data: body })).status()).toBe(200);
    const huge = JSON.stringify({ padding: 'x'.repeat(5 * 1024 * 1024) });
    const over = await request.post('/api/webhooks/github', { headers: signed(huge, secret), data: huge });
    expect(over.status()).toBe(413);
    expect((await request.post('/api/webhooks/nobody', { headers, data: body })).status()).toBe(404);
  });
});
