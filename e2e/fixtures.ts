import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { sandbox } from './sandbox';
import { SESSION_FILE } from './session';

export { expect } from '@playwright/test';
export { sandbox } from './sandbox';

/** No cookie at all: `test.use({ storageState: STRANGER })`. */
export const STRANGER = { cookies: [], origins: [] };

interface Fixtures {
  /** A happy, fast provider before and after every test. */
  calmProvider: undefined;
  /** A page that throws fails its test, whatever the test looked at. */
  noPageErrors: undefined;
}

export const test = base.extend<Fixtures>({
  storageState: SESSION_FILE,
  calmProvider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a pattern here.
    async ({}, use) => {
      await sandbox.calm();
      await use(undefined);
      await sandbox.calm();
    },
    { auto: true },
  ],
  noPageErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await use(undefined);
      expect(errors, 'errors thrown in the page').toEqual([]);
    },
    { auto: true },
  ],
});

/** Every rule of axe over the whole page; the names of what is wrong, and where. */
export async function axeProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export async function screenshot(page: Page, name: string, width: number, theme: string): Promise<void> {
  await page.screenshot({ path: `test-results/screens/${name}-${width}-${theme}.png`, fullPage: true });
}
