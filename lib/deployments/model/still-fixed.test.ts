import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stillFixed } from './still-fixed';

const settings = (inputs: Record<string, string | boolean>, workflow = 'deploy.yml') => ({ workflow, inputs });
const then = settings({ stage: 'live', zone: 'eu' });

describe('what settings fixed once is still fixed', () => {
  test('as far as the target fixes it to the same value now', () => {
    const now = settings({ Stage: 'live', zone: 'us', more: 'x' });
    expect(stillFixed(then, now, [now])).toEqual({ fixed: { stage: 'live' }, lapsed: { zone: 'eu' } });
    expect(stillFixed(settings({ dry: true }), settings({ dry: 'true' }), []).lapsed).toEqual({});
  });

  test('not by settings for another file, nor by none', () => {
    const other = settings({ stage: 'live', zone: 'eu' }, 'other.yml');
    expect(stillFixed(then, other, [other]).lapsed).toEqual(then.inputs);
    expect(stillFixed(then, undefined, []).lapsed).toEqual(then.inputs);
  });

  test('where another target of the environment says the same and more, but never by two together', () => {
    const now = settings({ stage: 'live', zone: 'us' });
    expect(stillFixed(then, now, [now, then]).lapsed).toEqual({});
    const half = settings({ stage: 'qa', zone: 'eu' });
    expect(stillFixed(then, now, [now, half])).toEqual({ fixed: { stage: 'live' }, lapsed: { zone: 'eu' } });
  });

  test('is all of it while nothing changes, and nothing is lost or made up', () => {
    const values = fc.dictionary(fc.constantFrom('stage', 'zone', 'live'), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(values, values, values, (before, now, beside) => {
        const [first, second] = [settings(now), settings(beside)];
        expect(stillFixed(settings(before), settings(before), [second, settings(before)]).lapsed).toEqual({});
        const { fixed, lapsed } = stillFixed(settings(before), first, [first, second]);
        expect({ ...fixed, ...lapsed }).toEqual(before);
        const says = (of: Record<string, string>) => Object.entries(fixed).every(([name, value]) => of[name] === value);
        expect(says(now) || says(beside)).toBe(true);
      }),
    );
  });
});
