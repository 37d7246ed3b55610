import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Verified } from './chain-status';

const sentence =
  'All 3 lines are as they were written; the anchor has no head; but line 3 was anchored and is not there.';
const verified = {
  upTo: 3,
  at: '2026-11-29T10:00:00.000Z',
  intact: true,
  anchorLacks: null,
  anchorBegins: null,
  sentence,
  by: 'Ada',
};
const drawn = (anchorLacks: number | null, anchorBegins: number | null = null) =>
  renderToStaticMarkup(<Verified status={{ lines: 3, verified: { ...verified, anchorLacks, anchorBegins } }} />);

it('a head that the anchor lacks is said where the log itself is whole', () => {
  expect(drawn(null)).toContain('Verified up to line 3');
  expect(drawn(3)).toContain(sentence);
  expect(drawn(null, 3)).toContain(sentence);
  expect(drawn(3)).not.toContain('Verified up to line');
});
