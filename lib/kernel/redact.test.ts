import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { tokenText } from '@/lib/tokens/model/token-text';
import { createLogger, describeError } from './log';
import { isSecretKey, looksSecret, redact, redactText } from './redact';
import { Secret } from './secret';

// Built from parts, so that scanners of this repository do not take them for real.
const CANARIES: Record<string, string> = {
  'personal token': `gh${'p_'}${'A1b2'.repeat(9)}`,
  'installation token': `gh${'s_'}${'C3d4'.repeat(9)}`,
  'fine-grained token': `github_${'pat_'}${'E5f6_'.repeat(12)}`,
  'json web token': `ey${'JhbGciOiJIUzI1NiJ9'}.ey${'JzdWIiOiIxIn0xxxx'}.c2lnbmF0dXJl`,
  'private key': `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEow${'a'.repeat(60)}\n-----END RSA ${'PRIVATE'} KEY-----`,
  'access key': `AK${'IA'}ABCDEFGHIJKLMNOP`,
  'sealed value': `v1.0123456789ab.${'w'.repeat(80)}.${'i'.repeat(16)}.${'t'.repeat(22)}.${'c'.repeat(30)}`,
  'bearer header': `Bearer ${'q7'.repeat(12)}`,
  'token of ours': tokenText(randomBytes(32).toString('base64url')),
  'gallery token, of the Marketplace': `${'a1B2'.repeat(19)}AZ${'DO'}wxyz`,
  'gallery token, of Open VSX': `ovs${'xp_'}${'c3D4-'.repeat(7)}`,
  'token of an error tracker': `snt${'ryu_'}${'0a1b'.repeat(16)}`,
  'access token of a monitoring service': `dd${'pat_'}${'c2D3'.repeat(10)}`,
  'token of a service account at dashboards': `gl${'sa_'}${'e4F5'.repeat(8)}_0a1b2c3d`,
  'signing secret': `wh${'sec_'}${randomBytes(32).toString('base64')}`,
  'address of a chat hook': `https://hooks.slack.com/services/T0AB12CD3/B0EF45GH6/${'i7J8'.repeat(6)}`,
  'session id': `${'aB3-'.repeat(10)}x_9`,
  'one-time token': 'Zk3qVw9-Lr0PxTn2HsYcJ4uBgE7aMdRi_5oQfKtWvNy',
  'one-time token that holds the beginning of another': `t-3-3YV54XIBqObSOGCHL-${'hf_'}jLpT2rEs_TQs-LhAp0`,
  'token of ours that holds the beginning of another': tokenText(`Zk3qVw-${'hf_'}Lr0PxTn2YcJ4uBgE7aMdRi5oQfKtWvNy`),
  'key that a word before it goes with': `token file=-----BEGIN ${'PRIVATE'} KEY-----\nMIIEow${'a'.repeat(60)}\n-----END ${'PRIVATE'} KEY-----`,
  'cut key that holds the beginning of a token': `-----BEGIN ${'PRIVATE'} KEY-----\nMIIEow${'a'.repeat(60)}\ns${'k-'}0123456789abcdef`,
  'json web token after a word': `access-ey${'JhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9'}.eyJzdWIiOiIxIn0xxxx.${'c2lnbmF0dXJl'.repeat(9)}`,
  'password of an address after another token':
    `token glp${'at-'}0123456789abcdefghij=https://u:${'p4ssW0rd-of-it'}`.concat('@h.dev'),
  'token of ours in escaped JSON': `\\n${tokenText('Zk3qVw-Lr0PxTn2YcJ4uBgE7aMdRi5oQfKtWvNy')}`,
  'session cookie': `ey${'JhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0'}..${'aB3_'.repeat(4)}.${'cD4-'.repeat(40)}.${'eF5_'.repeat(5)}`,
};

describe('our own links', () => {
  test.each([
    ['an invitation', 'join', randomBytes(32).toString('base64url')],
    ['the set-up', 'setup', randomBytes(24).toString('base64url')],
    ['an invitation, in an address', 'join', randomBytes(32).toString('base64url')],
  ])('%s keeps its address and loses its token', (what, page, token) => {
    const sign = what.endsWith('address') ? '%23' : '#';
    expect(redactText(`open https://deploy.team.dev/${page}${sign}${token} now`)).toBe(
      `open https://deploy.team.dev/${page}${sign}[redacted] now`,
    );
  });

  test.each([
    'deploy-the-frontend-to-production-eu-west-12',
    'JIRA-1234-move-checkout-to-payment-provider',
    'CheckoutService-v2-for-the-payment-provider',
    'a'.repeat(43),
    '0123456789abcdef0123456789abcdef01234567',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'https://hooks.team.dev/services/',
  ])('%s is no secret', (text) => {
    expect(redactText(text)).toBe(text);
  });
});

