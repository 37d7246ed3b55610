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

it('says that it shows the newest packages only, once there are more', () => {
  const row = (n: number) => ({
    ...{ packageId: `${n}`, extension: 'acme.demo', version: `1.0.${n}`, targetPlatform: 'universal' },
    ...{ prerelease: false, scan: 'passed', cells: [] },
  });
  const drawn = (many: number) => {
    const rows = Array.from({ length: many }, (_, n) => row(n));
    return renderToStaticMarkup(<GalleriesPanel view={{ places: [place('One', null)], rows, installs: [] }} />);
  };
  expect(drawn(49)).not.toContain('The newest');
  expect(drawn(50)).toContain('The newest 50 packages. Where an older one is, its own page says.');
});
