import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { DbOrTx, ServiceContext, Tx } from '@/lib/auth/context';
import { audit as auditLines } from '@/lib/db/schema';
import type { GateAnswered } from '@/lib/gates/model/remote-gate';
import { publish } from '@/lib/realtime/publish';
import type { Asking } from './answer-gate';
import { slugOf } from './rows';

type Told = Pick<Asking, 'row' | 'login' | 'environments' | 'input' | 'open'>;

const SENT = 'deployment.send-gate-answer';
const ANSWERED = 'deployment.answer-gate';

/** Written before anything leaves, so that an answer without a reply has its line too. */
export async function recordAsked(tx: Tx, ctx: ServiceContext, told: Told, before: number): Promise<void> {
  const sentence = `${ctx.actor.name} tells ${told.open.provider.manifest.label}, as ${told.login}, that ${named(told)} is ${told.input.decision}.`;
  await audit(tx, ctx, told, SENT, sentence, { before, attempt: told.row.remoteAttempt });
}

/** An earlier press of the same person: the same word about the same gates of this attempt of the run. */
export interface SentBefore {
  /** How often they had said so until then, by the provider. */
  before: number;
  /** What came of it is in the audit log already. */
  recorded: boolean;
}

export async function sentBefore(ctx: ServiceContext, { row, input }: Told): Promise<SentBefore | null> {
  const mine = and(eq(auditLines.resourceId, row.id), eq(auditLines.actorId, personId(ctx.actor) ?? ''));
  const same = sql`${auditLines.data} @> ${JSON.stringify({
    decision: input.decision,
    gateIds: input.gateIds,
    attempt: row.remoteAttempt,
  })}::jsonb`;
  const [sent] = await ctx.db
    .select({ id: auditLines.id, data: auditLines.data })
    .from(auditLines)
    .where(and(mine, eq(auditLines.action, SENT), same))
    .orderBy(desc(auditLines.id))
    .limit(1);
  if (!sent) return null;
  const after = and(mine, eq(auditLines.action, ANSWERED), gt(auditLines.id, sent.id));
  const { before } = sent.data as { before?: number };
  return { before: before ?? 0, recorded: (await ctx.db.$count(auditLines, after)) > 0 };
}

/** Event, audit with both names, and an early look at the run, in one transaction. */
export async function recordAnswer(ctx: ServiceContext, told: Told, already: boolean): Promise<GateAnswered> {
  const { row, login, environments, input, open } = told;
  const { label } = open.provider.manifest;
  const sentence = `${ctx.actor.name} ${input.decision} ${named(told)} at ${label}, as ${login}.${input.comment ? ` ${input.comment}` : ''}`;
  await ctx.db.transaction(async (tx) => {
    await publish(tx, {
      topic: 'deployment',
      kind: `gate_${input.decision}`,
      deploymentId: row.id,
      targetId: row.targetId,
      actorName: ctx.actor.name,
      data: { sentence },
    });
    await audit(tx, ctx, told, ANSWERED, sentence);
    await ctx.queue.wakeDeployment(tx, row.id);
  });
  return { decision: input.decision, environments, login, already };
}

const named = ({ environments }: Pick<Told, 'environments'>) =>
  environments.map((name) => `“${name}”`).join(', ') || 'the gate';

async function audit(
  db: DbOrTx,
  ctx: ServiceContext,
  told: Told,
  action: string,
  sentence: string,
  more: Record<string, number> = {},
): Promise<void> {
  const { row, login, environments, input } = told;
  await emitAudit(db, ctx, {
    action,
    resource: { kind: 'deployment', id: row.id },
    environment: await slugOf(db, row),
    outcome: 'done',
    sentence: `#${row.number}: ${sentence}`,
    data: { decision: input.decision, login, environments, gateIds: input.gateIds, remoteId: row.remoteId, ...more },
  });
}
