import { expect, test } from 'vitest';
import { sideEffects } from './roll-back-words';

const said = (mode: Parameters<typeof sideEffects>[0]['mode']) =>
  sideEffects({ settings: 'same', on: '2026-11-27', waiting: 0, arriving: 0, environment: 'Staging', mode }).join(' ');

test('what is only served again is not said to be built, whether its mode is known or not', () => {
  expect(said({ was: 'ssr', now: 'ssg', served: true })).toContain('It is served as SSR again');
  expect(said({ was: 'ssr', now: 'ssg', served: false })).toContain('It is built as SSR again');
  expect(said({ was: null, now: 'ssg', served: true })).toContain('not recorded, and it is served as it was built.');
  expect(said({ was: null, now: 'ssg', served: false })).toContain(
    'not recorded, so it is built as its host is set now.',
  );
  expect(said({ was: 'ssg', now: 'ssg', served: true })).not.toContain('SSG');
});
