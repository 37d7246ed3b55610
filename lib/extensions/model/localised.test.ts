import { describe, expect, it } from 'vitest';
import { localised } from './localised';

const manifest = { name: 'demo', displayName: '%displayName%', description: '%desc%', main: '%main%' };
const none = { displayName: null, description: null, nls: null };

describe('a localised extension', () => {
  it('is called as vsce wrote it down, else by package.nls.json; nothing else of package.json changes', () => {
    const nls = { displayName: 'Other', desc: { message: 'Says hello', comment: ['about it'] } };
    expect(localised(manifest, { ...none, displayName: 'Demo', nls })).toEqual({
      ...{ name: 'demo', displayName: 'Demo', description: 'Says hello', main: '%main%' },
    });
    expect(localised(manifest, { ...none, displayName: '%displayName%', nls })).toMatchObject({ displayName: 'Other' });
  });

  it('goes by its name where nobody has words for it', () => {
    for (const nls of [null, 'text', [], { desc: 7 }, JSON.parse('{"__proto__":{"desc":"x"}}')])
      expect(localised(manifest, { ...none, nls })).toEqual({ name: 'demo', main: '%main%' });
  });

  it('that is not localised keeps its own words, percent signs and all', () => {
    const plain = { displayName: '100 % tested', description: '%a% and %b%' };
    expect(localised(plain, { displayName: 'Else', description: 'Else', nls: {} })).toEqual(plain);
  });
});
