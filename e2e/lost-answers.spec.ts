import { arrangeDeployment } from './arrange';
import { cancel, expectStatus, readDeployment } from './console';
import { expect, sandbox, test } from './fixtures';

test('a dispatch that is accepted and answered with a 502 is found and taken over, not sent twice', async ({
  page,
}) => {
  const truth = await sandbox.truth();
  await sandbox.scenario({ name: 'accepted-then-502' });
  const id = await arrangeDeployment(page, 'dashboard/production');
  await expectStatus(page, 'Succeeded', 45_000);
  const runs = await sandbox.newRuns(truth);
  expect(runs).toHaveLength(1);
  expect((await sandbox.truth()).counts.doubled).toBe(0);
  expect((await readDeployment(page, id)).revision.sha).toBe(runs[0]?.inputs['sha']);
});

test('a dispatch answered with a 502 that started nothing says what it waits for, and can be cancelled', async ({
  page,
}) => {
  const truth = await sandbox.truth();
  await sandbox.scenario({ name: 'refuses' });
  await arrangeDeployment(page, 'backend/production');
  await expect(page.getByText(/looking for the run before anything is sent again/).first()).toBeVisible();
  await expect(page.getByText(/GitHub has trouble \(502\)/)).toBeVisible();
  expect(await sandbox.newRuns(truth)).toEqual([]);
  await cancel(page);
  await expectStatus(page, 'Cancelling');
});

test('without any webhook a deployment still ends where it should', async ({ page }) => {
  const truth = await sandbox.truth();
  await sandbox.scenario({ name: 'webhooks-lost' });
  await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Succeeded', 45_000);
  expect(await sandbox.newRuns(truth)).toHaveLength(1);
});

test('webhooks that come twice, late and out of order change nothing', async ({ page }) => {
  const truth = await sandbox.truth();
  await sandbox.scenario({ name: 'webhooks-chaos' });
  await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Succeeded', 45_000);
  expect(await sandbox.newRuns(truth)).toHaveLength(1);
});
