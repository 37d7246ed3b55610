import { and, eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import { audit as auditLines } from '@/lib/db/schema';
import type { GateAnswered } from '@/lib/gates/model/remote-gate';
import { publish } from '@/lib/realtime/publish';
import type { Asking } from './answer-gate';
import { slugOf } from './rows';

type Told = Pick<Asking, 'row' | 'login' | 'environments' | 'input' | 'open'>;

const SENT = 'deployment.send-gate-answer';

/** Written before anything leaves, so that an answer without a reply has its line too. */
export async function recordAsked(ctx: ServiceContext, told: Told): Promise<void> {
  const sentence = `${ctx.actor.name} tells ${told.open.provider.manifest.label}, as ${told.login}, that ${named(told)} is ${told.input.decision}.`;
  await audit(ctx.db, ctx, told, SENT, sentence);
}

/** Whether an earlier press of the same person, for this attempt of the run, left this machine. */
export async function hasSent(ctx: ServiceContext, deploymentId: string): Promise<boolean> {
  const mine = and(
    eq(auditLines.resourceId, deploymentId),
    eq(auditLines.action, SENT),
    eq(auditLines.actorId, personId(ctx.actor) ?? ''),
  );
  return (await ctx.db.$count(auditLines, mine)) > 0;
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
    await audit(tx, ctx, told, 'deployment.answer-gate', sentence);
    await ctx.queue.wakeDeployment(tx, row.id);
  });
  return { decision: input.decision, environments, login, already };
}

const named = ({ environments }: Pick<Told, 'environments'>) =>
  environments.map((name) => `“${name}”`).join(', ') || 'the gate';

async function audit(db: DbOrTx, ctx: ServiceContext, told: Told, action: string, sentence: string): Promise<void> {
  const { row, login, environments, input } = told;
  await emitAudit(db, ctx, {
    action,
    resource: { kind: 'deployment', id: row.id },
    environment: await slugOf(db, row),
    outcome: 'done',
    sentence: `#${row.number}: ${sentence}`,
    data: { decision: input.decision, login, environments, gateIds: input.gateIds, remoteId: row.remoteId },
  });
}
