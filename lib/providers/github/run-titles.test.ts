// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the vendor's expressions and must stay text.
import { describe, expect, it, vi } from 'vitest';
import { titlePattern } from './run-titles';

const name = 'Deploy backend to ${{ inputs.environment }} ${{ inputs.aetherstack }}';

describe('titles of runs', () => {
  it.each([
    [name, { environment: 'production' }, 'Deploy backend to production aether-a-1', true],
    [name, { environment: 'production' }, 'Deploy backend to production', true],
    [name, { environment: 'production' }, 'Deploy backend to staging production', false],
    [name, { environment: 'prod' }, 'Deploy backend to production', false],
    ["To ${{ inputs.environment || 'staging' }}", { environment: 'production' }, 'To production', true],
    ["To ${{ inputs.environment || 'staging' }}", { environment: 'production' }, 'To staging', false],
    ['Publish (${{ github.event.inputs.channel }})', { channel: 'a.*b' }, 'Publish (a.*b)', true],
    ['Publish (${{ github.event.inputs.channel }})', { channel: 'a.*b' }, 'Publish (axxb)', false],
    ["${{ format('{0}', github.actor) }} to ${{ inputs.place }}!", { place: 'live' }, 'somebody to live!', true],
    ['${{ inputs.a }} ${{ inputs.b }} ${{ inputs.place }}', { place: 'live' }, 'x y live', true],
    ['${{ inputs.a }} ${{ inputs.b }} ${{ inputs.place }}', { place: 'live' }, 'x y alive', false],
    ['To ${{ inputs.place }} ${{ inputs.a }} ${{ inputs.b }} ${{ inputs.c }}', { place: 'live' }, 'To live', true],
    ['To ${{ inputs.place }} ${{ inputs.a }} now', { place: 'live' }, 'To live  now', true],
    ['To ${{ inputs.place }} ${{ inputs.a }} now', { place: 'live' }, 'To live', false],
    ['x${{ inputs.a }}xx${{ inputs.place }}', { place: 'y' }, 'xxy', false],
    ['To  ${{ inputs.Place }}', { place: 'live' }, 'To live', true],
  ])('%j with %j: %j', (runName, inputs, title, fits) => {
    expect(titlePattern(runName, inputs)?.test(title)).toBe(fits);
  });

  it('are told in any capitals where words of ours are sought', () => {
    expect(titlePattern(name, { environment: 'Production' }, 'any case')?.test('deploy backend to PRODUCTION')).toBe(
      true,
    );
    expect(titlePattern(name, { environment: 'Production' })?.test('Deploy backend to production')).toBe(false);
  });

  it('that show none of the inputs tell nothing, nor do those that GitHub could not read', () => {
    expect(titlePattern('Deploy ${{ inputs.aetherstack }}', { environment: 'production' })).toBeNull();
    expect(titlePattern('', { environment: 'production' })).toBeNull();
    expect(titlePattern('${{ inputs.environment', { environment: 'production' })).toBeNull();
    expect(titlePattern(name, JSON.parse('{"__proto__":"x"}'))).toBeNull();
    expect(titlePattern(`${name}${'x'.repeat(5_000)}`, { environment: 'production' })).toBeNull();
  });

  it.each([
    ['many that stand side by side', '${{ github.actor }}'.repeat(100), 'a'.repeat(300)],
    ['many with the same between them', '${{ github.actor }}-'.repeat(100), '-'.repeat(300)],
    ['many with blanks between them', '${{ github.actor }} '.repeat(100), ' x'.repeat(150)],
    ['many that nearly fit', '${{ github.actor }}aab'.repeat(100), 'aaab'.repeat(1_000)],
  ])('of %s are read from end to end once', (_, runName, title) => {
    const pattern = titlePattern(`${runName}\${{ inputs.place }}`, { place: 'staging' }) ?? expect.fail();
    const sought = vi.spyOn(String.prototype, 'indexOf');
    try {
      expect(pattern.test(title)).toBe(false);
      expect(sought.mock.calls.length).toBeLessThanOrEqual(100);
    } finally {
      sought.mockRestore();
    }
  });
});
