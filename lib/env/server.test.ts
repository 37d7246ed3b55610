import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EnvError, parseServerEnv } from './server';

const good = () => ({
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/aether',
  NEXTAUTH_URL: 'https://deploy.team.dev/path',
  NEXTAUTH_SECRET: randomBytes(48).toString('base64'),
  AETHERSTACK_KEK: randomBytes(32).toString('base64'),
});

function sentencesFor(over: Record<string, string | undefined>): string[] {
  try {
    parseServerEnv({ ...good(), ...over });
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.sentences;
    throw error;
  }
}

describe('the server environment', () => {
  test('is live by default and keeps only the origin of its address', () => {
    const env = parseServerEnv(good());
    expect(env.AETHERSTACK_MODE).toBe('live');
    expect(env.NEXTAUTH_URL).toBe('https://deploy.team.dev');
    expect(env.AETHERSTACK_KEK).toHaveLength(32);
    expect(env.AETHERSTACK_ALLOWED_LOGINS).toEqual([]);
  });

  const one = randomBytes(32).toString('base64');
  test.each([
    ['DATABASE_URL', { DATABASE_URL: undefined }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
    ['NEXTAUTH_URL', { NEXTAUTH_URL: 'not an address' }],
    ['NEXTAUTH_SECRET', { NEXTAUTH_SECRET: 'short' }],
    ['NEXTAUTH_SECRET', { NEXTAUTH_SECRET: 'test-secret-test-secret-test-secret' }],
    ['NEXTAUTH_SECRET', { NEXTAUTH_SECRET: 'a'.repeat(40) }],
    ['AETHERSTACK_KEK', { AETHERSTACK_KEK: undefined }],
    ['AETHERSTACK_KEK', { AETHERSTACK_KEK: randomBytes(16).toString('base64') }],
    ['AETHERSTACK_KEK', { AETHERSTACK_KEK: Buffer.alloc(32).toString('base64') }],
    ['AETHERSTACK_KEK', { AETHERSTACK_KEK: Buffer.from('0123456789abcdef0123456789abcdef').toString('base64') }],
    ['AETHERSTACK_KEK', { AETHERSTACK_KEK: one, NEXTAUTH_SECRET: one }],
    ['AETHERSTACK_KEK_PREVIOUS', { AETHERSTACK_KEK: one, AETHERSTACK_KEK_PREVIOUS: one }],
    ['AETHERSTACK_AUDIT_KEY', { AETHERSTACK_AUDIT_KEY: randomBytes(31).toString('base64') }],
    ['AETHERSTACK_AUDIT_KEY', { AETHERSTACK_KEK: one, AETHERSTACK_AUDIT_KEY: one }],
    ['AETHERSTACK_AUDIT_ANCHOR', { AETHERSTACK_AUDIT_ANCHOR: 'file:relative/path' }],
    ['AETHERSTACK_AUDIT_ANCHOR', { AETHERSTACK_AUDIT_ANCHOR: 'http://audit.team.dev/heads' }],
    ['AETHERSTACK_AUDIT_ANCHOR', { AETHERSTACK_AUDIT_ANCHOR: 'https://user:password@audit.team.dev/' }],
    ['AETHERSTACK_SANDBOX_URL', { AETHERSTACK_MODE: 'sandbox' }],
    ['AETHERSTACK_SANDBOX_URL', { AETHERSTACK_MODE: 'live', AETHERSTACK_SANDBOX_URL: 'http://127.0.0.1:4010' }],
    ['AETHERSTACK_SANDBOX_URL', { AETHERSTACK_SANDBOX_URL: 'http://127.0.0.1:4010' }],
    ['AETHERSTACK_MODE', { AETHERSTACK_MODE: 'demo' }],
    ['GITHUB_OAUTH_CLIENT_SECRET', { GITHUB_OAUTH_CLIENT_ID: 'only-half' }],
    ['AETHERSTACK_PRIVATE_ORIGINS', { AETHERSTACK_PRIVATE_ORIGINS: 'https://ghe.corp/api/v3' }],
    ['AETHERSTACK_PRIVATE_ORIGINS', { AETHERSTACK_PRIVATE_ORIGINS: 'http://ghe.corp' }],
    ['AETHERSTACK_SETUP_TOKEN', { AETHERSTACK_SETUP_TOKEN: 'short' }],
    ['AETHERSTACK_FAILPOINTS', { AETHERSTACK_FAILPOINTS: 'after-response=kill' }],
  ])('refuses a bad %s, names it and never repeats its value', (name, over) => {
    const sentences = sentencesFor(over);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toContain(name);
    for (const value of Object.values(over))
      if (value && value.length > 12) expect(sentences.join()).not.toContain(value);
  });

  test('tells every problem at once', () => {
    expect(
      sentencesFor({ DATABASE_URL: undefined, NEXTAUTH_SECRET: undefined, AETHERSTACK_KEK: undefined }),
    ).toHaveLength(3);
  });
});
