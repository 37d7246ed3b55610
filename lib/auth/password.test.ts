import { describe, expect, test } from 'vitest';
import { passwordProblem } from '@/lib/members/model/password-rules';
import { hashPassword, verifyPassword } from './password';

describe('passwords', () => {
  test('the right one fits, another does not, and two hashes of one password differ', async () => {
    const hash = await hashPassword('orbit lantern velvet 9');
    expect(hash).toMatch(/^\$scrypt\$ln=16,r=8,p=1\$/);
    expect(await verifyPassword(hash, 'orbit lantern velvet 9')).toBe(true);
    expect(await verifyPassword(hash, 'orbit lantern velvet 8')).toBe(false);
    expect(await hashPassword('orbit lantern velvet 9')).not.toBe(hash);
  });

  test('the same characters typed on another keyboard fit', async () => {
    const hash = await hashPassword('Caf\u00e9 au lait, merci');
    expect(await verifyPassword(hash, 'Cafe\u0301 au lait, merci')).toBe(true);
  });

  test.each([null, '', 'plain', '$scrypt$ln=31,r=8,p=1$c2FsdHNhbHRzYWx0c2Fs$x', '$scrypt$ln=16,r=8,p=1$$'])(
    'nobody signs in against %s',
    async (hash) => {
      expect(await verifyPassword(hash, 'orbit lantern velvet 9')).toBe(false);
    },
  );

  test.each([
    ['short1', 'ada'],
    ['aaaaaaaaaaaaaaaa', 'ada'],
    ['123456789012', 'ada'],
    ['passwordpassword', 'ada'],
    ['Administrator1!', 'ada'],
    ['ada.lovelace.1', 'ada.lovelace'],
    ['x'.repeat(201), 'ada'],
  ])('%s is refused for %s', (password, login) => {
    expect(passwordProblem(password, login)).toMatch(/\.$/);
  });

  test.each(['orbit lantern velvet', 'Tr4in-st4tion!', 'ein langer deutscher satz', '🦊🦊🐙🐙🐳🐳🦉🦉🐝🐝🐢🐢'])(
    '%s will do',
    (password) => {
      expect(passwordProblem(password, 'ada')).toBeNull();
    },
  );
});
