import type { Page, Request } from '@playwright/test';
import { deployButton, deploymentId, expectStatus, openComposer, readJson } from './console';
import { expect, sandbox, test } from './fixtures';

async function newest(page: Page): Promise<number> {
  const { rows } = await readJson<{ rows: { number: number }[] }>(page, '/api/v1/deployments?limit=1');
  return rows[0]?.number ?? 0;
}

function isAction(request: Request): boolean {
  return request.method() === 'POST' && request.headers()['next-action'] !== undefined;
}

test('a double click makes one deployment and one run', async ({ page }) => {
  const [truth, number] = [await sandbox.truth(), await newest(page)];
  await openComposer(page, 'dashboard/staging');
  await deployButton(page).dblclick();
  await deploymentId(page);
  await expectStatus(page, 'Succeeded');
  expect(await newest(page)).toBe(number + 1);
  expect(await sandbox.newRuns(truth)).toHaveLength(1);
});

test('the same submit sent four more times answers the same deployment and starts nothing', async ({ page }) => {
  const [truth, number] = [await sandbox.truth(), await newest(page)];
  await openComposer(page, 'dashboard/preview');
  const [request] = await Promise.all([page.waitForRequest(isAction), deployButton(page).click()]);
  const id = await deploymentId(page);
  const { cookie: _, ...headers } = await request.allHeaders();
  const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
  const again = () => page.request.post(request.url(), { headers: sent, data: request.postDataBuffer() ?? '' });
  const answers = await Promise.all([again(), again(), again(), again()]);
  for (const answer of answers) {
    expect(answer.status()).toBe(200);
    expect(await answer.text()).toContain(id);
  }
  await expectStatus(page, 'Succeeded');
  expect(await newest(page)).toBe(number + 1);
  expect(await sandbox.newRuns(truth)).toHaveLength(1);
});

test('two tabs that ask for the same content at once share one deployment', async ({ page, context }) => {
  await sandbox.scenario({ name: 'happy', pace: 0.25 });
  const truth = await sandbox.truth();
  const other = await context.newPage();
  await openComposer(page, 'docs/production');
  await openComposer(other, 'docs/production');
  await Promise.all([deployButton(page).click(), deployButton(other).click()]);
  expect(await deploymentId(page)).toBe(await deploymentId(other));
  await sandbox.calm();
  await expectStatus(page, 'Succeeded');
  expect(await sandbox.newRuns(truth)).toHaveLength(1);
});
