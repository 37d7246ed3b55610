import type { Locator, Page } from '@playwright/test';
import {
  ACCOUNT,
  HTPASSWD,
  type RealRegistry,
  startRegistry,
} from '@/lib/providers/oci-registry/testing/docker-registry';
import { type Built, type Pusher, pushImage, pushIndex } from '@/lib/providers/oci-registry/testing/push';
import { deployButton, deploymentId, expectStatus, openComposer, readDeployment, setImages } from './console';
import { axeProblems, expect, expectToFit, sandbox, screenshot, test } from './fixtures';

/** A real registry on this machine, with what two builds of the sample team's backend would have pushed. */
const REPOSITORY = 'aetherstack/backend';
const NAME = `Registry ${Date.now().toString(36)}`;
let registry: RealRegistry;
let older: Built;
let newer: Built;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  registry = await startRegistry({ auth: HTPASSWD }, { htpasswd: ACCOUNT.htpasswd });
});

test.afterAll(() => registry?.stop());

async function pushBuilds(): Promise<void> {
  // Newer than whatever other specs have made live.
  const commits = [
    await sandbox.push({ branch: 'main', message: 'backend: what 1.4.0 was built from' }),
    await sandbox.push({ branch: 'main', message: 'backend: what 1.5.0 was built from' }),
  ] as const;
  const authorization = `Basic ${Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')}`;
  const push: Pusher = { origin: registry.origin, authorization };
  const built = (at: 0 | 1) => ({ 'org.opencontainers.image.revision': commits[at].sha });
  const platforms = ['linux/amd64', 'linux/arm64/v8'];
  older = await pushIndex(push, { repository: REPOSITORY, platforms, labels: built(0), attested: true }, '1.4.0');
  newer = await pushIndex(push, { repository: REPOSITORY, platforms, labels: built(1), content: 'new' }, '1.5.0');
  await pushImage(push, { repository: REPOSITORY, platform: 'linux/arm64/v8', content: 'arm' }, 'arm-only');
}

/** By the form of a key first, which signs in at its vendor alone; then by what this registry takes. */
async function connect(page: Page): Promise<void> {
  await page.goto('/connections/new');
  await page.getByLabel('Provider').selectOption({ label: 'Container registry' });
  await expect(page.getByLabel('Address of the API')).toHaveValue('https://registry-1.docker.io');
  await page.getByLabel('Which one').selectOption({ label: 'Amazon ECR' });
  await expect(page.getByText('It lasts until somebody deletes the key')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(NAME);
  await page.getByLabel('Address of the API').fill(registry.origin);
  await page.getByLabel('Access key ID').fill(`AK${'IA'}TESTTESTTESTTEST`);
  await page.getByLabel('Secret access key').fill('a/secret+access/key-of-this-test-00001');
  await page.getByRole('button', { name: 'Add and check' }).click();
  await page.waitForURL(/\/connections\/con_/);
  await expect(page.getByText('An access key signs in at Amazon ECR alone').first()).toBeVisible();
  await page.getByRole('button', { name: 'Replace…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replace the credential' });
  await dialog.getByLabel('Which one').selectOption({ label: 'Amazon ECR, a token made by hand' });
  await expect(dialog.getByText('It ends 12 hours after it was made')).toBeVisible();
  await dialog.getByLabel('Which one').selectOption({ label: 'Another registry' });
  await dialog.getByLabel('User name').fill(ACCOUNT.username);
  await dialog.getByLabel('Password or token').fill(ACCOUNT.password);
  await dialog.getByRole('button', { name: 'Replace and check' }).click();
  await expect(dialog).toBeHidden();
  // The message that goes away by itself says it as well.
  const account = `robot at ${new URL(registry.origin).host}`;
  await expect(page.getByRole('main').getByText(account, { exact: true }).first()).toBeVisible();
}

const pinned = (image: Built) => `${new URL(registry.origin).host}/${REPOSITORY}@${image.digest}`;

function imageInput(page: Page): Locator {
  return page.getByLabel('image_tag');
}

test('an image of a real registry is chosen, deployed by its digest, and taken on to production', async ({ page }) => {
  test.setTimeout(150_000);
  await pushBuilds();
  await connect(page);
  await setImages(page, NAME, REPOSITORY);
  try {
    await openComposer(page, 'backend/staging');
    const shelf = page.getByRole('group', { name: '3 tags' });
    await expect(shelf.getByRole('radio')).toHaveCount(3);
    await expect(shelf.getByRole('radio', { name: /arm-only/ })).toBeDisabled();
    await expect(shelf).toContainText('There is no linux/amd64 in it, only linux/arm64/v8');
    await expect(shelf).toContainText('the chosen commit');
    await shelf.getByRole('radio', { name: /1\.4\.0/ }).check();
    await expect(imageInput(page)).toHaveValue(pinned(older));
    await expect(page.getByText(/This image was built from [0-9a-f]{7}; the chosen commit is/)).toBeVisible();
    await screenshot(page, 'composer-images', 1440, 'light');
    expect(await axeProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Choose its commit' }).click();
    await expect(page.getByText(/This image was built from [0-9a-f]{7}; the chosen commit is/)).toBeHidden();
    await expect(deployButton(page)).not.toHaveAttribute('aria-disabled');
    await deployButton(page).click();
    const id = await deploymentId(page);
    expect(await readDeployment(page, id)).toMatchObject({ inputs: { image_tag: pinned(older) } });
    await expectStatus(page, 'Succeeded');

    await openComposer(page, 'backend/production');
    await page.setViewportSize({ width: 360, height: 800 });
    await page.getByRole('button', { name: 'Take what runs in Staging' }).click();
    await expect(imageInput(page)).toHaveValue(pinned(older));
    await expectToFit(page);
    await screenshot(page, 'composer-images', 360, 'light');
    await page.getByRole('radio', { name: /1\.5\.0/ }).check();
    await expect(imageInput(page)).toHaveValue(pinned(newer));
  } finally {
    await page.setViewportSize({ width: 1280, height: 720 });
    await setImages(page, 'None');
  }
});
