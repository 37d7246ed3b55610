import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { GalleryExtensionView } from '@/lib/gallery/model/view';
import { ExtensionScreen } from './extension-screen';

const never = async () => Promise.reject(new Error('Nothing is pressed here.'));
const counts = { install: 7, download: 40, update: 3, uninstall: 1 };
const view = {
  ...{ namespace: 'acme', name: 'demo', version: null, owners: [], license: null, categories: [], tags: [] },
  ...{ readme: null, counts, days: [{ day: '2026-11-20', counts }], mayYank: false, versions: [] },
} as unknown as GalleryExtensionView;

test('a day says what was installed and what was downloaded apart, as the sums above do', () => {
  const html = renderToStaticMarkup(<ExtensionScreen view={view} readme={null} yank={never} unyank={never} />);
  const cells = [...(html.split('2026-11-20')[1] ?? '').matchAll(/<td[^>]*>(\d+)<\/td>/g)].map(([, cell]) => cell);
  expect(cells).toEqual(['7', '3', '1', '40']);
  expect(html).toContain('Nothing of it can be installed');
});
