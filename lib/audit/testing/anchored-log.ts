import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { Database } from '@/lib/db/client';
import { openTestDatabase, testContext } from '@/lib/db/testing/context';
import type { AnchorPlace } from '../model/anchor-place';
import type { SignedHead } from '../model/head';
import { readAnchor } from '../server/anchor';
import { createAuditKeys } from '../server/keys';
import type { Signer } from '../server/sign-head';

export const keys = createAuditKeys(Buffer.alloc(32, 5));

/** A log with nothing in it, and a folder for its anchor. */
export interface AnchoredLog {
  database: Database;
  ctx: ServiceContext;
  folder: string;
  /** The anchor, which is not there yet. */
  file: string;
  /** A server's own, which anchors in the file unless it is said otherwise. */
  signer(anchor?: AnchorPlace | null, over?: Partial<Signer>): Signer;
  append(count: number): Promise<void>;
  anchored(): Promise<SignedHead[]>;
  close(): Promise<void>;
}

export async function anchoredLog(): Promise<AnchoredLog> {
  const database = await openTestDatabase({ max: 12 });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aetherstack-anchor-'));
  const file = path.join(folder, 'anchor.ndjson');
  return {
    ...{ database, folder, file, ctx: testContext(database.db) },
    signer: (anchor = { kind: 'file', path: file }, over = {}) => ({
      ...{ keys, anchor, memory: { last: null, trouble: null } },
      ...over,
    }),
    append: async (count) => {
      await database.db.execute(sql`insert into audit (actor_kind, actor_name, action, resource_kind, outcome, sentence)
        select 'system', 'x', 'test.line', 'thing', 'done', 'Line ' || g from generate_series(1, ${count}::int) g`);
    },
    anchored: () => Array.fromAsync(readAnchor(file)),
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
