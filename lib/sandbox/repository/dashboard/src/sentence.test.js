import assert from 'node:assert/strict';
import test from 'node:test';
import { sentence } from './sentence.js';

test('names version and environment', () => {
  assert.equal(sentence({ version: '1.4.0', environment: 'staging' }), 'Version 1.4.0 is live in staging.');
});
