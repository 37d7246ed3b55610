import type { Page } from '@playwright/test';
import { axeProblems, expect, overflow, screenshot } from './fixtures';

const WIDTHS = [1440, 768, 360] as const;
const THEMES = ['light', 'dark'] as const;

/** Every width and theme of what is open: a picture, no problem for axe, nothing wider than the window. */
export async function look(page: Page, name: string): Promise<void> {
  const problems: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 360 ? 780 : 900 });
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      await screenshot(page, name, width, colorScheme);
      const found = await axeProblems(page, colorScheme === 'light' ? 'all' : 'colours');
      problems.push(...found.map((each) => `${width} ${colorScheme} ${each}`));
    }
    const wider = await overflow(page);
    if (wider > 0) problems.push(`${width}: ${wider} px wider than the window`);
  }
  expect(problems, name).toEqual([]);
}
