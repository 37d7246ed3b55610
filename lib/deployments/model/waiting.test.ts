import { expect, it } from 'vitest';
import { waitingSentence } from './waiting';

it('makes a sentence of a name and leaves a sentence alone', () => {
  expect(waitingSentence('a free runner (ubuntu-latest)')).toBe('Waiting for a free runner (ubuntu-latest).');
  expect(waitingSentence('Accepted; waiting for the run to be listed.')).toBe(
    'Accepted; waiting for the run to be listed.',
  );
});
