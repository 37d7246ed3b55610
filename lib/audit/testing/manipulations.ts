import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/db/client';

/** A small seeded generator (mulberry32): the same seed manipulates the same places. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof seeded>;
/** Changes the log of `n` lines as a superuser whose triggers sleep; returns what it did. */
type Manipulation = (tx: Tx, n: number, random: Random) => Promise<string>;

const run = async (tx: Tx, statement: string, did: string) => {
  const result = await tx.execute(sql.raw(statement));
  if ((result.rowCount ?? 0) === 0) throw new Error(`Changed nothing: ${did}`);
  return did;
};

const EDITS: Record<string, string> = {
  at: "at + interval '1 microsecond'",
  actor_kind: "case actor_kind when 'user' then 'system' else 'user' end",
  actor_id: "coalesce(actor_id || 'x', '')",
  actor_name: "actor_name || ' '",
  action: "action || '.x'",
  resource_kind: "upper(resource_kind) || 'x'",
  resource_id: "case when resource_id is null then '' else null end",
  environment: "coalesce(environment, 'production') || '1'",
  outcome: "case outcome when 'done' then 'refused' else 'done' end",
  code: "case when code is null then '' else null end",
  sentence: "reverse(sentence) || '.'",
  data: `data || jsonb_build_object('added', 1.0)`,
  request_id: "coalesce(request_id, '') || '0'",
  ip: "coalesce(ip, '127.0.0.1') || ' '",
};

const edit: Manipulation = (tx, n, random) => {
  const columns = Object.keys(EDITS);
  const column = columns[random(columns.length)] ?? 'at';
  const id = 1 + random(n);
  return run(tx, `update audit set ${column} = ${EDITS[column]} where id = ${id}`, `edit ${column} of ${id}`);
};

const renumber: Manipulation = (tx, n, random) => {
  const id = 1 + random(n);
  return run(tx, `update audit set id = ${n + 1000} where id = ${id}`, `renumber ${id}`);
};

const dropEntry: Manipulation = (tx, n, random) => {
  const id = 1 + random(n);
  return run(tx, `delete from audit where id = ${id}`, `delete entry ${id}`);
};

const dropBoth: Manipulation = async (tx, n, random) => {
  const id = 1 + random(n);
  await run(tx, `delete from audit_chain where audit_id = ${id}`, '');
  return run(tx, `delete from audit where id = ${id}`, `delete entry and link ${id}`);
};

const dropLink: Manipulation = (tx, n, random) => {
  const seq = 1 + random(n);
  return run(tx, `delete from audit_chain where seq = ${seq}`, `delete link ${seq}`);
};

/** Closes the gap as well, so that the numbers run on. */
const dropAndClose: Manipulation = async (tx, n, random) => {
  const seq = 1 + random(n - 1);
  await run(tx, `delete from audit where id = (select audit_id from audit_chain where seq = ${seq})`, '');
  await run(tx, `delete from audit_chain where seq = ${seq}`, '');
  for (let place = seq + 1; place <= n; place++)
    await run(tx, `update audit_chain set seq = ${place - 1} where seq = ${place}`, '');
  return `delete ${seq} and close the gap`;
};

const COLUMNS =
  'at, actor_kind, actor_id, actor_name, action, resource_kind, resource_id, environment, outcome, code, sentence, data';
const copyOf = (id: number, as: number) =>
  `insert into audit (id, ${COLUMNS}) overriding system value select ${as}, ${COLUMNS} from audit where id = ${id}`;

const insertEntry: Manipulation = (tx, n, random) => {
  const id = 1 + random(n);
  return run(tx, copyOf(id, n + 5000), `put in a copy of ${id} without a link`);
};

const insertWithLink: Manipulation = async (tx, n, random) => {
  const id = 1 + random(n);
  await run(tx, copyOf(id, n + 5000), '');
  const link = `insert into audit_chain (seq, audit_id, hash) select ${n + 1}, ${n + 5000}, hash from audit_chain where seq = ${id}`;
  return run(tx, link, `put in a copy of ${id} with a link of its hash`);
};

async function swap(tx: Tx, table: string, column: string, key: string, a: number, b: number): Promise<string> {
  const other = `(select x.${column} from ${table} x where x.${key} = (case ${table}.${key} when ${a} then ${b} else ${a} end))`;
  return run(
    tx,
    `update ${table} set ${column} = ${other} where ${key} in (${a}, ${b})`,
    `swap ${column} of ${a} and ${b}`,
  );
}

function two(n: number, random: Random): [number, number] {
  const a = 1 + random(n);
  return [a, 1 + ((a + random(n - 1)) % n)];
}

const reorderHashes: Manipulation = (tx, n, random) => swap(tx, 'audit_chain', 'hash', 'seq', ...two(n, random));
const reorderSentences: Manipulation = (tx, n, random) => swap(tx, 'audit', 'sentence', 'id', ...two(n, random));

const reorderEntries: Manipulation = async (tx, n, random) => {
  const [a, b] = two(n, random);
  // Around a free number, since each entry has one link.
  await run(tx, `update audit_chain set audit_id = -1 where seq = ${a}`, '');
  const [idA, idB] = [a, b];
  await run(tx, `update audit_chain set audit_id = ${idA} where seq = ${b}`, '');
  return run(tx, `update audit_chain set audit_id = ${idB} where seq = ${a}`, `swap entries ${a} and ${b}`);
};

