import { execFile } from 'node:child_process';
import path from 'node:path';
import type { APIResponse, Page } from '@playwright/test';
import { arrangePolicy, arrangingToken } from './arrange';
import { auditSince, lastAudit, readDeployment, readJson, targetOf } from './console';
import { expect, STRANGER, sandbox, test } from './fixtures';
import { secondPerson } from './people';
import { makeToken } from './tokens';

const SCRIPT = path.resolve('scripts/aetherstack.mjs');

interface Ended {
  code: number;
  out: string;
  err: string;
}

async function revokeToken(page: Page, name: string): Promise<void> {
  await page.goto('/members');
  await page.getByRole('button', { name: `Revoke the token ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('button', { name: `Revoke the token ${name}` })).toHaveCount(0);
}

function cli(token: string, ...args: string[]): Promise<Ended> {
  const url = test.info().project.use.baseURL ?? '';
  const env = { ...process.env, AETHERSTACK_URL: url, AETHERSTACK_TOKEN: token, XDG_CONFIG_HOME: '/nonexistent' };
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], { env, timeout: 55_000 }, (error, out, err) => {
      expect(out + err).not.toContain(token);
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err });
    });
  });
}

const json = <T>({ out }: Ended) => JSON.parse(out) as T;
const unique = (what: string) => `${what} ${Date.now().toString(36)}`;

/** One request with nothing but what is given: no cookie of the browser goes along. */
async function call(
  page: Page,
  token: string,
  method: string,
  address: string,
  more: { key?: string; data?: unknown },
) {
  const context = await page.context().browser()?.newContext({ storageState: STRANGER });
  if (!context) throw new Error('There is no browser.');
  const answer: APIResponse = await context.request.fetch(`/api/v1${address}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(more.key ? { 'Idempotency-Key': more.key } : {}) },
    ...(more.data === undefined ? {} : { data: more.data }),
  });
  const body = (await answer.json().catch(() => null)) as Record<string, unknown> | null;
  const headers = answer.headers();
  await context.close();
  return { status: answer.status(), body, headers };
}

// Each command is a process of its own; a busy machine needs a second or two for each.
test.describe.configure({ timeout: 150_000 });

test('a token from the browser deploys and watches by command line; the audit log names person and token', async ({
  page,
}) => {
  const name = unique('pipeline');
  const token = await makeToken(page, name);
  const before = await lastAudit(page);
  const me = await cli(token, 'whoami');
  expect(me, me.err).toMatchObject({ code: 0, out: expect.stringContaining(name) });
  const runs = await sandbox.truth();
  const done = await cli(token, 'deploy', 'docs/staging', '--reason', 'by command line', '--watch');
  expect(done, done.err).toMatchObject({ code: 0, out: expect.stringContaining('Succeeded') });
  expect(await sandbox.newRuns(runs)).toHaveLength(1);
  const asked = (await auditSince(page, before)).filter(({ action }) => action === 'deployment.request.deploy');
  expect(asked.map(({ sentence }) => sentence)).toEqual([expect.stringContaining('by command line')]);
  const number = /#(\d+)/.exec(done.out)?.[1] ?? '';
  const logs = await cli(token, 'logs', number);
  expect(logs, logs.err).toMatchObject({ code: 0, out: expect.stringContaining('==> ') });
  const verified = await cli(token, 'audit', 'verify', '--json');
  expect(json<{ intact: boolean }>(verified).intact).toBe(true);

  await sandbox.scenario({ name: 'flaky' });
  const failed = await cli(token, 'deploy', 'extension/staging', '--watch', '--json');
  expect(failed.code).toBe(1);
  expect(json<{ status: string }>(failed).status).toBe('failed');
});

test('a lock and a freeze by command line hold in the browser too, and are lifted again', async ({ page }) => {
  const token = arrangingToken();
  const locked = await cli(token, 'lock', 'add', '--target', 'docs/staging', '--reason', 'held by a test', '--json');
  expect(locked, locked.err).toMatchObject({ code: 0 });
  const { pinId } = json<{ pinId: string }>(locked);
  try {
    const refused = await cli(token, 'deploy', 'docs/staging');
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('held by a test') });
    await page.goto(`/deploy/${await targetOf(page, 'docs/staging')}`);
    await expect(page.getByRole('main').getByText('held by a test').first()).toBeVisible();
    expect((await cli(token, 'lock', 'list')).out).toContain(pinId);
  } finally {
    expect((await cli(token, 'lock', 'lift', pinId)).code).toBe(0);
  }

  const starts = new Date(Date.now() - 60_000).toISOString().slice(0, 16);
  const times = ['--starts', starts, '--hours', '1', '--zone', 'UTC'];
  const words = ['--name', unique('Freeze'), '--reason', 'frozen by a test'];
  const frozen = await cli(token, 'freeze', 'add', ...words, ...times, '--component', 'docs', '--json');
  expect(frozen, frozen.err).toMatchObject({ code: 0 });
  const { freezeId } = json<{ freezeId: string }>(frozen);
  try {
    expect((await cli(token, 'deploy', 'docs/staging')).code).toBe(3);
    expect((await cli(token, 'freeze', 'list')).out).toContain('NOW until');
  } finally {
    expect((await cli(token, 'freeze', 'end', freezeId, '--reason', 'the test is over')).code).toBe(0);
  }
});

