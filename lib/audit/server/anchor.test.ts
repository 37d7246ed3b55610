import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { audit, events } from '@/lib/db/schema';
import { personActor, testContext } from '@/lib/db/testing/context';
import { type AnchoredLog, anchoredLog, keys } from '../testing/anchored-log';
import { lastAnchored } from './anchor';
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

describe('an anchor file', () => {
  test('a line that a crash cut short swallows nothing; foreign lines may stand between', async () => {
    await append(2);
    const me = signer();
    await signHead(ctx, me);
    appendFileSync(file, '{"kind":"aetherstack.audit-head","seq":9');
    await append(1000);
    await signHead(ctx, me);
    writeFileSync(file, `a line of another program\n${readFileSync(file, 'utf8')}`);
    expect((await anchored()).map((head) => head.seq)).toEqual([2, 1002]);
    expect(await lastAnchored(file)).toMatchObject({ seq: 1002 });
    expect(await lastAnchored(path.join(folder, 'none'))).toBeNull();
    await expect(verifyChain(database.db, { keys, anchorFile: file })).resolves.toMatchObject({ broken: null });
  });

  test('heads of two logs in one file are told', async () => {
    await append(2000);
    await signHead(ctx, signer());
    const forged = readFileSync(file, 'utf8');
    rmSync(file);
    await append(1000);
    await signHead(ctx, signer());
    appendFileSync(file, forged);
    await expect(verifyChain(database.db, { keys, anchorFile: file })).resolves.toMatchObject({
      broken: { kind: 'anchor_disordered', line: 2000 },
    });
  });
});

describe('an anchor that is not what it was', () => {
  const mine = () => testContext(database.db, { actor: personActor([{ role: 'admin', environmentPattern: '*' }]) });
  const verified = async () => (await verifyAudit(mine(), {}, signer())).sentence;

  test('one that has every head begins where it should, and nothing is said of that', async () => {
    await append(3);
    await signHead(ctx, signer());
    await append(1000);
    await signHead(ctx, signer());
    expect(await verified()).toMatch(/anchored up to line 1,003\.$/);
    expect((await readAuditStatus(ctx, {}, signer())).verified).toMatchObject({ anchorBegins: null });
  });

  test('before the first head there is no file, and the log is verified all the same', async () => {
    await append(3);
    expect(await verified()).toBe('All 3 lines are as they were written; not signed yet, nothing anchored yet.');
  });

  test.each([
    ['was emptied', () => writeFileSync(file, '')],
    ['was moved away', () => rmSync(file)],
  ])(
    'one that %s is told, and from where on its file begins when new heads are there; the log itself is whole',
    async (_what, change) => {
      await append(3);
      await signHead(ctx, signer());
      change();
      const { intact, sentence, verdict } = await verifyAudit(mine(), {}, signer());
      expect({ intact, lacks: verdict.anchor?.lacks?.line }).toEqual({ intact: true, lacks: 3 });
      expect(sentence).toMatch(/the anchor has no head; but line 3 was anchored .+ and is not there/);
      expect((await readAuditStatus(ctx, {}, signer())).verified).toMatchObject({ intact: true, anchorLacks: 3 });
      await append(1000);
      await signHead(ctx, signer());
      const begins =
        'anchored up to line 1,004; the anchor begins with line 1,004, and older heads that were anchored are not there.';
      for (const more of [0, 1000]) {
        await append(more);
        if (more > 0) await signHead(ctx, signer());
        const again = await verifyAudit(mine(), {}, signer());
        expect(again).toMatchObject({ intact: true, verdict: { anchor: { lacks: null, begins: { line: 1004 } } } });
        if (more === 0) expect(again.sentence).toContain(begins);
        const { verified } = await readAuditStatus(ctx, {}, signer());
        expect(verified).toMatchObject({ intact: true, anchorLacks: null, anchorBegins: 1004 });
      }
    },
  );

  test('one that was put back from before is told with the head that it lacks', async () => {
    await append(3);
    await signHead(ctx, signer());
    const before = readFileSync(file);
    await append(1000);
    await signHead(ctx, signer());
    writeFileSync(file, before);
    expect(await verified()).toMatch(/anchored up to line 3; but line 1,003 was anchored .+ and is not there/);
  });

  test('one that was emptied is told also where the head after it reached no anchor', async () => {
    await append(3);
    await signHead(ctx, signer());
    writeFileSync(file, '');
    await append(1000);
    await signHead(ctx, { ...signer(), anchor: null });
    expect(await verified()).toMatch(/the anchor has no head; but line 3 was anchored/);
  });

  test('one that cannot be read refuses the verification with a sentence', async () => {
    await append(3);
    mkdirSync(file);
    await expect(verifyAudit(mine(), {}, signer())).rejects.toMatchObject({
      ...{ kind: 'unavailable', code: 'anchor_unreadable', message: expect.stringContaining('(EISDIR)') },
    });
  });

  test('while one cannot be read nothing is signed; that is recorded once, told and shown, until it can be', async () => {
    await append(3);
    mkdirSync(file);
    const me = signer();
    expect(await signHead(ctx, me)).toBeNull();
    expect(await signHead(ctx, me)).toBeNull();
    const lines = () => database.db.select().from(audit).where(sql`action = 'audit.sign'`);
    const said = expect.stringMatching(/cannot be read \(EISDIR\).+No head is signed/);
    expect((await lines()).map(({ outcome, sentence }) => [outcome, sentence])).toEqual([['failed', said]]);
    expect((await database.db.select().from(events)).map(({ kind, data }) => [kind, data])).toEqual([
      ['audit.broken', { sentence: said }],
    ]);
    expect(await readAuditStatus(ctx, {}, signer())).toMatchObject({ head: null, trouble: { sentence: said } });
    rmSync(file, { recursive: true });
    expect(await signHead(ctx, me)).toMatchObject({ seq: 4 });
    expect((await readAuditStatus(ctx, {}, signer())).trouble).toBeNull();
  });
});
