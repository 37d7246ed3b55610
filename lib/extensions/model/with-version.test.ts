import { describe, expect, it } from 'vitest';
import { withVersion } from './with-version';

describe('the version in package.json', () => {
  it('is the only thing that changes, whatever the text looks like', () => {
    const text =
      '\uFEFF{\r\n\t"name": "a\\"version\\": \\"9\\"",\r\n  "version"  :\t"1.2.3" ,\r\n"engines":{"version":"1.2.3"}}\n';
    expect(withVersion(text, '1.2.4')).toBe(text.replace('"version"  :\t"1.2.3"', '"version"  :\t"1.2.4"'));
  });

  it('is found under a name that is written with escapes, and not in lists or deeper down', () => {
    expect(withVersion('{"vers\\u0069on":"1.0.0"}', '1.0.1')).toBe('{"vers\\u0069on":"1.0.1"}');
    expect(withVersion('{"a":["version","1.0.0"],"b":{"version":"1.0.0"}}', '1.0.1')).toBeNull();
  });

  it('is not guessed: twice, no text, or as a value only, is refused', () => {
    expect(withVersion('{"version":"1.0.0","version":"2.0.0"}', '2.0.1')).toBeNull();
    expect(withVersion('{"version":1}', '2.0.1')).toBeNull();
    expect(withVersion('{"name":"version"}', '2.0.1')).toBeNull();
  });
});
