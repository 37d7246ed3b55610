import type { Page } from '@playwright/test';
import { axeProblems, expect, expectToFit, screenshot } from './fixtures';

interface Sight {
  width: number;
  theme: 'light' | 'dark';
  /** What axe is asked; without it there is no picture either, only that nothing is wider than the window. */
  rules?: 'all' | 'colours';
}

/** A theme changes colours only, at every width alike, and between a phone and a desk nothing is drawn that neither has. */
const SIGHTS: readonly Sight[] = [
  { width: 1440, theme: 'light', rules: 'all' },
  { width: 1440, theme: 'dark', rules: 'colours' },
  { width: 768, theme: 'dark' },
  { width: 360, theme: 'light', rules: 'all' },
];

/** What is open at every width and in both themes: pictures, no problem for axe, nothing wider than the window. */
export function look(page: Page, name: string): Promise<void> {
  return lookAt(page, name, SIGHTS);
}

/** As `look`, at a phone and a desk and in the dark theme only: for pages of parts that other pages are looked at for. */
export function glance(page: Page, name: string): Promise<void> {
  return lookAt(
    page,
    name,
    [1440, 360].map((width) => ({ width, theme: 'dark', rules: 'all' })),
  );
}

async function lookAt(page: Page, name: string, sights: readonly Sight[]): Promise<void> {
  const problems: string[] = [];
  for (const { width, theme, rules } of sights) {
    await page.setViewportSize({ width, height: width === 360 ? 780 : 900 });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await expectToFit(page, `${name} at ${width}`);
    if (!rules) continue;
    await screenshot(page, name, width, theme);
    const found = await axeProblems(page, rules);
    problems.push(...found.map((each) => `${width} ${theme} ${each}`));
  }
  expect(problems, name).toEqual([]);
}
