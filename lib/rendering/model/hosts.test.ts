import { describe, expect, test } from 'vitest';
import { builtOtherwise, type HostFacts, hostFindings, hostWarnings } from './hosts';

const SERVES = { modes: ['ssg'], sentence: 'It serves files only.', basePath: '/website' } as const;
const HOST: HostFacts = {
  label: 'Vendor',
  traits: { modes: ['ssr', 'ssg'], writes: 'input', name: 'rendering' },
  setting: { mode: 'ssg', raw: 'ssg', where: 'deploy.yml', url: null, obstacle: null, serves: SERVES },
  problem: null,
};

describe('a target that is served by less than its provider can do', () => {
  test('is not moved to what cannot run there, and may stay what it is', () => {
    expect(hostFindings(HOST, 'ssr')).toMatchObject([
      { code: 'host_cannot', sentence: SERVES.sentence, where: 'deploy.yml' },
    ]);
    expect(hostFindings(HOST, 'ssg')).toEqual([]);
  });

  test('says below which path it lies, where that is known', () => {
    expect(hostWarnings(HOST, 'ssg')).toMatchObject([{ code: 'base_path', mend: expect.stringContaining('/website') }]);
    const without = (basePath: string | null) =>
      hostWarnings({ ...HOST, setting: HOST.setting && { ...HOST.setting, serves: { ...SERVES, basePath } } }, 'ssg');
    expect([without(''), without(null)]).toEqual([[], []]);
    expect(hostWarnings({ ...HOST, setting: null }, 'ssg')).toEqual([]);
  });
});

test('a mode that the target’s settings fix otherwise stands in the way', () => {
  const { serves: _files, ...setting } = HOST.setting ?? expect.fail();
  const fixed: HostFacts = { ...HOST, setting: { ...setting, isFixed: true } };
  const sentence = expect.stringContaining('fix the input “rendering” to ssg');
  expect(hostFindings(fixed, 'ssr')).toMatchObject([{ code: 'rendering_fixed', sentence, where: 'deploy.yml' }]);
  expect(hostFindings(fixed, 'ssg')).toEqual([]);
});

describe('what a host builds by itself', () => {
  const traits = { modes: ['ssr', 'ssg'], writes: 'variable', name: 'AETHERSTACK_RENDERING' } as const;
  const at = (mode: 'ssr' | 'ssg' | null, more: object = {}): HostFacts => ({
    ...{ label: 'Vendor', traits, problem: null },
    setting: { mode, raw: mode ?? '(not set)', where: 'RENDERING in web', url: null, obstacle: null, ...more },
  });

  test('is said where its variable stayed at another mode than is recorded, as after a roll-back that was served', () => {
    expect(builtOtherwise(at('ssg'), 'ssr')).toBe(
      'RENDERING in web says ssg, so what Vendor builds by itself is SSG. The next deployment from here that builds sets it to ssr.',
    );
    expect(builtOtherwise(at(null), 'ssg')).toContain('does not say ssg, so what Vendor builds by itself is SSR');
  });

  test('is not said where they agree, where it is told at each start, and where nobody can say', () => {
    const silent = [
      builtOtherwise(at('ssg'), 'ssg'),
      builtOtherwise(at(null), 'ssr'),
      builtOtherwise(at('ssg'), null),
      builtOtherwise(at(null, { obstacle: { code: 'rendering_hidden', sentence: 'Hidden.' } }), 'ssg'),
      builtOtherwise({ ...at('ssg'), setting: null }, 'ssr'),
      builtOtherwise(HOST, 'ssr'),
    ];
    expect(silent).toEqual(silent.map(() => null));
  });
});
