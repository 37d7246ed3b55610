import { describe, expect, it } from 'vitest';
import { type NumberedPackage, nextPatch, whyNotNumber } from './next-patch';

const one = (version: string, over: Partial<NumberedPackage> = {}): NumberedPackage => ({
  ...{ id: version, version, targetPlatform: 'universal', prerelease: false, again: null },
  ...over,
});
const old = one('1.4.0');

describe('the number that an old package goes out under', () => {
  it('is the patch after the highest of its channel, by numbers and not as text', () => {
    expect(nextPatch(old, [old, one('1.9.0'), one('1.10.2'), one('1.11.0', { prerelease: true })])).toBe('1.10.3');
  });

  it('leaves out what a package of the other channel has, since galleries keep one number for both', () => {
    expect(nextPatch(old, [old, one('1.4.1'), one('1.4.2', { prerelease: true })])).toBe('1.4.3');
  });

  it('is none for the newest: there is nothing to go away from', () => {
    expect(nextPatch(old, [one('1.3.0'), old])).toBeNull();
    expect(nextPatch(old, [old, one(`1.4.${2_147_483_647}`)])).toBeNull();
  });

  it('is the same for every platform of one version and when asked once more, and another for anything else', () => {
    const linux = one('1.4.0', { id: 'linux', targetPlatform: 'linux-x64' });
    const again = one('1.5.1', { targetPlatform: 'linux-x64', again: linux });
    const all = [linux, one('1.5.0'), again];
    expect(nextPatch(one('1.4.0', { targetPlatform: 'darwin-arm64' }), all)).toBe('1.5.1');
    expect(nextPatch(linux, all)).toBe('1.5.1');
    expect(nextPatch({ ...linux, id: 'other content' }, all)).toBe('1.5.2');
    expect(nextPatch(one('1.3.0', { targetPlatform: 'darwin-arm64' }), all)).toBe('1.5.2');
  });

  it('may be chosen by hand where it is higher than all and nobody has it', () => {
    const all = [old, one('1.5.0'), one('1.6.0', { prerelease: true })];
    expect(whyNotNumber('1.5.7', old, all)).toBeNull();
    expect(whyNotNumber('1.5.0', old, all)).toContain('1.5.0 is there');
    expect(whyNotNumber('1.4.9', old, all)).toContain('Nobody would update');
    expect(whyNotNumber('1.6.0', old, all)).toContain('already');
    const again = one('1.5.1', { targetPlatform: 'linux-x64', again: old });
    expect(whyNotNumber('1.5.1', one('1.4.0', { targetPlatform: 'web' }), [...all, again])).toBeNull();
    expect(whyNotNumber('1.5.1', one('1.3.0', { targetPlatform: 'web' }), [...all, again])).toContain('is there');
  });
});
