import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { PublishedView } from '@/lib/deployments/model/published-view';
import { PackageFact } from './package-fact';

const id = 'd'.repeat(64);
const warning = (at: number) => ({ code: 'source_map', sentence: 'A source map is in it.', path: `dist/${at}.map` });
const published = (more: Partial<PublishedView> = {}): PublishedView => ({
  ...{
    id,
    extension: 'acme.demo',
    version: '1.2.3',
    platform: 'universal',
    prerelease: false,
    kept: true,
    warnings: [],
  },
  ...more,
});

it('names the package with its digest and what was noticed in it, and leads to its page', () => {
  const warnings = [1, 2, 3, 4, 5, 6, 7].map(warning);
  const shown = renderToStaticMarkup(<PackageFact published={published({ platform: 'linux-x64', warnings })} />);
  expect(shown).toMatch(new RegExp(`<a [^>]*href="/extensions/packages/${id}"[^>]*>acme.demo 1.2.3</a>`));
  expect(shown).toContain('linux-x64');
  expect(shown).toContain(`sha256 ${id}`);
  expect(shown.match(/A source map is in it\./g)).toHaveLength(5);
  expect(shown).toContain('2 more warnings');
});

it('says that nothing was noticed, or that the package is gone, without a link to a page that is not there', () => {
  expect(renderToStaticMarkup(<PackageFact published={published()} />)).toContain('found no warning');
  const gone = renderToStaticMarkup(<PackageFact published={published({ kept: false, warnings: null })} />);
  expect(gone).toContain('removed here since');
  expect(gone).not.toContain('<a');
});
