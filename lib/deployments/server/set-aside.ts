import { DrizzleQueryError, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { publish } from '@/lib/realtime/publish';
import { isTerminal } from '../model/status';
import { advance } from './advance';
import { patience } from './claim';
import { move, note } from './move';
import { type DeploymentRow, environmentSlugOf, lockDeployment } from './rows';
import { LATER_SECONDS, MAX_TRIES, STUMBLED } from './trouble';
import { withoutMark } from './wait-out';

const WAIT_SECONDS = 60;

/**
 * `advance()` for a worker: one deployment that the code cannot cope with is set aside after three tries and never
 * stops the line. Trouble with the database is thrown on: then nothing can be written, and the job comes again.
 */
export async function advanceOrSetAside(ctx: ServiceContext, deploymentId: string): Promise<void> {
  try {
    await advance(ctx, deploymentId);
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    if (error instanceof ServiceError && (await waits(ctx, deploymentId, error))) return;
    log.error('a deployment could not be advanced', { deploymentId, ...describeError(error) });
    await setAside(ctx, deploymentId, error instanceof Error ? error.name : 'unknown');
  }
}

/**
 * A refusal is about what it shares with others (a policy, a target), not about itself: what was not sent waits until that
 * is mended. False for what may have been sent.
 */
async function waits(ctx: ServiceContext, deploymentId: string, refusal: ServiceError): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, deploymentId);
    if (row?.status !== 'queued' && row?.status !== 'awaiting_approval') return false;
    const held = row.status === 'queued' ? patience : {};
    await note(tx, ctx, row, { waitingFor: refusal.sentence, ...withoutMark(row), ...held }, WAIT_SECONDS);
    return true;
  });
}

/** Not yet sent: it ends, with a sentence. Perhaps sent: a person is asked. Running: it is looked at every five minutes. */
async function setAside(ctx: ServiceContext, deploymentId: string, kind: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, deploymentId);
    if (!row || isTerminal(row.status)) return;
    const tries = row.troubleSentence?.startsWith(STUMBLED) ? row.troubleCount + 1 : 1;
    const troubleSentence = `${STUMBLED} (${kind}, try ${tries}). The log of this instance says where; report it.`;
    if (tries < MAX_TRIES) {
      await note(tx, ctx, row, { troubleCount: tries, troubleSentence }, 2 * tries);
      return;
    }
    if (row.status === 'queued') {
      const patch = { failureCode: 'console_bug', failureSentence: troubleSentence };
      await move(tx, ctx, row, 'submit_errored', { patch, sentence: troubleSentence });
    } else {
      const asked = row.status === 'submitting' && row.attention === null;
      const attention = asked
        ? { attention: 'unknown_outcome' as const, attentionSince: sql`now()` as unknown as Date }
        : {};
      await note(tx, ctx, row, { troubleCount: tries, troubleSentence, ...attention }, LATER_SECONDS);
      if (tries === MAX_TRIES) await record(tx, ctx, row, troubleSentence);
    }
  });
}

/** Once, in the history of the deployment and in the audit log; what a person sees on the page says the same. */
async function record(tx: Tx, ctx: ServiceContext, row: DeploymentRow, sentence: string): Promise<void> {
  await publish(tx, {
    topic: 'deployment',
    kind: 'set_aside',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence },
  });
  await emitAudit(tx, ctx, {
    action: 'deployment.set_aside',
    resource: { kind: 'deployment', id: row.id },
    environment: await environmentSlugOf(ctx, row.id),
    outcome: 'failed',
    code: 'console_bug',
    sentence: `#${row.number}: ${sentence}`,
  });
}

/** What the database refuses to store (SQLSTATE class 22 and 23) is the item's own fault and would be refused for ever. */
function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof DrizzleQueryError)
    return !/^2[23]/.test((error.cause as { code?: string } | undefined)?.code ?? '');
  return error instanceof Error && ('severity' in error || /^(Connection|timeout|Query read)/i.test(error.message));
}
