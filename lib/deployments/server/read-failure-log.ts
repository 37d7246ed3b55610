import 'server-only';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { deploymentSteps, deployments, failures } from '@/lib/db/schema';
import { describeError, log } from '@/lib/kernel/log';
import { maskSecrets, redactText } from '@/lib/kernel/redact';
import { type AnyProvider, ProviderError } from '@/lib/providers/port';
import { fingerprintOf, firstErrorLine } from '../model/fingerprint';
import { digestOf } from './keep-failure';

const AT_ONCE = 3;
const MOST_TRIES = 4;
/** Each piece is a request; the newest are kept where a log is longer. */
const MOST_PIECES = 20;
const KEPT_CHARACTERS = 1_000_000;

/**
 * Reads the log of the failed job of what ended badly, once for all instances, and keeps its first line that says what is
 * wrong. A log that is not there yet is asked for again: 1, 2 and 4 minutes later. Returns how many were looked at.
 */
export async function readFailureLogs(ctx: ServiceContext): Promise<number> {
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    update ${failures} set tries = tries + 1,
      next_try_at = case when tries + 1 >= ${MOST_TRIES} then null else now() + make_interval(mins => power(2, tries)::int) end
    where deployment_id in (select deployment_id from ${failures} where next_try_at <= now()
      order by next_try_at limit ${AT_ONCE} for update skip locked)
    returning deployment_id as id`);
  for (const { id } of rows) await readOne(ctx, id);
  return rows.length;
}

async function readOne(ctx: ServiceContext, deploymentId: string): Promise<void> {
  try {
    const [row] = await ctx.db.select().from(deployments).where(eq(deployments.id, deploymentId));
    const step = row && (await failedStep(ctx, deploymentId, row.remoteAttempt));
    if (!row || !step) return;
    const { provider, context } = await ctx.openConnection(row.connectionId, 'survey');
    const logs = (provider as AnyProvider).methods.logs;
    if (!logs) return await stop(ctx, deploymentId);
    const text = await whole((cursor) => logs.read(context, row.config, step.jobId, cursor));
    const found = firstErrorLine(maskSecrets(text));
    if (!found) return;
    // The log is passed on as it is there; this line is kept longer than that, so all that looks like a secret goes.
    const print = fingerprintOf({ ...found, line: redactText(found.line), step: row.failureStep ?? step.name });
    const { line, exitCode } = print;
    await ctx.db
      .update(failures)
      .set({ fingerprint: digestOf(print), line, exitCode, step: print.step, source: 'log', nextTryAt: null })
      .where(eq(failures.deploymentId, deploymentId));
  } catch (error) {
    // The sentence of its end stands; who cannot be asked now is asked later.
    if (!(error instanceof ProviderError))
      log.warn('the log of a failure could not be read', { deploymentId, ...describeError(error) });
  }
}

async function stop({ db }: ServiceContext, deploymentId: string): Promise<void> {
  await db.update(failures).set({ nextTryAt: null }).where(eq(failures.deploymentId, deploymentId));
}

async function failedStep({ db }: ServiceContext, deploymentId: string, attempt: number) {
  const mine = and(eq(deploymentSteps.deploymentId, deploymentId), eq(deploymentSteps.remoteAttempt, attempt));
  const [step] = await db
    .select({ jobId: deploymentSteps.jobId, name: deploymentSteps.name })
    .from(deploymentSteps)
    .where(and(mine, eq(deploymentSteps.status, 'failed')))
    .orderBy(asc(deploymentSteps.position))
    .limit(1);
  return step ?? null;
}

async function whole(read: (cursor: string | null) => Promise<{ text: string; cursor: string | null }>) {
  let [text, cursor]: [string, string | null] = ['', null];
  for (let piece = 0; piece < MOST_PIECES; piece++) {
    const chunk = await read(cursor);
    text = (text + chunk.text).slice(-KEPT_CHARACTERS);
    if (chunk.cursor === null || chunk.text === '' || chunk.cursor === cursor) break;
    cursor = chunk.cursor;
  }
  return text;
}
