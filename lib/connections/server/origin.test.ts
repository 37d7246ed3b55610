import { describe, expect, test } from 'vitest';
import { ServiceError } from '@/lib/kernel/errors';
import { normaliseOrigin } from './origin';

function answer(text: string, loopback = false): string {
  try {
    return normaliseOrigin(text, loopback);
  } catch (error) {
    return error instanceof ServiceError ? error.code : 'crashed';
  }
}

describe('the address that a credential is bound to', () => {
  test.each([
    ['https://api.github.com', 'https://api.github.com'],
    ['https://API.GitHub.com/', 'https://api.github.com'],
    ['https://ghe.team.dev/api/v3/', 'https://ghe.team.dev/api/v3'],
    ['https://ghe.team.dev:8443', 'https://ghe.team.dev:8443'],
  ])('%s is kept as %s', (text, kept) => {
    expect(answer(text)).toBe(kept);
  });

  test.each([
    'http://api.github.com',
    'ftp://api.github.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'gopher://x.dev',
    'https://',
    'api.github.com',
    '',
    'https://user:pw@api.github.com',
    'https://api.github.com@evil.example',
    'https://api.github.com?x=1',
    'https://api.github.com#x',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://0177.0.0.1',
    'https://127.1',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254',
    'https://10.0.0.5',
    'https://8.8.8.8',
    'https://[fd00::1]',
    'https://localhost',
    'https://metadata',
    'https://metadata.google.internal',
    'https://printer.local',
    'https://x.localhost',
    'https://127.0.0.1.',
    'https://api.github.com.',
  ])('%s is refused', (text) => {
    expect(answer(text)).toBe('origin_refused');
  });

  test('simulators on this machine may be reached over http, and nothing else may', () => {
    expect(answer('http://127.0.0.1:4400', true)).toBe('http://127.0.0.1:4400');
    expect(answer('http://localhost:4400', true)).toBe('http://localhost:4400');
    expect(answer('http://192.168.0.1', true)).toBe('origin_refused');
    expect(answer('http://api.github.com', true)).toBe('origin_refused');
  });

  test('an origin that the operator named may be inside, that one and no other', () => {
    const named = (text: string) => {
      try {
        return normaliseOrigin(text, false, ['https://ghe.corp.internal']);
      } catch (error) {
        return (error as ServiceError).code;
      }
    };
    expect(named('https://ghe.corp.internal/api/v3')).toBe('https://ghe.corp.internal/api/v3');
    expect(named('https://ghe.corp.internal:8443')).toBe('origin_refused');
    expect(named('https://other.corp.internal')).toBe('origin_refused');
    expect(named('http://ghe.corp.internal')).toBe('origin_refused');
  });
});