const wrongHash: Manipulation = (tx, n, random) => {
  const seq = 1 + random(n);
  return run(tx, `update audit_chain set hash = sha256(hash) where seq = ${seq}`, `another hash at ${seq}`);
};

/** Only the anchor knows of lines whose heads are gone too. */
const cutTail: Manipulation = async (tx, n, random) => {
  const last = random(n);
  await run(tx, `delete from audit where id in (select audit_id from audit_chain where seq > ${last})`, '');
  await run(tx, `delete from audit_chain where seq > ${last}`, '');
  const heads = random(2) === 0;
  if (heads) await tx.execute(sql.raw(`delete from audit_heads where seq > ${last}`));
  return `cut off after ${last}${heads ? ', heads too' : ''}`;
};

const REMAKE = `do $$ declare line public.audit; place bigint := 0; link bytea := decode(repeat('00', 32), 'hex'); begin
  delete from audit_chain;
  for line in select * from audit order by id loop
    place := place + 1; link := audit_link(link, place, line);
    insert into audit_chain (seq, audit_id, hash) values (place, line.id, link);
  end loop; end $$`;

/** The whole chain anew, and what somebody without the key can do about the heads. */
const remake: Manipulation = async (tx, n, random) => {
  const did = random(2) === 0 ? await edit(tx, n, random) : await dropEntry(tx, n - 1, random);
  await tx.execute(sql.raw(REMAKE));
  const ways = ['heads left', 'heads deleted', 'heads moved to the new hashes', 'heads of another key'];
  const way = random(ways.length);
  if (way === 1) await tx.execute(sql.raw('delete from audit_heads'));
  if (way >= 2) {
    const key = way === 3 ? `, key_id = 'ffffffffffff'` : '';
    await tx.execute(sql.raw(`delete from audit_heads where seq > (select max(seq) from audit_chain)`));
    await tx.execute(sql.raw(`update audit_heads h set hash = c.hash${key} from audit_chain c where c.seq = h.seq`));
  }
  return `${did}, whole chain made anew, ${ways[way]}`;
};

const forgeHead: Manipulation = (tx, _n, random) => {
  const set = [
    "signature = repeat('0', 64)",
    "signed_at = signed_at + interval '1 day'",
    'hash = sha256(hash)',
    'seq = seq - 1',
  ];
  const what = set[random(set.length)] ?? '';
  return run(
    tx,
    `update audit_heads set ${what} where id = (select min(id) + ${random(3)} from audit_heads)`,
    `head: ${what}`,
  );
};

const forged = (id: number) =>
  `insert into audit (id, actor_kind, actor_name, action, resource_kind, outcome, sentence) overriding system value
    values (${id}, 'user', 'Mallory', 'deployment.approve', 'deployment', 'done', 'Forged.')`;

/** Linked, but at a place that no reading of the chain from its first line comes past. */
const linkOutside: Manipulation = async (tx, n, random) => {
  const place = ['-1', '0', 'null'][random(3)] ?? '';
  await tx.execute(sql.raw(forged(n + 5000)));
  if (place === 'null')
    await tx.execute(sql`alter table audit_chain drop constraint audit_chain_pkey, alter column seq drop not null`);
  const link = `insert into audit_chain (seq, audit_id, hash) values (${place}, ${n + 5000}, '\\x00')`;
  return run(tx, link, `put in an entry with the place ${place}`);
};

/** A second link at a taken place; where one read ends, the next begins after both. */
const linkTwice: Manipulation = async (tx, n, random) => {
  const seq = 1 + random(n);
  await tx.execute(sql`alter table audit_chain drop constraint audit_chain_pkey`);
  await tx.execute(sql.raw(forged(n + 5000)));
  const link = `insert into audit_chain (seq, audit_id, hash) values (${seq}, ${n + 5000}, '\\x00')`;
  return run(tx, link, `put in an entry with a second link at ${seq}`);
};

/** The fields of a deleted entry as a COPY has them, put where a reader of fixed offsets takes them for the entry. */
const lineInHash: Manipulation = async (tx, n, random) => {
  const seq = 1 + random(n);
  const fields = ['id::text', 'trunc(extract(epoch from at) * 1000000)::text', ...COLUMNS.split(', ').slice(1, -1)];
  const field = (text: string) =>
    `coalesce(int4send(octet_length(${text})) || convert_to(${text}, 'UTF8'), int4send(-1))`;
  const packed = [...fields, 'data::text', 'request_id', 'ip'].map(field).join(' || ');
  await tx.execute(sql`alter table audit_chain alter column audit_id drop not null`);
  const fake = `update audit_chain set audit_id = null, hash = (select int4send(audit_id) || int4send(32) || hash || ${packed}
    from audit where id = audit_id) where seq = ${seq}`;
  await run(tx, fake, '');
  return run(tx, `delete from audit where id = ${seq}`, `delete entry ${seq}, its fields in its link`);
};

export const MANIPULATIONS: Record<string, Manipulation> = {
  edit,
  renumber,
  dropEntry,
  dropBoth,
  dropLink,
  dropAndClose,
  insertEntry,
  insertWithLink,
  reorderHashes,
  reorderSentences,
  reorderEntries,
  wrongHash,
  cutTail,
  remake,
  forgeHead,
  linkOutside,
  linkTwice,
  lineInHash,
};
