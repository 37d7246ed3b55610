import { expect, test } from 'vitest';
import { comparedWords } from './compared-words';

test('what is live is said with its galleries, and without them where a server of before names none', () => {
  expect(comparedWords({ version: '1.4.2', why: 'live', liveAt: ['Open VSX', 'VS Marketplace'] })).toBe(
    '1.4.2, live at Open VSX, VS Marketplace',
  );
  expect(comparedWords({ version: '1.4.2', why: 'live' })).toBe('1.4.2, live');
});
