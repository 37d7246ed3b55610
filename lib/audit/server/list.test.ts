import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { audit } from '@/lib/db/schema';
import { openTestDatabase, personActor, systemActor, testContext } from '@/lib/db/testing/context';
import { tamper } from '@/lib/db/testing/tamper';
import { emitAudit } from '../emit';
import { auditFilters } from '../model/view';
import { listAudit } from '.';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  for (let i = 0; i < 9; i++) {
    await emitAudit(
      database.db,
      { actor: personActor([], { id: `usr_${i % 2}`, name: i % 2 ? 'Ada' : 'Bob 100%' }), requestId: null },
      {
        action: i % 3 ? 'deployment.request' : 'connection.verify',
        resource: { kind: i % 3 ? 'deployment' : 'connection', id: `res_${i}` },
        environment: i % 3 ? (i % 2 ? 'staging' : 'production') : null,
        outcome: i === 4 ? 'refused' : 'done',
        sentence: `Line ${i}.`,
      },
    );
  }
});
afterAll(() => database.close());

const read = (filters: object = {}, actor = systemActor) =>
  listAudit(testContext(database.db, { actor }), auditFilters.parse({ limit: 50, ...filters }));
const lines = async (filters: object = {}) => (await read(filters)).rows.map((row) => row.sentence);

describe('the audit log', () => {
  test('reads newest first and page by page, without gap or repeat, even within one microsecond', async () => {
    await tamper(database.db, (tx) =>
      tx
        .update(audit)
        .set({ at: sql`'2026-01-01T00:00:00.123456Z'::timestamptz + (id / 3) * interval '1 microsecond'` }),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await read({ limit: 2, cursor });
      seen.push(...page.rows.map((row) => row.sentence));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `Line ${n}.`));
  });

  test.each<[object, number[]]>([
    [{ actor: 'ada' }, [7, 5, 3, 1]],
    [{ actor: 'usr_0' }, [8, 6, 4, 2, 0]],
    [{ actor: '%' }, [8, 6, 4, 2, 0]],
    [{ actor: '_' }, []],
    [{ action: 'connection' }, [6, 3, 0]],
    [{ action: 'connection.verify', outcome: 'done' }, [6, 3, 0]],
    [{ action: 'conn' }, []],
    [{ resourceKind: 'deployment', resourceId: 'res_5' }, [5]],
    [{ outcome: 'refused' }, [4]],
    [{ environment: 'staging' }, [7, 5, 1]],
    [{ text: 'LINE 7' }, [7]],
    [{ from: '2030-01-01T00:00:00Z' }, []],
    [{ to: '2025-01-01T00:00:00Z' }, []],
  ])('the filter %j finds its lines', async (filters, numbers) => {
    expect(await lines(filters)).toEqual(numbers.map((n) => `Line ${n}.`));
  });

  test('an approver of one environment reads that environment only; a viewer nothing', async () => {
    const approver = personActor([
      { role: 'approver', environmentPattern: 'stag*' },
      { role: 'viewer', environmentPattern: '*' },
    ]);
    expect((await read({}, approver)).rows.map((row) => row.environment)).toEqual(['staging', 'staging', 'staging']);
    expect((await read({}, personActor([{ role: 'approver', environmentPattern: '_taging' }]))).rows).toEqual([]);
    await expect(read({}, personActor([{ role: 'viewer', environmentPattern: '*' }]))).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });

  test.each(['nonsense', '2026-13-45T99:99:99.000000Z~1', "2026-01-01T00:00:00.000000Z~1' or 1=1", '~'])(
    'a broken page link (%s) is refused',
    async (cursor) => {
      await expect(read({ cursor })).rejects.toMatchObject({ code: 'cursor_invalid' });
    },
  );

  test('keeps no secret and survives what a database refuses', async () => {
    const canary = `gh${'s_'}${'Kk2j'.repeat(9)}`;
    await emitAudit(
      database.db,
      { actor: systemActor, requestId: 'req' },
      {
        action: 'test.canary',
        resource: { kind: 'x', id: `id\u0000${canary}` },
        outcome: 'failed',
        sentence: `It said ${canary}\u0000.`,
        data: { token: 'hunter2-hunter2', nested: { text: canary, nul: '\u0000' }, [canary]: 1 },
      },
    );
    const { rows } = await read({ action: 'test' });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(canary);
    expect(JSON.stringify(rows)).not.toContain('hunter2');
  });
});
