import { arrangeDeployment } from './arrange';
import { expectStatus } from './console';
import { expect, sandbox, test } from './fixtures';

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
