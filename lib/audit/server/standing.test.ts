import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit } from '@/lib/db/schema';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { createAuditKeys } from './keys';
import { type Signer, signHead } from './sign-head';
import { verifyChain } from './verify';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.execute(sql`insert into audit (actor_kind, actor_name, action, resource_kind, outcome, sentence)
    values ('system', 'x', 'test.line', 'thing', 'done', 'A line')`);
});
afterAll(() => database.close());

const keys = createAuditKeys(Buffer.alloc(32, 5));
const verified = () => verifyChain(database.db, { keys, anchorFile: null, requireHead: false });
const newSigner = (): Signer => ({ keys, anchor: null, memory: { last: null, trouble: null } });

test('tables that can show others something else: the verifier believes none of it and no head is signed', async () => {
  const ctx = testContext(database.db);
  await database.db.execute(sql`alter table audit_chain enable row level security`);
  const sentence =
    'The log cannot be trusted: public.audit_chain has row security, so not everybody is shown the same lines.';
  expect(await verified()).toMatchObject({
    broken: { kind: 'log_replaced', line: null, sentence },
    lines: 0,
    hash: null,
  });
  expect(await signHead(ctx, newSigner())).toBeNull();
  const told = await database.db.select().from(audit).where(sql`action = 'audit.sign'`);
  expect(told).toMatchObject([{ outcome: 'failed', sentence: expect.stringContaining(sentence) }]);
  await database.db.execute(sql`alter table audit_chain disable row level security`);
  expect(await verified()).toMatchObject({ broken: null });
  expect(await signHead(ctx, newSigner())).toMatchObject({ seq: expect.any(Number) });
});
