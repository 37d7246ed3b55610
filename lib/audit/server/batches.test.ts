import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database, Tx } from '@/lib/db/client';
import { openTestDatabase } from '@/lib/db/testing/context';
import { tamper } from '@/lib/db/testing/tamper';
import { checkChain } from './check-chain';
import { createAuditKeys } from './keys';
import { readCensus, readChain, readHeads } from './read-chain';
import { standing } from './standing';

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
    census: () => readCensus(tx),
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

const FORGED = `insert into audit (id, actor_kind, actor_name, action, resource_kind, outcome, sentence) overriding system value
  values (90001, 'user', 'Mallory', 'deployment.approve', 'deployment', 'done', 'Forged.');
  alter table audit_chain drop constraint audit_chain_pkey, alter column seq drop not null;
  create index on audit_chain (seq);
  insert into audit_chain (seq, audit_id, hash) values `;

test.each([
  [`(${EDGE}, 90001, '\\x00')`, EDGE],
  [`(${LINES}, 90001, '\\x00')`, LINES],
  [`(-1, 90001, '\\x00')`, -1],
  [`(null, 90001, '\\x00')`, null],
])('a link that no read comes past is counted: %s', async (link, line) => {
  expect((await verdictAfter(FORGED + link)).broken).toMatchObject({ kind: 'link_extra', line });
});

test.each([
  [
    'an entry without a number',
    `alter table audit drop constraint audit_pkey; alter table audit alter column id drop identity; alter table audit alter column id drop not null`,
    `insert into audit (id, actor_kind, actor_name, action, resource_kind, outcome, sentence) values (null, 'user', 'M', 'x.y', 'x', 'done', 'Forged.')`,
  ],
])('%s is counted too', async (_what, open, put) => {
  expect((await verdictAfter(`${open}; ${put}`)).broken).toMatchObject({ kind: 'entry_unchained', line: null });
});

test.each([
  ['create schema evil; create table evil.audit (id int); set local search_path = evil, public', 'search path'],
  ['alter table audit rename to kept; create view public.audit as select * from kept', 'ordinary table'],
  ['alter table audit_chain enable row level security', 'row security'],
  ['create rule hush as on insert to public.audit do instead nothing', 'rules'],
])('a log that can show others something else is not believed: %s', async (manipulation, why) => {
  const undone = database.db.transaction(async (tx) => {
    expect(await standing(tx)).toBeNull();
    await tx.execute(sql.raw(`set local search_path = "$user", public; ${manipulation}`));
    expect(await standing(tx)).toContain(why);
    throw new Undo();
  });
  await expect(undone).rejects.toThrow(Undo);
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
