import { expect, test } from 'vitest';
import { vendorPhrase, vendorText } from './vendor-text';

test('what a server wrote is one line without what nobody sees, and a phrase has no full stop', () => {
  expect(vendorText(' Not\r\n\u202eallowed\u0000 here.  ')).toBe('Not allowed here.');
  expect(vendorPhrase('Not allowed!.')).toBe('Not allowed');
});

test('a secret is masked before a cut could halve it', () => {
  const token = `gh${'p_'}${'A1b2'.repeat(9)}`;
  const said = vendorText(`${'x'.repeat(140)} ${token} was refused`);
  expect(said).toHaveLength(160);
  expect(said).not.toContain('A1b2');
  expect(vendorText('x'.repeat(400), 300)).toBe(`${'x'.repeat(299)}…`);
});
