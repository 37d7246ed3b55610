import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '@/lib/auth/actor';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, personActor, systemActor, testContext } from '@/lib/db/testing/context';
import { emitAudit } from '../emit';
import { auditExportInput } from '../model/view';
import { exportAudit } from './export';
import { listAudit } from './list';

const LINES = 2_300;
let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.pool.query(
    `insert into audit (actor_kind, actor_name, action, resource_kind, environment, outcome, sentence, code, data)
     select 'system', 'x', 'test.line', 'thing', case g % 3 when 0 then 'staging' when 1 then 'production' end, 'done',
       case g % 5 when 0 then '=cmd|'' /C calc''!A0' when 1 then 'Zwei "Zeilen"' || chr(13) || chr(10) || 'ü' else 'Line ' || g end,
       case g % 2 when 0 then '' end, jsonb_build_object('n', g, 'wide', '🚀', 'exact', 1.10)
     from generate_series(1, $1::int) g`,
    [LINES],
  );
});
afterAll(() => database.close());

const admin = personActor([{ role: 'admin', environmentPattern: '*' }]);

async function take(format: 'csv' | 'json', filters: object = {}, actor: Actor = admin) {
  const input = auditExportInput.parse({ format, ...filters });
  const file = await exportAudit(testContext(database.db, { actor }), input);
  return { ...file, text: await new Response(file.body).text() };
}

const ORDER = [
  'entry',
  'at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'action',
  'resource_kind',
  'resource_id',
  'environment',
].concat(['outcome', 'code', 'sentence', 'data', 'request_id', 'ip']);

/** As docs/audit.md tells a third party to do it: from the file alone, with nothing of ours. */
function hashOf(line: Record<string, string | null>): string {
  const fields = ORDER.map((name) => {
    let value = line[name] ?? null;
    if (name === 'at' && value !== null) {
      const [seconds, micros] = value.slice(0, -1).split('.');
      value = `${BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(micros ?? 0)}`;
    }
    return value === null ? '-,' : `${Buffer.byteLength(value)}:${value},`;
  });
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(line.line ?? 0));
  const previous = Buffer.from(line.previous_hash ?? '', 'hex');
  return createHash('sha256').update(previous).update(place).update(fields.join('')).digest('hex');
}

function parseCsv(text: string): Record<string, string | null>[] {
  const rows = [...text.matchAll(/(?:^|\r\n|,)(?:"((?:[^"]|"")*)")?/g)];
  const cells = rows.map(([all, cell]) => ({ begins: !all.startsWith(','), cell: cell ?? null }));
  const table: (string | null)[][] = [];
  for (const { begins, cell } of cells) {
    if (begins) table.push([]);
    const value = cell?.replaceAll('""', '"') ?? null;
    table.at(-1)?.push(value?.startsWith("'") ? value.slice(1) : value);
  }
  const [names = [], ...lines] = table.filter((row) => row.length > 1);
  return lines.map((row) => Object.fromEntries(names.map((name, at) => [name ?? '', row[at] ?? null])));
}

describe('the log as a file', () => {
  test.each(['csv', 'json'] as const)('%s: whoever has it can compute every hash from it alone', async (format) => {
    const { text, name, type } = await take(format);
    expect(name).toMatch(format === 'csv' ? /\.csv$/ : /\.ndjson$/);
    expect(type).toContain(format === 'csv' ? 'text/csv' : 'application/x-ndjson');
    const lines =
      format === 'csv'
        ? parseCsv(text)
        : text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThanOrEqual(LINES);
    let previous = '0'.repeat(64);
    for (const [at, line] of lines.entries()) {
      expect(line.line).toBe(String(at + 1));
      expect(line.previous_hash).toBe(previous);
      expect(hashOf(line)).toBe(line.hash);
      previous = line.hash ?? '';
    }
  });

  test('no cell begins like a formula', async () => {
    const { text } = await take('csv');
    expect(text).toContain(`"'=cmd|' /C calc'!A0"`);
    expect(text).not.toMatch(/(?:^|,|\r\n)"[=+\-@\t\r]/);
  });

  test('filters as the page; a line that was left out does not keep the others from being checked', async () => {
    const { text } = await take('json', { environment: 'staging', from: '2020-01-01T00:00:00Z', text: 'Line' });
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(100);
    expect(new Set(lines.map((line) => line.environment))).toEqual(new Set(['staging']));
    for (const line of lines) expect(hashOf(line)).toBe(line.hash);
    expect((await take('csv', { text: 'no such words' })).text.split('\r\n')).toHaveLength(2);
  });

  test('an approver of one environment takes that environment away, an operator nothing; each taking is a line', async () => {
    const approver = personActor([{ role: 'approver', environmentPattern: 'stag*' }], { name: 'Grace' });
    const { text } = await take('json', {}, approver);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(lines.map((line) => line.environment))).toEqual(new Set(['staging']));
    const operator = personActor([{ role: 'operator', environmentPattern: '*' }]);
    await expect(take('csv', {}, operator)).rejects.toMatchObject({ kind: 'forbidden' });
    const page = await listAudit(testContext(database.db, { actor: systemActor }), { limit: 1 });
    expect(page.rows).toMatchObject([
      {
        action: 'audit.export',
        outcome: 'done',
        actor: { name: 'Grace' },
        sentence: expect.stringContaining('as JSON'),
      },
    ]);
  });

  test('lines that are appended while it is read stay out, and a reader who leaves ends the reading', async () => {
    const file = await exportAudit(testContext(database.db, { actor: admin }), { format: 'json' });
    const reader = file.body.getReader();
    const first = await reader.read();
    const source = { actor: systemActor, requestId: null };
    const late = {
      action: 'test.late',
      resource: { kind: 'x', id: null },
      outcome: 'done' as const,
      sentence: 'Late.',
    };
    await emitAudit(database.db, source, late);
    let text = Buffer.from(first.value ?? []).toString();
    for (let step = await reader.read(); !step.done; step = await reader.read())
      text += Buffer.from(step.value).toString();
    expect(text).not.toContain('test.late');
    const other = await exportAudit(testContext(database.db, { actor: admin }), { format: 'csv' });
    await other.body.cancel();
    expect(database.pool.waitingCount).toBe(0);
  });
});
