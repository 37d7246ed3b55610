import { expect, test } from 'vitest';
import { otherLoopbackOrigin } from './loopback-origin';

test.each([
  ['localhost:3000', 'http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ['[::1]:3000', 'http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ['127.0.0.1:3000', 'http://localhost:3000', 'http://localhost:3000'],
  ['127.0.0.1:3000', 'http://127.0.0.1:3000', null],
  ['evil.example', 'http://127.0.0.1:3000', null],
  ['localhost:3000', 'https://deploy.acme.dev', null],
  [null, 'http://127.0.0.1:3000', null],
  ['localhost:3000', 'not an address', null],
])('a browser at %s of a console at %s moves to %s', (host, publicUrl, to) => {
  expect(otherLoopbackOrigin(host, publicUrl)).toBe(to);
});
