import { arrangeDeployment } from './arrange';
import { cancel, expectStatus } from './console';
import { inDatabase } from './database';
import { expect, sandbox, test } from './fixtures';
import { glance } from './look';

test('a deployment in flight is cancelled, at the provider too', async ({ page }) => {
  const truth = await sandbox.truth();
  await sandbox.scenario({ name: 'happy', pace: 2 });
  await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Building');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('asked to stop the run');
  await dialog.getByRole('button', { name: 'Cancel deployment' }).click();
  await expectStatus(page, 'Cancelled');
  const runs = await sandbox.newRuns(truth);
  expect(runs.map((run) => run.conclusion)).toEqual(['cancelled']);
});

test('what does not stop for half an hour after Cancel is left to itself by Stop waiting', async ({ page }) => {
  const truth = await sandbox.truth();
  // A cancelled run stops within 1.5 s at its pace: two minutes.
  await sandbox.scenario({ name: 'happy', pace: 80 });
  const id = await arrangeDeployment(page, 'docs/staging');
  await expectStatus(page, 'Building');
  await cancel(page);
  await expectStatus(page, 'Cancelling');
  const off = page.getByRole('button', { name: 'Cancel', exact: true });
  await expect(off).toHaveAttribute('aria-disabled', 'true');
  await expect(off).toHaveAccessibleDescription(/Half an hour after that was asked for it can be left to itself/);
  await inDatabase(`update deployments set status_since = now() - interval '30 minutes' where id = $1`, [id]);
  await page.reload();
  await page.getByRole('button', { name: 'Stop waiting', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('the run may go on there');
  await glance(page, 'stop-waiting');
  await dialog.getByRole('button', { name: 'Stop waiting' }).click();
  await expectStatus(page, 'Timed out');
  await expect(page.getByText(/stopped waiting before it ended/).first()).toBeVisible();
  const [run, ...others] = await sandbox.newRuns(truth);
  expect(others).toEqual([]);
  expect(run?.conclusion, 'it goes on at GitHub').toBeNull();
  await sandbox.endRun(run?.id ?? '');
});