describe('redaction', () => {
  test('knows what looks like one of our own tokens, as a whole, and what only may be one', () => {
    const known = 'Zk3qVw9-Lr0PxTn2HsYcJ4uBgE7aMdRi_5oQfKtWvNy';
    // As likely as any other 32 bytes, and like words.
    const unlucky = 'aaaa-bbbb-cccc-dddd-eeee-ffff-gggg-hhhh-ABC';
    expect([known, `x ${known}`, unlucky].map(looksSecret)).toEqual([true, false, false]);
  });

  test.each(Object.entries(CANARIES))('masks a %s anywhere in a text, a key or a nested value', (_name, canary) => {
    for (const made of [
      redactText(`before ${canary} after`),
      JSON.stringify(redact({ a: [{ b: `x ${canary}` }], [canary]: 1 })),
    ]) {
      for (const piece of [canary, canary.slice(0, 10), canary.slice(-12)]) expect(made).not.toContain(piece);
      expect(made).toContain('[redacted]');
    }
  });

  test('a failed statement is described without the values that it was given', () => {
    const values = 'ada,scrypt$hash-of-a-password,first line\nsecond line of a key';
    const error = new Error(`Failed query: insert into "users" values ($1, $2, $3)\nparams: ${values}`);
    const described = JSON.stringify(describeError(error));
    expect(described).toContain('insert into');
    expect(described).toContain('redact.test');
    for (const value of ['scrypt', 'hash-of', 'second line']) expect(described).not.toContain(value);
  });

  test('what says what an error says is described as one', () => {
    const said = {
      message: 'relation "job" does not exist',
      queue: 'inbox',
      stack: 'Error: x\n    at work (queue.js:1:1)',
    };
    expect(describeError(said)).toEqual({ error: 'Error', message: said.message, stack: 'at work (queue.js:1:1)' });
    expect(describeError({ code: 7 })).toEqual({ error: '[object Object]' });
  });

  test('masks the password of an address and keeps its host', () => {
    expect(redactText('postgres://ada:hunter2secret@db.example:5432/x')).toBe(
      'postgres://[redacted]@db.example:5432/x',
    );
  });

  test.each([
    'password',
    'apiToken',
    'client_secret',
    'Authorization',
    'privateKey',
    'x-api-key',
    'sealedCredential',
    'Set-Cookie',
  ])('hides the value of a field called %s', (key) => {
    expect(isSecretKey(key)).toBe(true);
    expect(redact({ [key]: 'anything' })).toEqual({ [key]: '[redacted]' });
  });

  test.each(['credentialKind', 'name', 'environment', 'tokenCount', 'keyboard', 'author'])(
    'shows a field called %s',
    (key) => {
      expect(redact({ [key]: 'plain' })).toEqual({ [key]: 'plain' });
    },
  );

  test('survives cycles, depth, huge texts and prototype keys', () => {
    const cyclic: Record<string, unknown> = { name: 'a' };
    cyclic.self = cyclic;
    expect(redact(cyclic)).toEqual({ name: 'a', self: '[circular]' });
    let deep: unknown = 'end';
    for (let i = 0; i < 50; i++) deep = { deep };
    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
    expect(redactText('x'.repeat(1_000_000)).length).toBeLessThan(5_000);
    expect(Object.keys(redact(JSON.parse('{"__proto__":{"polluted":true},"ok":1}')) as object)).toEqual(['ok']);
  });

  test('a log line never holds a secret, whichever way it got in', () => {
    const lines: string[] = [];
    const logger = createLogger({ requestId: 'req_1' }, (line) => lines.push(line));
    const canary = CANARIES['personal token'] ?? '';
    const cause = new Error(`refused ${canary}`);
    logger.with({ token: canary }).error(`failed with ${canary}`, { cause, held: new Secret(canary), list: [canary] });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(canary);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', requestId: 'req_1', held: '[redacted]' });
  });
});
