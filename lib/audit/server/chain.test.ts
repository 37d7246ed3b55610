import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '@/lib/db/client';
import { migrateDatabase } from '@/lib/db/migrate';
import { openTestDatabase, systemActor } from '@/lib/db/testing/context';
import { emitAudit } from '../emit';
import { createAuditKeys } from './keys';
import { formOf, lineBytes } from './link';
import { inSnapshot, readChain } from './read-chain';
import { verifyChain } from './verify';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase({ max: 30 });
});
afterAll(() => database.close());

const options = { keys: createAuditKeys(Buffer.alloc(32, 7)), anchorFile: null, requireHead: false };
const source = { actor: systemActor, requestId: null };
const entry = (sentence: string) => ({
  action: 'test.line',
  resource: { kind: 'thing', id: null },
  outcome: 'done' as const,
  sentence,
});

/** What Postgres takes as text: no NUL, no half of a surrogate pair. */
const words = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\u0000', '').toWellFormed());
const maybe = fc.option(words, { nil: null });
const anyLine = fc.record({
  at: fc.date({ min: new Date('1900-01-01'), max: new Date('9999-01-01'), noInvalidDate: true }),
  micros: fc.nat(999),
  kind: fc.constantFrom('user', 'system', 'webhook', 'token', 'anonymous'),
  actorId: maybe,
  actorName: words,
  action: words,
  resourceKind: words,
  resourceId: maybe,
  environment: maybe,
  outcome: fc.constantFrom('done', 'refused', 'failed'),
  code: maybe,
  sentence: words,
  data: fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value).replaceAll('\\u0000', '').toWellFormed()),
  requestId: maybe,
  ip: maybe,
});

describe('the form of a line', () => {
  test('is the same in TypeScript and in the database, whatever it holds and whatever the session prefers', async () => {
    const client = await database.pool.connect();
    const zones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns'];
    const settings = ['ISO, MDY', 'German', 'SQL, DMY', 'Postgres, YMD'];
    try {
      await fc.assert(
        fc.asyncProperty(anyLine, fc.nat(11), async (line, n) => {
          const { at, micros, kind, ...rest } = line;
          await client.query(`set timezone = '${zones[n % 3]}'`);
          await client.query(`set datestyle = '${settings[n % 4]}'`);
          await client.query(
            `set extra_float_digits = ${(n % 4) - 3}; set bytea_output = '${n % 2 ? 'hex' : 'escape'}'`,
          );
          const moment = `${at.toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
          await client.query(
            `insert into audit (at, actor_kind, actor_id, actor_name, action, resource_kind, resource_id, environment, outcome, code,
              sentence, data, request_id, ip) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
            [
              moment,
              kind,
              rest.actorId,
              rest.actorName,
              rest.action,
              rest.resourceKind,
              rest.resourceId,
              rest.environment,
            ].concat([rest.outcome, rest.code, rest.sentence, rest.data, rest.requestId, rest.ip]),
          );
        }),
        { numRuns: 300 },
      );
    } finally {
      client.release(true);
    }
    const { rows } = await database.pool.query(
      `select a.id::text as id, encode(audit_canonical(a), 'hex') as form from audit a order by a.id`,
    );
    const forms = new Map(rows.map((row) => [row.id, Buffer.from(row.form, 'hex').toString()]));
    const ours = await inSnapshot(database.db, async (tx) => {
      const read: [string, string][] = [];
      for await (const batch of readChain(tx))
        for (const row of batch) if (row.line) read.push([String(row.entryId), formOf(row.line)]);
      return new Map(read);
    });
    expect(ours.size).toBe(300);
    expect(ours).toEqual(forms);
    await expect(verifyChain(database.db, options)).resolves.toMatchObject({ broken: null, lines: 300 });
  });

  test('is the same of moments near and far', async () => {
    const moments = ['infinity', '-infinity', '294000-12-31 23:59:59.999999+00', '4714-11-24 00:00:00+00 BC'];
    const near = [
      '1970-01-01 00:00:00+00',
      '1969-12-31 23:59:59.999999+00',
      '2000-01-01 00:00:00+00',
      '1999-12-31 00:00+00',
    ];
    const wide = [
      '2142-09-14 01:59:59.370495+00',
      '2142-09-14 01:59:59.370496+00',
      '1857-04-20 00:00:00+00',
      '1000-01-01 00:00+00',
    ];
    const other = await openTestDatabase();
    try {
      for (const at of [...moments, ...near, ...wide])
        await other.pool.query(
          `insert into audit (at, actor_kind, actor_name, action, resource_kind, outcome, sentence)
            values ($1, 'system', 'x', 'test.line', 'thing', 'done', '')`,
          [at],
        );
      await expect(verifyChain(other.db, options)).resolves.toMatchObject({ broken: null, lines: 12 });
    } finally {
      await other.close();
    }
  });

  test('a function that somebody puts in front of one of Postgres is not asked', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await database.pool.query(`create schema evil;
      create function evil.trunc(numeric) returns numeric language sql as 'select 0::numeric';
      alter database ${name} set search_path = evil, pg_catalog, public`);
    const fooled = openDatabase(database.url);
    try {
      expect((await fooled.pool.query('select trunc(7.5) as n')).rows).toEqual([{ n: '0' }]);
      await expect(verifyChain(fooled.db, options)).resolves.toMatchObject({ broken: null });
    } finally {
      await fooled.close();
      await database.pool.query(`alter database ${name} reset search_path; drop schema evil cascade`);
    }
  });

  test('no two different lines share it', () => {
    const plain = ['1', '0', 'user', null, 'a', 'b', 'c', null, null, 'done', null, '', '{}', null, null];
    const line = (over: Record<number, string | null>) => {
      const fields = plain.map((text, n) => (n in over ? (over[n] ?? null) : text));
      const length = (n: number) => Buffer.from(Int32Array.of(n).buffer).reverse();
      // The moment is 8 bytes of microseconds since 2000.
      const moment = Buffer.alloc(8);
      moment.writeBigInt64BE(BigInt(fields[1] ?? 0) - 946_684_800_000_000n);
      const value = (text: string, n: number) => (n === 1 ? moment : Buffer.from(text));
      const parts = fields.map((text, n) =>
        text === null ? [length(-1)] : [length(value(text, n).length), value(text, n)],
      );
      return formOf(lineBytes(Buffer.concat(parts.flat().map((part) => Buffer.from(part))), 0).bytes);
    };
    const [name, action, code, sentence] = [4, 5, 10, 11];
    expect(line({})).toBe('1:1,1:0,4:user,-,1:a,1:b,1:c,-,-,4:done,-,0:,2:{},-,-,');
    expect(line({ [name]: '1:a,', [action]: 'b' })).not.toBe(line({ [name]: 'a', [action]: '1:a,b' }));
    expect(line({ [code]: null })).not.toBe(line({ [code]: '' }));
    expect(line({ [code]: null })).not.toBe(line({ [code]: '-' }));
    expect(line({ [sentence]: 'ä' })).toContain('2:ä,');
    expect(line({ [sentence]: 'ä'.repeat(600) })).toContain(`1200:${'ä'.repeat(600)},`);
  });
});

