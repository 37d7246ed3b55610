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

/**
 * What axe finds wrong with the whole page, and where. A change of theme changes colours only, so for the second theme
 * `colours` asks nothing else.
 */
export async function axeProblems(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  // Legacy mode leaves out frames of other origins; there are none.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await (rules === 'colours' ? axe.withRules(['color-contrast']) : axe).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** How many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export async function screenshot(page: Page, name: string, width: number, theme: string): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: `test-results/screens/${name}-${width}-${theme}.png`, fullPage: true });
}
