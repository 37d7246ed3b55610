import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emitAudit } from '@/lib/audit/emit';
import { auditKeysOf } from '@/lib/audit/server/keys';
import { signHead } from '@/lib/audit/server/sign-head';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import { tamper } from '@/lib/db/testing/tamper';
import { runVerify } from './run-verify';

const kek = Buffer.alloc(32, 4);
let database: Database;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-verify-'));
  const ctx = testContext(database.db);
  const line = {
    action: 'test.line',
    resource: { kind: 'x', id: null },
    outcome: 'done' as const,
    sentence: 'A line.',
  };
  for (let n = 0; n < 3; n++) await emitAudit(database.db, ctx, line);
  const anchor = { kind: 'file' as const, path: path.join(folder, 'anchor.ndjson') };
  await signHead(ctx, { keys: auditKeysOf({ AETHERSTACK_KEK: kek }), anchor, memory: { last: null, trouble: null } });
  writeFileSync(
    path.join(folder, 'keys.json'),
    JSON.stringify({ AETHERSTACK_KEK: kek.toString('base64'), other: 'x' }),
  );
  writeFileSync(path.join(folder, 'other.key'), `${Buffer.alloc(32, 5).toString('base64')}\n`);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The command as a process, as anybody starts it. */
function verify(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['scripts/audit-verify.mjs', ...args], {
    env: { ...process.env, INIT_CWD: folder, DATABASE_URL: '' },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

/** The same without the process. */
const verdict = (...args: string[]) => runVerify(args, { AUDIT_VERIFY_FROM: folder });

describe('npm run audit:verify', { timeout: 180_000 }, () => {
  test('says in a sentence and an exit code whether the log is what was written', async () => {
    const args = ['--database', database.url, '--key-file', 'keys.json', '--anchor', 'anchor.ndjson'];
    expect(await verify(...args)).toMatchObject({
      code: 0,
      out: 'INTACT  All 3 lines are as they were written; signed up to line 3, anchored up to line 3.\n',
    });
    const strange = await verdict('--database', database.url, '--key-file', 'other.key');
    expect(strange).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^BROKEN {2}The newest head, of line 3, is signed with key/),
    });
    await tamper(database.db, (tx) => tx.execute(sql`delete from audit where id = 2`));
    const broken = await verify(...args, '--json');
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.out)).toMatchObject({
      intact: false,
      lines: 1,
      broken: { kind: 'entry_missing', line: 2 },
    });
  });

  test('what it cannot look at is neither', async () => {
    expect(await verify()).toMatchObject({
      code: 2,
      err: expect.stringContaining('--database and --key-file are needed'),
    });
    const nowhere = await verdict('--database', database.url, '--key-file', 'missing.key');
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('missing.key is not there') });
    const refused = await verdict('--database', 'postgres://nobody@127.0.0.1:1/x', '--key-file', 'keys.json');
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('could not be read') });
  });
});
