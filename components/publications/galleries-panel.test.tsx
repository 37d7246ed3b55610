import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { PlaceView } from '@/lib/publications/model/view';
import { GalleriesPanel } from './galleries-panel';

const place = (name: string, notice: string | null): PlaceView => ({
  ...{ targetId: name, name, gallery: 'A gallery', environment: { slug: 'production', name: 'Production' } },
  ...{ extension: 'acme.demo', channel: 'stable', notice, mayPublish: true, audience: 'public', unpublishing: null },
  recall: { version: 'guide', extension: 'guide', steps: [] },
});

it('says once which places still publish by what is about to end', () => {
  const places = [place('One', 'It ends soon.'), place('Two', 'It ends soon.'), place('Three', null)];
  const drawn = renderToStaticMarkup(<GalleriesPanel view={{ places, rows: [], installs: [] }} />);
  const text = drawn.replace(/<[^>]+>/g, '');
  expect(text.split('It ends soon.')).toHaveLength(2);
  expect(text).toContain('Still published to that way: One, Two.');
});
