import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '@/lib/db/client';
import { migrateDatabase } from '@/lib/db/migrate';
import { openTestDatabase, systemActor } from '@/lib/db/testing/context';
import { jobQueue, openQueue } from '@/lib/jobs/queue';
import { emitAudit } from '../emit';
import { createAuditKeys } from './keys';
import { verifyChain } from './verify';

const ROLE = `app_${Math.random().toString(36).slice(2, 10)}`;
let owner: Database;
let asApp: string;

/** The statements of docs/audit.md, for a role of this test's own. */
function documented(): string {
  const block = /```sql\n([\s\S]*?)```/.exec(readFileSync('docs/audit.md', 'utf8'))?.[1] ?? '';
  return block.replaceAll('aetherstack_app', ROLE);
}

beforeAll(async () => {
  owner = await openTestDatabase();
  const boss = await openQueue(owner.url, { onError: () => {} });
  await boss.stop({ graceful: false });
  await owner.pool.query(documented());
  await owner.pool.query(`alter role ${ROLE} password 'only-here'`);
  const url = new URL(owner.url);
  url.username = ROLE;
  url.password = 'only-here';
  asApp = url.href;
});
afterAll(async () => {
  const admin = new pg.Client({ connectionString: owner.url });
  await admin.connect();
  await admin.query(`drop owned by ${ROLE}; drop role ${ROLE}`);
  await admin.end();
  await owner.close();
});

describe('the role of docs/audit.md', () => {
  test('starts the console, queues work and appends; the chain goes on without any right on it', async () => {
    await migrateDatabase(asApp);
    const boss = await openQueue(asApp, { onError: (error) => expect.unreachable(String(error)) });
    const app = openDatabase(asApp);
    try {
      await app.db.transaction(async (tx) => {
        await jobQueue(boss).wakeDeployment(tx, 'dep_1');
        const source = { actor: systemActor, requestId: null };
        const resource = { kind: 'x', id: null };
        await emitAudit(tx, source, { action: 'test.line', resource, outcome: 'done', sentence: 'A line.' });
      });
      expect(await boss.fetch('deployment')).toHaveLength(1);
      const keys = createAuditKeys(Buffer.alloc(32, 1));
      expect(await verifyChain(app.db, { keys, anchorFile: null })).toMatchObject({ broken: null, lines: 1 });
      for (const statement of [
        `update audit set sentence = 'x'`,
        'delete from audit',
        'truncate audit',
        'alter table audit disable trigger all',
        `insert into audit_chain values (2, 2, '\\x00')`,
        'delete from audit_chain',
        'update audit_heads set seq = 1',
        'drop table audit',
        'set session_replication_role = replica',
      ])
        await expect(app.pool.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    } finally {
      await boss.stop({ graceful: false });
      await app.close();
    }
  });
});
