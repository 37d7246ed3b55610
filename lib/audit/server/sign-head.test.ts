import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { LOCKS } from '@/lib/db/locks';
import { audit, events } from '@/lib/db/schema';
import { personActor, systemActor, testContext } from '@/lib/db/testing/context';
import { tamper } from '@/lib/db/testing/tamper';
import { eventName } from '@/lib/notifications/model/events';
import { type AnchorPlace, parseAnchor } from '../model/anchor-place';
import { type AnchoredLog, anchoredLog, keys } from '../testing/anchored-log';
import { auditKeysOf } from './keys';
import { signHead } from './sign-head';
import { readAuditStatus } from './status';
import { verifyAudit, verifyChain } from './verify';

let log: AnchoredLog;
let database: Database;
let ctx: ServiceContext;
let folder: string;
let file: string;
beforeEach(async () => {
  log = await anchoredLog();
  ({ database, ctx, folder, file } = log);
});
afterEach(() => log.close());

const signer: AnchoredLog['signer'] = (...more) => log.signer(...more);
const append: AnchoredLog['append'] = (count) => log.append(count);
const anchored: AnchoredLog['anchored'] = () => log.anchored();

const troubles = async () =>
  (await database.db.select().from(audit).where(sql`action = 'audit.sign'`)).map((row) => [row.outcome, row.sentence]);

