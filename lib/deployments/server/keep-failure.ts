import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Tx } from '@/lib/auth/context';
import { failures } from '@/lib/db/schema';
import { redactText } from '@/lib/kernel/redact';
import { type Fingerprint, fingerprintOf } from '../model/fingerprint';
import type { DeploymentRow } from './rows';

/** Ended in a way that somebody will ask about; what people stopped themselves is none of them. */
const BAD: readonly string[] = ['failed', 'errored', 'timed_out'];

export const digestOf = ({ key }: Fingerprint) => createHash('sha256').update(key).digest('hex').slice(0, 16);

/**
 * What it failed with, as far as its end says, in the transaction of that end. Its log is read a moment later, outside of
 * all locks (read-failure-log.ts).
 */
export async function keepFailure(tx: Tx, row: DeploymentRow): Promise<void> {
  if (!BAD.includes(row.status)) return;
  const said = row.failureSentence ?? row.failureCode ?? 'It did not succeed; the provider gave no reason.';
  const found = fingerprintOf({ line: redactText(said), step: row.failureStep, exitCode: null });
  await tx
    .insert(failures)
    .values({
      ...{ deploymentId: row.id, fingerprint: digestOf(found), line: found.line, step: found.step },
      ...{ source: 'said', failedAt: sql`now()`, tries: 0 },
      nextTryAt: row.remoteId === null ? null : sql`now()`,
    })
    .onConflictDoNothing();
}
