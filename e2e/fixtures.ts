import { mkdirSync, writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { takeViolations, watchPolicy } from './policy-watch';
import { putBack } from './put-back';
import { sandbox } from './sandbox';
import { SESSION_FILE } from './session';

export { expect } from '@playwright/test';
export { sandbox } from './sandbox';

/** No cookie at all: `test.use({ storageState: STRANGER })`. */
export const STRANGER = { cookies: [], origins: [] };

interface Fixtures {
  /** A happy, fast provider before and after every test. */
  calmProvider: undefined;
  /** A page that throws, or asks for what its policy forbids, fails its test, whatever the test looked at. */
  soundPages: undefined;
}

export const test = base.extend<Fixtures>({
  storageState: SESSION_FILE,
  calmProvider: [
    async ({ browser }, use, info) => {
      await sandbox.calm();
      await use(undefined);
      await sandbox.calm();
      // One that was cut off could not clean up after itself, and what it leaves would fail others.
      if (info.status !== info.expectedStatus) await putBack(browser);
    },
    { auto: true, timeout: 180_000 },
  ],
  soundPages: [
    async ({ context, page }, use) => {
      const errors: string[] = [];
      await watchPolicy(context);
      page.on('pageerror', (error) => errors.push(error.message));
      await use(undefined);
      // What it asked for until now has been heard of before it answers.
      await page.evaluate(() => undefined).catch(() => undefined);
      // An answer that is still on its way when its page goes can be given to nobody.
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      expect(errors, 'errors thrown in the page').toEqual([]);
      expect(takeViolations(), 'what the page asked for against its policy').toEqual([]);
    },
    { auto: true },
  ],
});

/**
 * What axe finds wrong with the whole page, and where. A change of theme changes colours only, so for the second theme
 * `colours` asks nothing else.
 */
export async function axeProblems(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  // Its half a megabyte of script is read once for each document; the builder would have it read twice for each question.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(new AxeBuilder({ page })['script']());
  // Legacy mode leaves out frames of other origins; there are none.
  const axe = new AxeBuilder({ page, axeSource: ';' }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await (rules === 'colours' ? axe.withRules(['color-contrast']) : axe).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

const SCREENS = 'test-results/screens';

/** That the page is no wider than its window, once it is drawn at the window's width. */
export async function expectToFit(page: Page, what = 'the page'): Promise<void> {
  const wider = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(wider, { message: `pixels that ${what} is wider than its window` }).toBeLessThanOrEqual(0);
}

/** The whole page, for people to look at. Asked of the browser itself, which packs a picture in a fraction of the time. */
export async function screenshot(page: Page, name: string, width: number, theme: string): Promise<void> {
  await page.evaluate(() => scrollTo(0, 0));
  const browser = await page.context().newCDPSession(page);
  const { cssContentSize } = await browser.send('Page.getLayoutMetrics');
  const clip = { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height, scale: 1 };
  const how = { format: 'png', optimizeForSpeed: true, captureBeyondViewport: true, clip } as const;
  const { data } = await browser.send('Page.captureScreenshot', how);
  await browser.detach();
  mkdirSync(SCREENS, { recursive: true });
  writeFileSync(`${SCREENS}/${name}-${width}-${theme}.png`, Buffer.from(data, 'base64'));
}
