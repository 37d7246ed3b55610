import { expect, it } from 'vitest';
import { installsView } from './installs';

const count = (day: string, total: number, version: string | null, targetId = 'tgt_1') => ({
  ...{ targetId, day: `2026-11-${day}`, total, version, what: 'installs' },
});
const places = [
  { targetId: 'tgt_1', name: 'Extension · Production' },
  { targetId: 'tgt_2', name: 'Extension · Staging' },
];

it('draws each place that was counted as a line, oldest first, and none for another', () => {
  const { lines } = installsView([count('02', 12, '1.0.0'), count('01', 10, '1.0.0')], places);
  expect(lines).toMatchObject([{ targetId: 'tgt_1', points: [{ total: 10 }, { total: 12 }] }]);
  expect(lines[0]?.points[0]?.at).toBe(Date.UTC(2026, 10, 1));
});

it('gives what came in to the version that was the newest then, also what a gallery takes away again', () => {
  const days = [count('01', 10, '1.0.0'), count('02', 15, '1.1.0'), count('03', 35, '1.1.0'), count('04', 33, '1.1.0')];
  expect(installsView(days, places).versions).toMatchObject([
    { version: '1.1.0', from: '2026-11-02', to: '2026-11-04', gained: 18 },
    { version: '1.0.0', from: '2026-11-01', to: '2026-11-01', gained: 5 },
  ]);
});

it('says nothing of a day on which the gallery named no version', () => {
  expect(installsView([count('01', 10, null), count('02', 15, '1.1.0')], places).versions).toMatchObject([
    { version: '1.1.0', gained: 0 },
  ]);
});
