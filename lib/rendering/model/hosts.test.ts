import { describe, expect, test } from 'vitest';
import { type HostFacts, hostFindings, hostWarnings } from './hosts';

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
