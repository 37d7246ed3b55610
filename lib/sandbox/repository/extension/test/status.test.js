'use strict';

const test = require('node:test');
const assert = require('node:assert/strict');
const { statusLine } = require('../src/status');

test('names environment, version and short commit', () => {
  const line = statusLine({ version: '1.4.0', revision: '0123456789abcdef', environment: 'production' });
  assert.equal(line, 'production: 1.4.0 (0123456)');
});

test('says nothing about a commit that it does not know', () => {
  assert.equal(statusLine({ version: '1.4.0', revision: 'unknown', environment: 'dev' }), 'dev: 1.4.0');
});
