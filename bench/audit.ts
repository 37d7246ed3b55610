import { hash } from 'node:crypto';
import os from 'node:os';
import { emitAudit } from '@/lib/audit/emit';
import { createAuditKeys } from '@/lib/audit/server/keys';
import { verifyChain } from '@/lib/audit/server/verify';
import type { Database } from '@/lib/db/client';

const SECONDS = 5;
const source = { actor: { kind: 'system', name: 'bench' } as const, requestId: 'req_bench' };
const entry = {
  action: 'bench.append',
  resource: { kind: 'thing', id: 'thing_1' },
  outcome: 'done' as const,
  sentence: 'Somebody deployed backend 1.4.2 to production.',
  data: { sha: '0123456789abcdef0123456789abcdef01234567', number: 42 },
};

/** What the chain costs, and how long it takes to prove; a bare insert into a table of the same shape is the reference. */
export async function measureAudit(database: Database, lines: number): Promise<void> {
  await database.pool.query('create table bare (like audit including all)');
  const bare = `insert into bare (actor_kind, actor_name, action, resource_kind, resource_id, outcome, sentence, data, request_id)
    values ('system', 'bench', 'bench.append', 'thing', 'thing_1', 'done', $1, $2, 'req_bench')`;
  const insert = () => database.pool.query(bare, [entry.sentence, JSON.stringify(entry.data)]);
  const append = () => emitAudit(database.db, source, entry);
  for (const writers of [1, 8]) {
    const reference = await perSecond(writers, insert);
    const chained = await perSecond(writers, append);
    const share = (chained / reference).toFixed(2);
    console.log(
      `append, ${writers} at once: ${Math.round(chained)}/s; a bare insert: ${Math.round(reference)}/s; ratio ${share}`,
    );
  }
  await fill(database, lines);
  const keys = createAuditKeys(Buffer.alloc(32, 1));
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const verdict = await verifyChain(database.db, { keys, anchorFile: null, requireHead: false });
  const took = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const plain = await timeHashing(database, verdict.lines);
  const read = await timeReading(database);
  console.log(
    `verify ${verdict.lines.toLocaleString('en')} lines: ${took.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of it work here), ${verdict.broken ? verdict.broken.sentence : 'intact'}; ` +
      `plain SHA-256 of as many pieces of that size: ${plain.toFixed(1)} s; ratio ${(took / plain).toFixed(1)}; ` +
      `reading and hashing them inside Postgres: ${read.toFixed(1)} s; ratio ${(took / read).toFixed(1)}; ` +
      `load ${os.loadavg()[0]?.toFixed(1)} on ${os.availableParallelism()} cores; memory ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
  );
}

async function perSecond(writers: number, write: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + SECONDS * 1000;
  let count = 0;
  const writer = async () => {
    for (; performance.now() < end; count++) await write();
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return count / SECONDS;
}

/** Many lines by the trigger, in transactions of 10,000. */
async function fill(database: Database, lines: number): Promise<void> {
  const client = await database.pool.connect();
  await client.query('set statement_timeout = 0');
  const begun = performance.now();
  for (let done = 0; done < lines; done += 10_000)
    await client.query(`insert into audit (actor_kind, actor_name, action, resource_kind, resource_id, outcome, sentence, data)
      select 'system', 'bench', 'bench.fill', 'thing', 'thing_' || g, 'done', 'Somebody deployed backend 1.4.' || g || ' to production.',
        jsonb_build_object('sha', md5(g::text), 'number', g) from generate_series(${done}, ${done + 9_999}) g`);
  await client.query('vacuum analyze audit, audit_chain');
  client.release();
  console.log(
    `filled with ${lines.toLocaleString('en')} lines in ${((performance.now() - begun) / 1000).toFixed(0)} s`,
  );
}

/** What no verifier can do without: one hash of each line, in bytes that are there already. Seconds. */
async function timeHashing(database: Database, lines: number): Promise<number> {
  const { rows } = await database.pool.query<{ size: number }>(
    'select 40 + avg(octet_length(audit_canonical(a)))::int as size from (select * from audit order by id desc limit 1000) a',
  );
  const bytes = Buffer.alloc(rows[0]?.size ?? 0, 'a');
  const begun = performance.now();
  for (let n = 0; n < lines; n++) {
    bytes.writeUInt32BE(n);
    hash('sha256', bytes, 'hex');
  }
  return (performance.now() - begun) / 1000;
}

async function timeReading(database: Database): Promise<number> {
  const begun = performance.now();
  await database.pool.query({
    text: `set statement_timeout = 0; select count(sha256(c.hash || audit_canonical(a))) from audit_chain c join audit a on a.id = c.audit_id`,
    query_timeout: 120_000,
  } as { text: string });
  return (performance.now() - begun) / 1000;
}
