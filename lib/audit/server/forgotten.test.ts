import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, systemActor, testContext } from '@/lib/db/testing/context';
import { emitAudit } from '../emit';
import { forgottenHeads } from './forgotten';
import { createAuditKeys } from './keys';
import { type Signer, signHead } from './sign-head';

const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-forgotten-'));
const file = path.join(folder, 'anchor.ndjson');
const keys = createAuditKeys(Buffer.alloc(32, 5));
let database: Database;
let before: Signer;

const signer = (over: Partial<Signer> = {}): Signer => ({
  keys,
  anchor: { kind: 'file', path: file },
  memory: { last: null, trouble: null },
  ...over,
});
const write = () =>
  emitAudit(
    database.db,
    { actor: systemActor, requestId: null },
    { action: 'test.line', resource: { kind: 'thing', id: null }, outcome: 'done', sentence: 'Something.' },
  );
/** The disk as it was three lines ago. */
const setBack = () =>
  database.pool.query(`begin; set local session_replication_role = replica;
    delete from audit_heads; delete from audit_chain where seq > 2; delete from audit where id > 2; commit`);

beforeAll(async () => {
  database = await openTestDatabase();
  for (let n = 0; n < 5; n++) await write();
});
beforeEach(() => rmSync(file, { force: true }));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});

test('a database that has all that was signed has forgotten nothing, and an older state of it is known by the anchor or this process', async () => {
  before = signer();
  expect(await signHead(testContext(database.db, { actor: systemActor }), before)).toMatchObject({ seq: 5 });
  await write();
  expect(await forgottenHeads(database.db, before)).toEqual([]);
  expect(await forgottenHeads(database.db, signer())).toEqual([]);

  await setBack();
  expect(await forgottenHeads(database.db, signer())).toEqual([expect.stringMatching(/^5:[0-9a-f]{64}$/)]);
  expect(await forgottenHeads(database.db, { ...before, anchor: null })).toEqual([
    expect.stringMatching(/^5:[0-9a-f]{64}$/),
  ]);
  // Grown past it with other lines, it has forgotten it all the same.
  for (let n = 0; n < 6; n++) await write();
  expect(await forgottenHeads(database.db, signer())).toEqual([expect.stringMatching(/^5:[0-9a-f]{64}$/)]);
});

test('what carries no signature of ours, or is not there, says nothing', async () => {
  expect(await forgottenHeads(database.db, signer())).toEqual([]);
  const head = { seq: 900, hash: 'a'.repeat(64), signedAt: '2026-03-01T00:00:00.000000Z', keyId: keys.current.id };
  writeFileSync(file, `${JSON.stringify({ kind: 'aetherstack.audit-head', ...head, signature: 'b'.repeat(64) })}\n`);
  expect(await forgottenHeads(database.db, signer())).toEqual([]);
  expect(await forgottenHeads(database.db, signer({ anchor: { kind: 'file', path: folder } }))).toEqual([]);
  expect(await forgottenHeads(database.db, signer({ anchor: { kind: 'stdout' } }))).toEqual([]);
});
