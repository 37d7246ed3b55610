import { describe, expect, it } from 'vitest';
import { earlierTags, nextTag } from './next-version';
import { createReleaseInput } from './schemas';

describe('the next version', () => {
  it('counts as versions, not as texts, and only this component’s', () => {
    const tags = ['backend-v1.9.0', 'backend-v1.10.0', 'dashboard-v7.0.0', 'nightly'];
    expect(earlierTags(tags, 'backend')).toEqual(['backend-v1.10.0', 'backend-v1.9.0']);
    expect(nextTag(tags, 'backend')).toBe('backend-v1.10.1');
    expect(nextTag(['v2.0.9'], 'backend')).toBe('v2.0.10');
    expect(nextTag(['nightly'], 'docs')).toBe('docs-v0.1.0');
  });
});

describe('what may be asked', () => {
  const input = { connectionId: 'con_1', repository: 'a/b', sha: 'a'.repeat(40), key: 'key-12345678' };
  it.each(['v1', 'backend-v1.0.0', 'docs/v1.2', 'ü1'])('takes the tag %j', (tag) => {
    expect(createReleaseInput.safeParse({ ...input, tag }).success).toBe(true);
  });
  it.each(['', '-v1', 'a..b', 'a b', 'a~1', 'a.lock', 'a/', '.a', 'a\u202eb', 'a@{b', 'a'.repeat(101), 'a//b'])(
    'refuses the tag %j',
    (tag) => {
      expect(createReleaseInput.safeParse({ ...input, tag }).success).toBe(false);
    },
  );
});
