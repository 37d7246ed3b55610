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
  const drawn = renderToStaticMarkup(<GalleriesPanel view={{ places, rows: [], underWay: [], installs: [] }} />);
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
    return renderToStaticMarkup(
      <GalleriesPanel view={{ places: [place('One', null)], rows, underWay: [], installs: [] }} />,
    );
  };
  expect(drawn(49)).not.toContain('The newest');
  expect(drawn(50)).toContain('The newest 50 packages. Where an older one is, its own page says.');
});

it('leads to the deployment that takes a version to a gallery, until the gallery says something of it', () => {
  const row = {
    ...{ packageId: 'p1', extension: 'acme.demo', version: '1.0.0', targetPlatform: 'universal' },
    ...{ prerelease: false, scan: 'passed', cells: [] },
  };
  const underWay = [{ packageId: 'p1', targetId: 'One', deploymentId: 'dep_7', number: 7 }];
  const places = [place('One', null), place('Two', null)];
  const drawn = renderToStaticMarkup(<GalleriesPanel view={{ places, rows: [row], underWay, installs: [] }} />);
  expect(drawn).toMatch(/href="\/deployments\/dep_7"[^>]*>on its way, #(<!-- -->)?7/);
  expect(drawn.split('not published')).toHaveLength(2);
});

it('a version that was refused or taken away and goes there once more is on its way; of two places of one gallery each is named', () => {
  const cell = (state: 'rejected' | 'unlisted' | 'validating') => ({
    ...{ targetId: 'One', state, overdue: false, detail: 'No.', url: null, deploymentId: 'dep_1' },
    ...{ since: '2026-11-28T00:00:00Z', deadlineAt: null, lookedAt: null, provenAt: null },
  });
  const underWay = [{ packageId: 'p1', targetId: 'One', deploymentId: 'dep_7', number: 7 }];
  const drawn = (state: Parameters<typeof cell>[0], going: typeof underWay) => {
    const row = {
      ...{ packageId: 'p1', extension: 'acme.demo', version: '1.0.0', targetPlatform: 'universal' },
      ...{ prerelease: false, scan: 'passed', cells: [cell(state)] },
    };
    const places = [place('One', null), place('Two', null)];
    return renderToStaticMarkup(<GalleriesPanel view={{ places, rows: [row], underWay: going, installs: [] }} />);
  };
  for (const state of ['rejected', 'unlisted'] as const) {
    expect(drawn(state, underWay)).toContain('on its way');
    expect(drawn(state, [])).not.toContain('on its way');
  }
  expect(drawn('validating', underWay)).not.toContain('on its way');
  expect(drawn('rejected', [])).toContain('A gallery, Two');
});
