import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { InstallsPanel } from './installs-panel';

it('says in words what it draws, and is not there while nothing was counted', () => {
  const line = { targetId: 't1', name: 'Extension · Production', what: 'installs', points: [{ at: 0, total: 1_234 }] };
  const version = {
    targetId: 't1',
    name: line.name,
    version: '1.0.0',
    from: '2026-11-01',
    to: '2026-11-03',
    gained: 7,
  };
  const drawn = renderToStaticMarkup(<InstallsPanel view={{ lines: [line], versions: [version] }} />);
  expect(drawn.replace(/<[^>]+>/g, '')).toContain('Extension · Production: 1,234 installs');
  expect(drawn.replace(/<[^>]+>/g, ' ')).toMatch(/1\.0\.0\s+Extension · Production\s+2026-11-01\s+2026-11-03\s+7/);
  expect(drawn, 'a style attribute is refused by the page’s policy').not.toContain('style=');
  expect(renderToStaticMarkup(<InstallsPanel view={{ lines: [], versions: [] }} />)).toBe('');
});