test('a roll-back by command line goes to the one that was named, and holds until it is lifted', async ({ page }) => {
  const token = arrangingToken();
  const first = await cli(token, 'deploy', 'docs/staging', '--reason', 'to come back to', '--watch', '--json');
  const second = await cli(token, 'deploy', 'docs/staging', '--reason', 'something newer', '--watch', '--json');
  expect([first.code, second.code]).toEqual([0, 0]);
  const { number } = json<{ number: number }>(first);
  const how = ['--to', `#${number}`, '--reason', 'newer is worse', '--watch', '--json'];
  const back = await cli(token, 'rollback', 'docs/staging', ...how);
  expect(back, back.err).toMatchObject({ code: 0 });
  expect(json<{ kind: string; status: string }>(back)).toMatchObject({ kind: 'rollback', status: 'succeeded' });
  const { pins } = await readJson<{ pins: { id: string; kind: string; reason: string }[] }>(page, '/api/v1/holds');
  const pin = pins.find(({ kind, reason }) => kind === 'rollback' && reason.includes('newer is worse'));
  expect((await cli(token, 'lock', 'lift', pin?.id ?? 'none')).code).toBe(0);
});

test('who asks cannot approve; another person approves by command line what it showed, and it goes live', async ({
  page,
  browser,
}) => {
  const asks = arrangingToken();
  await arrangePolicy('preview', { approvals: 1 });
  const person = { login: `cli-${Date.now().toString(36)}`, name: 'Cleo Approver', role: 'Approver' } as const;
  const approver = await secondPerson(page, browser, person);
  const approves = await makeToken(approver, unique('approves'), ['Read', 'Approve']);
  try {
    const asked = await cli(asks, 'deploy', 'dashboard/preview', '--reason', 'please look', '--json');
    expect(asked, asked.err).toMatchObject({ code: 0 });
    const { number, deploymentId } = json<{ number: number; deploymentId: string }>(asked);
    expect((await readDeployment(page, deploymentId)).status).toBe('awaiting_approval');
    expect(await cli(asks, 'approve', String(number), '--yes')).toMatchObject({ code: 3 });
    expect(await cli(approves, 'approve', String(number))).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    const given = await cli(approves, 'approve', String(number), '--yes');
    expect(given, given.err).toMatchObject({ code: 0, err: expect.stringContaining('please look') });
    expect(await cli(asks, 'status', String(number), '--watch')).toMatchObject({ code: 0 });
  } finally {
    await approver.context().close();
    await arrangePolicy('preview', {});
  }
});

test('a repeat over HTTP does nothing twice, and a key never means two things', async ({ page }) => {
  const token = arrangingToken();
  const targetId = await targetOf(page, 'docs/staging');
  const plan = await readJson<{ revision: object }>(page, `/api/v1/targets/${targetId}/plan?ref=main`);
  const data = { targetId, revision: plan.revision, inputs: {}, reason: unique('repeat') };
  const key = `e2e-${Date.now().toString(36)}`;
  const runs = await sandbox.truth();
  const first = await call(page, token, 'POST', '/deployments', { key, data });
  expect(first.status, JSON.stringify(first.body)).toBe(201);
  for (let i = 0; i < 3; i++) {
    const again = await call(page, token, 'POST', '/deployments', { key, data });
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers['idempotency-replayed']).toBe('true');
  }
  const other = await call(page, token, 'POST', '/deployments', { key, data: { ...data, reason: 'something else' } });
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  const id = String(first.body?.['deploymentId']);
  await expect.poll(async () => (await readDeployment(page, id)).status, { timeout: 40_000 }).toBe('succeeded');
  expect(await sandbox.newRuns(runs)).toHaveLength(1);
});

test('wrong token, wrong scope, a cookie alone, a revoked token: refused, with problem details', async ({ page }) => {
  const name = unique('reader');
  const token = await makeToken(page, name, ['Read']);
  expect((await call(page, token, 'GET', '/now', {})).status).toBe(200);
  const scope = await call(page, token, 'POST', '/locks', { data: { reason: 'not allowed to' } });
  expect(scope).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  expect(scope.headers['content-type']).toBe('application/problem+json');
  expect(await call(page, `aes_${'x'.repeat(49)}`, 'GET', '/now', {})).toMatchObject({ status: 401 });
  const cookie = await page.request.post('/api/v1/locks', { data: { reason: 'by cookie' } });
  expect(cookie.status()).toBe(401);
  expect(await cookie.json()).toMatchObject({ code: 'token_required' });
  expect(await call(page, token, 'PATCH', '/now', {})).toMatchObject({ status: 405 });
  expect(await call(page, token, 'GET', '/nothing', {})).toMatchObject({ status: 404, body: { code: 'no_such_path' } });
  expect(await cli(token, 'deploy', 'docs/staging')).toMatchObject({ code: 3 });
  await revokeToken(page, name);
  expect(await call(page, token, 'GET', '/now', {})).toMatchObject({ status: 401, body: { code: 'token_invalid' } });
  expect(await cli(token, 'whoami')).toMatchObject({ code: 3 });
});

test('the OpenAPI document is served to anybody', async ({ page }) => {
  const document = await readJson<{ openapi: string; paths: object }>(page, '/api/v1/openapi.json');
  expect(document.openapi).toMatch(/^3\.1/);
  expect(Object.keys(document.paths)).toContain('/deployments/{deploymentId}/approve');
});
