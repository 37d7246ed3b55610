import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, systemActor } from '@/lib/db/testing/context';
import { tamper } from '@/lib/db/testing/tamper';
import { emitAudit } from '../emit';
import { createAuditKeys } from './keys';
import { verifyChain } from './verify';

let database: Database;
const source = { actor: systemActor, requestId: 'req_1' };
const entry = (n: number) => ({
  action: 'test.line',
  resource: { kind: 'thing', id: `t${n}` },
  outcome: 'done' as const,
  sentence: `Line ${n}.`,
});
const options = { keys: createAuditKeys(Buffer.alloc(32, 7)), anchorFile: null, requireHead: false };

beforeAll(async () => {
  database = await openTestDatabase();
  for (let n = 1; n <= 5; n++) await emitAudit(database.db, source, entry(n));
  await database.db.execute(
    sql`insert into audit_heads (seq, hash, key_id, signature) select seq, hash, 'k', 's' from audit_chain where seq = 5`,
  );
});
afterAll(() => database.close());

const STATEMENTS = [
  `update audit set sentence = 'x' where id = 1`,
  `update audit set sentence = 'x' where false`,
  `delete from audit where id = 1`,
  'truncate audit',
  'truncate audit cascade',
  `update audit_chain set hash = '\\x00' where seq = 1`,
  'delete from audit_chain where seq = 1',
  'truncate audit_chain',
  `insert into audit_chain (seq, audit_id, hash) values (6, 99, '\\x00')`,
  `update audit_heads set signature = 'x'`,
  'delete from audit_heads',
  'truncate audit_heads',
];

describe('the log only grows', () => {
  test.each(STATEMENTS)('even a superuser is refused: %s', async (statement) => {
    await expect(database.pool.query(statement)).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('The audit log only grows'),
    });
  });

  test('a superuser who puts the triggers to sleep gets through, and the verifier says where', async () => {
    await emitAudit(database.db, source, entry(6));
    await database.pool.query('alter table audit_heads disable trigger user; delete from audit_heads');
    await expect(verifyChain(database.db, options)).resolves.toMatchObject({ broken: null, lines: 6 });
    await tamper(database.db, (tx) => tx.execute(sql`update audit set sentence = 'Nothing happened.' where id = 3`));
    await expect(verifyChain(database.db, options)).resolves.toMatchObject({
      lines: 2,
      broken: {
        kind: 'entry_changed',
        line: 3,
        sentence: expect.stringContaining('Line 3 (entry 3) is not what was written'),
      },
    });
  });
});