describe('appending', () => {
  test('200 transactions at once, with row locks in every order: one chain, no gap, no deadlock', async () => {
    await database.pool.query('create table raced (id int primary key, n int not null default 0)');
    await database.pool.query('insert into raced (id) select generate_series(1, 6)');
    const before = await verifyChain(database.db, options);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) =>
        database.db.transaction(async (tx) => {
          // Rows in one order within a transaction, as everywhere; the audit lines before, between and after them.
          const [first, second] = [1 + (n % 3), 4 + (n % 3)];
          if (n % 3 === 0) await emitAudit(tx, source, entry(`first ${n}`));
          await tx.execute(sql`update raced set n = n + 1 where id = ${first}`);
          await emitAudit(tx, source, entry(`between ${n}`));
          await tx.execute(sql`select pg_notify('raced', '')`);
          await tx.execute(sql`update raced set n = n + 1 where id = ${second}`);
          if (n % 2 === 0) await emitAudit(tx, source, entry(`last ${n}`));
          if (n % 10 === 9) throw new Error('changed its mind');
        }),
      ),
    );
    expect(outcomes.filter((each) => each.status === 'rejected')).toHaveLength(20);
    for (const each of outcomes)
      if (each.status === 'rejected') expect(String(each.reason)).toContain('changed its mind');
    const lines = (n: number) => 1 + (n % 3 === 0 ? 1 : 0) + (n % 2 === 0 ? 1 : 0);
    const wanted = Array.from({ length: 200 }, (_, n) => (n % 10 === 9 ? 0 : lines(n))).reduce((a, b) => a + b, 0);
    const after = await verifyChain(database.db, options);
    expect(after.broken).toBeNull();
    expect(after.lines - before.lines).toBe(wanted);
  });

  test('a transaction that sees an old state fails rather than forking the chain', async () => {
    const failure = database.db.transaction(
      async (tx) => {
        await tx.execute(sql`select 1 from audit_chain limit 1`);
        await emitAudit(database.db, source, entry('meanwhile'));
        await emitAudit(tx, source, entry('from an old state'));
      },
      { isolationLevel: 'repeatable read' },
    );
    await expect(failure).rejects.toThrow();
    await expect(verifyChain(database.db, options)).resolves.toMatchObject({ broken: null });
  });
});

describe('the migration', () => {
  test('chains the lines of an older installation in the order of their ids, and goes on from there', async () => {
    const admin = process.env.TEST_DATABASE_URL ?? '';
    const name = `old_${Math.random().toString(36).slice(2, 10)}`;
    const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-old-'));
    const server = new pg.Client({ connectionString: admin });
    await server.connect();
    const url = new URL(admin);
    url.pathname = `/${name}`;
    try {
      await server.query(`create database ${name}`);
      cpSync('lib/db/migrations', folder, { recursive: true });
      const journal = path.join(folder, 'meta', '_journal.json');
      const whole = JSON.parse(readFileSync(journal, 'utf8'));
      writeFileSync(journal, JSON.stringify({ ...whole, entries: whole.entries.slice(0, 2) }));
      await migrateDatabase(url.href, folder);
      const old = openDatabase(url.href);
      for (let n = 0; n < 25; n++) await emitAudit(old.db, source, entry(`Old line ${n} – ü.`));
      await migrateDatabase(url.href);
      await emitAudit(old.db, source, entry('New line.'));
      await expect(verifyChain(old.db, options)).resolves.toMatchObject({ broken: null, lines: 26 });
      const { rows } = await old.pool.query('select bool_and(seq = audit_id) as in_order from audit_chain');
      expect(rows[0].in_order).toBe(true);
      await old.close();
    } finally {
      await server.query(`drop database if exists ${name} with (force)`);
      await server.end();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
