import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { BurnedNotice } from './burned-notice';

const drawn = (branch: string | null): string =>
  renderToStaticMarkup(
    <BurnedNotice
      deployment={{ id: 'dep_1', targetId: 'tgt_1' }}
      burned={{ sha: 'a'.repeat(40), sentence: 'Its one result is kept.', branch }}
      newHead={async () => ({ ok: true, value: { url: 'https://example.com/pull/1' } })}
    />,
  );

it('offers a new commit on the branch and another revision; a tag has only the second', () => {
  const onBranch = drawn('main');
  expect(onBranch).toContain('Its one result is kept.');
  expect(onBranch).toMatch(/<button[^>]*>.*Propose an empty commit/);
  expect(onBranch).toMatch(/<a [^>]*href="\/deploy\/tgt_1"/);
  const onTag = drawn(null);
  expect(onTag).not.toContain('Propose');
  expect(onTag).toMatch(/<a [^>]*href="\/deploy\/tgt_1"/);
});
