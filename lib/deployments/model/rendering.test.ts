import { describe, expect, test } from 'vitest';
import type { FormField } from '@/lib/providers/port';
import { hostRefusal, movedMeanwhile, planRendering, type RenderingQuestion, type RenderingTraits } from './rendering';

const input: RenderingTraits = { modes: ['ssr', 'ssg'], writes: 'input', name: 'rendering' };
const field: FormField = {
  ...{ name: 'rendering', type: 'choice', description: '', required: false, default: 'ssr', options: ['ssr', 'ssg'] },
};
const asked: RenderingQuestion = {
  component: { kind: 'dashboard', name: 'Dashboard' },
  provider: 'Vendor',
  traits: input,
  mode: 'ssg',
  fields: [field],
  fixed: {},
  values: { note: 'x' },
};

describe('the mode that a deployment builds', () => {
  test('is told by the input where the host is told by one', () => {
    expect(planRendering(asked)).toEqual({ ok: true, mode: 'ssg', values: { note: 'x', rendering: 'ssg' } });
  });

  test('leaves the inputs alone where the host keeps it, and where the start carries it', () => {
    for (const writes of ['variable', 'build-setting', 'request'] as const) {
      const plan = planRendering({ ...asked, traits: { ...input, writes }, fields: null });
      expect(plan).toEqual({ ok: true, mode: 'ssg', values: { note: 'x' } });
    }
  });

  test('is none for another component and at a host that knows none; the one where there is one only', () => {
    const none = { ok: true, mode: null, values: { note: 'x' } };
    expect(planRendering({ ...asked, component: { kind: 'docs', name: 'Docs' } })).toEqual(none);
    expect(planRendering({ ...asked, traits: undefined })).toEqual(none);
    const fixed = { modes: ['ssg'], writes: 'fixed', name: '' } as const;
    expect(planRendering({ ...asked, traits: fixed, mode: null })).toMatchObject({ mode: 'ssg' });
    expect(planRendering({ ...asked, traits: fixed, mode: 'ssr' })).toMatchObject({ code: 'mode_not_served' });
  });

  test('is what the input says where no mode was known', () => {
    expect(planRendering({ ...asked, mode: null, values: { rendering: 'ssg' } })).toMatchObject({ mode: 'ssg' });
    expect(planRendering({ ...asked, mode: null, values: {} })).toMatchObject({ mode: 'ssr', values: {} });
    expect(planRendering({ ...asked, mode: null, fields: [], values: {} })).toMatchObject({ mode: null });
  });

  test('is what the settings fix, in whatever capitals, and is then sent as that', () => {
    const fixed = { ...asked, fixed: { Rendering: 'ssg' } };
    expect(planRendering(fixed)).toEqual({ ok: true, mode: 'ssg', values: { note: 'x' } });
    expect(planRendering({ ...fixed, mode: null })).toEqual({ ok: true, mode: 'ssg', values: { note: 'x' } });
  });

  test('is not known where they fix it to nothing, which is no mode', () => {
    const nothing = { ...asked, fixed: { rendering: '' } };
    expect(planRendering({ ...nothing, mode: null })).toMatchObject({ ok: true, mode: null });
    const sentence = expect.stringContaining('“rendering” to nothing.');
    expect(planRendering(nothing)).toMatchObject({ code: 'rendering_fixed', sentence });
  });

  const refused: [string, Partial<RenderingQuestion>, string][] = [
    ['the workflow does not ask', { fields: [] }, 'no_rendering_input'],
    ['the workflow does not offer it', { fields: [{ ...field, options: ['ssr'] }] }, 'mode_not_offered'],
    ['the settings fix another', { fixed: { rendering: 'ssr' } }, 'rendering_fixed'],
    ['another one was typed', { values: { rendering: 'ssr' } }, 'mode_is_a_switch'],
  ];
  test.each(refused)('is refused, never dropped, when %s', (_why, change, code) => {
    const plan = planRendering({ ...asked, ...change });
    expect(plan).toMatchObject({ ok: false, code, sentence: expect.stringMatching(/\.$/) });
  });
});

test('a host says what it serves, or that it knows no modes', () => {
  expect(hostRefusal('Vendor', input, 'ssg')).toBeNull();
  expect(hostRefusal('Vendor', undefined, 'ssg')).toMatchObject({ code: 'host_has_no_modes' });
  expect(hostRefusal('Pages', { ...input, modes: ['ssg'] }, 'ssr')).toEqual({
    code: 'mode_not_served',
    sentence: 'Pages serves SSG only, not SSR. Bind the target to a host that does.',
  });
});

test('what waited while the target was moved is not sent: it would move it back; a roll-back goes where it is told', () => {
  const facts = { kind: 'deploy', asked: 'ssr', before: 'ssr', now: 'ssg' } as const;
  expect(movedMeanwhile(facts)).toContain('moved to SSG while this waited, as SSR');
  for (const kind of ['retry', 'promote'] as const) expect(movedMeanwhile({ ...facts, kind }), kind).not.toBeNull();
  expect(movedMeanwhile({ ...facts, kind: 'rollback' })).toBeNull();
  expect(movedMeanwhile({ ...facts, now: 'ssr' })).toBeNull();
  expect(movedMeanwhile({ ...facts, asked: 'ssg' }), 'the same switch, twice').toBeNull();
  expect(movedMeanwhile({ ...facts, asked: null, before: null })).toContain('in no mode that is known');
  expect(movedMeanwhile({ ...facts, now: null }), 'the target has none').toBeNull();
});
