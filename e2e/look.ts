import type { Page } from '@playwright/test';
import { axeProblems, expect, expectToFit, screenshot } from './fixtures';

const WIDTHS = [1440, 768, 360] as const;
const THEMES = ['light', 'dark'] as const;

/** Every width and theme of what is open: a picture, no problem for axe, nothing wider than the window. */
export function look(page: Page, name: string): Promise<void> {
  return lookAt(page, name, WIDTHS, THEMES);
}

/** As `look`, at a phone and a desk and in the dark theme only: for pages of parts that other pages are looked at for. */
export function glance(page: Page, name: string): Promise<void> {
  return lookAt(page, name, [1440, 360], ['dark']);
}

async function lookAt(
  page: Page,
  name: string,
  widths: readonly (typeof WIDTHS)[number][],
  themes: readonly (typeof THEMES)[number][],
): Promise<void> {
  const problems: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 360 ? 780 : 900 });
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      await screenshot(page, name, width, colorScheme);
      // Between a phone and a desk nothing is drawn that neither has; a theme changes colours only, at every width alike.
      const first = colorScheme === themes[0];
      if (width === 768 || !(first || width === widths[0])) continue;
      const found = await axeProblems(page, first ? 'all' : 'colours');
      problems.push(...found.map((each) => `${width} ${colorScheme} ${each}`));
    }
    await expectToFit(page, `${name} at ${width}`);
  }
  expect(problems, name).toEqual([]);
}