describe('the head of the log', () => {
  test('is signed at once, then after 1,000 lines or a minute; never twice for the same line', async () => {
    const me = signer(null);
    expect(await signHead(ctx, me)).toBeNull();
    await append(3);
    expect(await signHead(ctx, me)).toMatchObject({ seq: 3 });
    expect(await signHead(ctx, me)).toBeNull();
    await append(999);
    expect(await signHead(ctx, me)).toBeNull();
    await append(1);
    expect(await signHead(ctx, me)).toMatchObject({ seq: 1003 });
    const verdict = await verifyChain(database.db, { keys, anchorFile: null });
    expect(verdict).toMatchObject({ broken: null, lines: 1003, heads: { checked: 2, newest: { line: 1003 } } });
  });

  test('of ten instances at the same moment one signs; the anchor has what the database has', async () => {
    await append(5);
    const signed = await Promise.all(Array.from({ length: 10 }, () => signHead(ctx, signer())));
    expect(signed.filter(Boolean)).toHaveLength(1);
    const [head] = await anchored();
    expect(head).toEqual(signed.find(Boolean));
    const { rows } = await database.pool.query('select anchor, count(*)::int as n from audit_heads group by 1');
    expect(rows).toEqual([{ anchor: 'file', n: 1 }]);
    expect(await readAuditStatus(ctx, {}, signer())).toMatchObject({
      lines: 5,
      unsigned: 0,
      head: { line: 5, anchored: true },
      anchor: 'a file',
      trouble: null,
    });
  });

  test.each([
    ['changed', `update audit set sentence = 'x' where id = 7`],
    ['cut', 'delete from audit_chain where seq > 3'],
    ['emptied', 'delete from audit_chain'],
    ['given another hash', 'update audit_chain set hash = sha256(hash) where seq = 1005'],
  ])('a log that was %s since is not signed; that is recorded once, and shown', async (_what, statement) => {
    await append(5);
    const me = signer();
    await signHead(ctx, me);
    await append(1000);
    await tamper(database.db, (tx) => tx.execute(sql.raw(statement)));
    expect(await signHead(ctx, me)).toBeNull();
    expect(await signHead(ctx, me)).toBeNull();
    expect(await troubles()).toEqual([['failed', expect.stringMatching(/^Line [\d,]+ /)]]);
    expect((await readAuditStatus(ctx, {}, me)).trouble).not.toBeNull();
    expect(await anchored()).toHaveLength(1);
    const told = (await database.db.select().from(events)).map((row) => [eventName(row as never), row.data.sentence]);
    expect(told).toEqual([['audit.broken', expect.stringMatching(/^Line [\d,]+ /)]]);
  });

  test('a chain that was made anew with its heads deleted is not signed by a new process either: the anchor remembers', async () => {
    await append(5);
    await signHead(ctx, signer());
    await tamper(database.db, async (tx) => {
      await tx.execute(sql`delete from audit where id = 2`);
      await tx.execute(sql`delete from audit_heads`);
      await tx.execute(sql`delete from audit_chain`);
      await tx.execute(sql`do $$ declare line public.audit; place bigint := 0; link bytea := decode(repeat('00', 32), 'hex'); begin
        for line in select * from audit order by id loop place := place + 1; link := audit_link(link, place, line);
        insert into audit_chain values (place, line.id, link); end loop; end $$`);
    });
    await append(3);
    expect(await signHead(ctx, signer())).toBeNull();
    expect((await troubles())[0]?.[1]).toContain('anchored last');
    const verdict = await verifyChain(database.db, { keys, anchorFile: file });
    expect(verdict.broken).toMatchObject({ kind: 'anchor_mismatch', line: 5 });
  });

  test('an anchor that cannot be written: signed all the same, said once, and kept there as soon as it can be', async () => {
    await append(2);
    const me = signer({ kind: 'file', path: path.join(folder, 'missing', 'anchor.ndjson') });
    expect(await signHead(ctx, me)).toMatchObject({ seq: 2 });
    // Instead of waiting a minute: without a head the next one is due.
    await tamper(database.db, (tx) => tx.execute(sql`delete from audit_heads`));
    expect(await signHead(ctx, me)).toMatchObject({ seq: 3 });
    expect(await troubles()).toEqual([['failed', expect.stringContaining('could not be written to a file')]]);
    expect(await database.db.select().from(events)).toEqual([]);
    expect((await readAuditStatus(ctx, {}, me)).trouble).not.toBeNull();
    me.anchor = { kind: 'file', path: file };
    await tamper(database.db, (tx) => tx.execute(sql`delete from audit_heads`));
    expect(await signHead(ctx, me)).toMatchObject({ seq: 3 });
    expect((await anchored()).map((head) => head.seq)).toEqual([3]);
    expect((await readAuditStatus(ctx, {}, me)).trouble).toBeNull();
    expect((await troubles()).map(([outcome]) => outcome)).toEqual(['failed', 'done']);
    // A process that was started since knows nothing of the trouble; the head says that it is over.
    await tamper(database.db, (tx) =>
      tx.execute(sql`delete from audit where outcome = 'done' and action = 'audit.sign'`),
    );
    expect((await readAuditStatus(ctx, {}, signer())).trouble).toBeNull();
  });

  test('while an anchor takes its time no transaction is open, administrators can be changed, and nobody else signs', async () => {
    await append(1);
    const place = parseAnchor('https://audit.team.dev/heads') as AnchorPlace;
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const fetchOutside: ServiceContext['fetchOutside'] = async () => {
      asked.resolve();
      await answer.promise;
      return new Response(null, { status: 204 });
    };
    const slow = signHead({ ...ctx, fetchOutside }, signer(place));
    await asked.promise;
    try {
      const open = await database.pool.query(
        `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      );
      expect(open.rows).toEqual([]);
      expect(await signHead(ctx, signer())).toBeNull();
      const free = await database.pool.query('select pg_try_advisory_lock($1) as free', [LOCKS.administrators]);
      expect(free.rows).toEqual([{ free: true }]);
    } finally {
      answer.resolve();
    }
    expect(await slow).toMatchObject({ seq: 1 });
    await append(1000);
    expect(await signHead(ctx, signer())).toMatchObject({ seq: 1001 });
  });

  test('an https anchor gets the signed head as JSON; a refusal there is no anchor', async () => {
    await append(1);
    const place = parseAnchor('https://audit.team.dev/heads') as AnchorPlace;
    const sent: unknown[] = [];
    let status = 204;
    const fetchOutside: ServiceContext['fetchOutside'] = async (url, init) => {
      sent.push([url, init?.method, JSON.parse(String(init?.body))]);
      return new Response(null, { status });
    };
    const head = await signHead({ ...ctx, fetchOutside }, signer(place));
    expect(sent).toEqual([['https://audit.team.dev/heads', 'POST', { kind: 'aetherstack.audit-head', ...head }]]);
    status = 503;
    await append(1000);
    await signHead({ ...ctx, fetchOutside }, signer(place));
    expect((await readAuditStatus(ctx, {}, signer(place))).head).toMatchObject({ anchored: false });
  });
});

describe('keys', () => {
  const kek = Buffer.alloc(32, 1);
  test('after a change of key the old signatures still count while the old key is named, and are told apart after', async () => {
    await append(2);
    await signHead(ctx, signer(null, { keys: auditKeysOf({ AETHERSTACK_KEK: kek }) }));
    await append(1000);
    const own = { AETHERSTACK_KEK: kek, AETHERSTACK_AUDIT_KEY: Buffer.alloc(32, 2) };
    await signHead(ctx, signer(null, { keys: auditKeysOf(own) }));
    const verify = (env: Parameters<typeof auditKeysOf>[0]) =>
      verifyChain(database.db, { keys: auditKeysOf(env), anchorFile: null });
    expect(await verify(own)).toMatchObject({ broken: null, heads: { checked: 2, unknownKey: 0 } });
    expect(await verify({ ...own, AETHERSTACK_KEK: Buffer.alloc(32, 9) })).toMatchObject({
      broken: null,
      heads: { checked: 2, unknownKey: 1 },
    });
    expect((await verify({ AETHERSTACK_KEK: kek })).broken).toMatchObject({ kind: 'head_forged' });
  });
});

describe('the button', () => {
  test('says what it found, and is itself a line of the log; only for those who may read all of it', async () => {
    await append(4);
    await signHead(ctx, signer());
    const actor = personActor([{ role: 'admin', environmentPattern: '*' }], { name: 'Ada' });
    const mine = testContext(database.db, { actor });
    const good = await verifyAudit(mine, {}, signer());
    expect(good).toMatchObject({
      intact: true,
      sentence: 'All 4 lines are as they were written; signed up to line 4, anchored up to line 4.',
    });
    await tamper(database.db, (tx) => tx.execute(sql`update audit set ip = '10.0.0.1' where id = 2`));
    expect(await verifyAudit(mine, {}, signer())).toMatchObject({ intact: false, verdict: { lines: 1 } });
    expect((await readAuditStatus(mine, {}, signer())).verified).toMatchObject({ upTo: 1, intact: false, by: 'Ada' });
    const narrow = personActor([{ role: 'approver', environmentPattern: 'staging' }]);
    await expect(verifyAudit(testContext(database.db, { actor: narrow }), {}, signer())).rejects.toMatchObject({
      kind: 'forbidden',
    });
    await expect(readAuditStatus(testContext(database.db, { actor: systemActor }), {}, signer())).resolves.toBeTruthy();
  });
});
