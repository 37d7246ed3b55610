import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { completeSetup } from '@/lib/auth/first-administrator';
import { hashPassword } from '@/lib/auth/password';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { acceptInvitation } from '.';

vi.mock('@/lib/auth/password', { spy: true });

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => vi.clearAllMocks());
afterAll(() => database.close());

test('whoever has no valid link makes the server hash no password', async () => {
  const ctx = testContext(database.db, { actor: { kind: 'anonymous', name: 'anonymous', ip: null } });
  const stranger = { token: 'guessed-guessed-guessed-guessed', password: 'orbit lantern velvet' };
  await expect(acceptInvitation(ctx, stranger)).rejects.toMatchObject({ code: 'link_invalid' });
  await expect(completeSetup(ctx, { ...stranger, login: 'x', name: 'X' })).rejects.toMatchObject({
    code: 'setup_token',
  });
  expect(hashPassword).not.toHaveBeenCalled();
});
