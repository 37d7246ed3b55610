import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { VitalsView } from '@/lib/observability/model/vitals';
import { VitalsParts } from './vitals-panel';

const SEEN: VitalsView = {
  ...{ provider: 'Host', by: 'Speed Insights', days: 7, readAt: '2026-11-28T10:00:00.000Z', problem: null },
  figures: { lcpMs: 2_140, inpMs: 320, cls: 0.3, of: 'production of shop', none: null },
};
const drawn = (over: Partial<VitalsView> = {}) =>
  renderToStaticMarkup(<VitalsParts where="Shop in Production" vitals={{ ...SEEN, ...over }} />);

it('shows each figure in its unit with how it is to be taken, and of whom, when and by what it was measured', () => {
  const text = drawn();
  expect(text).toMatch(/Largest Contentful Paint[\s\S]*2\.14 s[\s\S]*good[\s\S]*INP[\s\S]*320 ms[\s\S]*needs improv/);
  expect(text).toMatch(/CLS[\s\S]*0\.30[\s\S]*poor/);
  expect(text).toContain('visits to production of shop');
  expect(text).toContain('Speed Insights, in the last 7 days');
  expect(text).toContain('aria-label="Web Vitals of Shop in Production"');
});

it('calls a figure that is missing not measured, never nought', () => {
  const text = drawn({ figures: { lcpMs: 900, inpMs: null, cls: 0, of: 'production of shop', none: null } });
  expect(text).toMatch(/INP[\s\S]*not measured[\s\S]*CLS[\s\S]*0\.00/);
});

it('says alone what to do where nothing was measured, and what the host refuses', () => {
  const none = { code: 'not_enabled', sentence: 'Enable it at Host.' } as const;
  const off = drawn({ figures: { lcpMs: null, inpMs: null, cls: null, of: 'production of shop', none } });
  expect(off).toContain('Enable it at Host.');
  expect(off).not.toMatch(/not measured|LCP/);
  const refused = drawn({ figures: null, problem: { code: 'plan_limit', sentence: 'The plan does not allow this.' } });
  expect(refused).toContain('The plan does not allow this.');
  expect(refused).not.toContain('LCP');
});
