import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, Tx } from '@/lib/db/client';
import { openTestDatabase } from '@/lib/db/testing/context';
import { tamper } from '@/lib/db/testing/tamper';
import { checkChain } from './check-chain';
import { createAuditKeys } from './keys';
import { readChain, readHeads, unchainedEntry } from './read-chain';

/** Where one read ends and the next begins, with more than one line after it. */
const EDGE = 5_000;
const LINES = EDGE + 3;
const keys = createAuditKeys(Buffer.alloc(32, 1));

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.pool.query(`insert into audit (actor_kind, actor_name, action, resource_kind, outcome, sentence)
    select 'system', 'x', 'test.line', 'thing', 'done', 'Line ' || g from generate_series(1, ${LINES}) g`);
});
afterAll(() => database.close());

const verify = (tx: Tx, links = readChain(tx)) =>
  checkChain({
    links,
    heads: readHeads(tx),
    anchored: null,
    unchained: () => unchainedEntry(tx),
    keys,
    requireHead: false,
  });

class Undo extends Error {}

async function verdictAfter(manipulation: string) {
  let verdict: Awaited<ReturnType<typeof verify>> | null = null;
  const undone = tamper(database.db, async (tx) => {
    await tx.execute(sql.raw(manipulation));
    verdict = await verify(tx);
    throw new Undo();
  });
  await expect(undone).rejects.toThrow(Undo);
  return verdict as unknown as Awaited<ReturnType<typeof verify>>;
}

test('a log of more than one read is whole, to its last line', async () => {
  await expect(database.db.transaction((tx) => verify(tx))).resolves.toMatchObject({ broken: null, lines: LINES });
});

test.each([
  [`update audit set sentence = 'x' where id = ${EDGE}`, 'entry_changed', EDGE],
  [`update audit set sentence = 'x' where id = ${EDGE + 1}`, 'entry_changed', EDGE + 1],
  [`update audit_chain set hash = sha256(hash) where seq = ${EDGE}`, 'entry_changed', EDGE],
  [`delete from audit_chain where seq = ${EDGE}`, 'link_missing', EDGE],
  [`delete from audit_chain where seq = ${EDGE + 1}`, 'link_missing', EDGE + 1],
  [`delete from audit where id = ${EDGE + 1}`, 'entry_missing', EDGE + 1],
  [`delete from audit_chain where seq > ${EDGE}`, 'entry_unchained', null],
])('where one read ends and the next begins nothing slips through: %s', async (manipulation, kind, line) => {
  const { broken, lines } = await verdictAfter(manipulation);
  expect(broken).toMatchObject({ kind, line });
  expect(lines).toBe((line ?? EDGE + 1) - 1);
});

test('who stops at the first read leaves a connection that goes on', async () => {
  await database.db.transaction(async (tx) => {
    for await (const batch of readChain(tx)) {
      expect(batch).toHaveLength(EDGE);
      break;
    }
    await expect(verify(tx, readChain(tx))).resolves.toMatchObject({ broken: null });
  });
});
