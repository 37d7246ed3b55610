import { expect, test } from 'vitest';
import { redactText } from '@/lib/kernel/redact';
import { holdSecrets } from './held-secrets';

test('secrets of the environment are masked in every writing while somebody keeps them; a password that is a word is not', () => {
  const environment = {
    AETHERSTACK_KEK: ' s6Yt/Vq0cQm1b8h3u5w7y9A2D4G6J8L0N1P3R5T7V9X= ',
    CRON_SECRET: 'tick-tock-8d1f3b5a7c9e',
    DATABASE_URL: 'postgres://ada:p%40ss-of-the-database@db.example/x',
    NEXTAUTH_URL: 'https://deploy.team.dev',
  };
  const held = holdSecrets(environment);
  expect(held).toHaveLength(3);
  const written = [
    's6Yt/Vq0cQm1b8h3u5w7y9A2D4G6J8L0N1P3R5T7V9X=',
    Buffer.from(environment.CRON_SECRET).toString('base64'),
    Buffer.from(environment.CRON_SECRET).toString('hex'),
    'p@ss-of-the-database',
  ];
  for (const text of written) expect(redactText(`it says ${text} here`)).toMatch(/^it says \[redacted\]\S{0,4} here$/);
  expect(redactText('https://deploy.team.dev')).toBe('https://deploy.team.dev');

  expect(holdSecrets({ DATABASE_URL: 'postgres://ada:postgres@db.example/x' })).toEqual([]);
  expect(redactText('the postgres server')).toBe('the postgres server');
  expect(holdSecrets({ DATABASE_URL: 'no address', CRON_SECRET: '' })).toEqual([]);
  expect(holdSecrets({ DATABASE_URL: 'postgres://a:%E0%A4%A-broken-escape@h/x' })).toHaveLength(1);
});
