import { sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { policyOf } from '@/lib/gates/model/policy';
import { voidAllApprovals } from '@/lib/gates/server/approvals';
import { approvalDigest } from '@/lib/gates/server/digest';
import type { EnvironmentRow } from '@/lib/gates/server/locking';
import { publish } from '@/lib/realtime/publish';
import { move, note } from './move';
import type { DeploymentRow } from './rows';

const HOUR = 3600;

/**
 * Brings an unclaimed deployment under the environment's policy of today: what people approved was another thing, so
 * it no longer counts. Answers the row as it is now; null when its status moved. The caller has locked the environment.
 */
export async function followPolicy(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  environment: EnvironmentRow,
): Promise<DeploymentRow | null> {
  if (row.policyVersion === environment.policyVersion) return row;
  const policy = policyOf(environment.policy);
  const why = `What ${environment.name} asks for has changed.`;
  const voided = await voidAllApprovals(tx, row.id, why);
  const patch = {
    policy,
    policyVersion: environment.policyVersion,
    approvalDigest: approvalDigest(row, policy),
  };
  const deadlineSeconds = policy.approvalHours * HOUR;
  if (row.status === 'queued' && policy.approvals > 0) {
    const sentence = `${why} It needs approval now.`;
    await move(tx, ctx, row, 'require_approval', { patch, sentence, deadlineSeconds });
    return null;
  }
  if (row.status === 'awaiting_approval' && policy.approvals === 0) {
    await move(tx, ctx, row, 'approve', { patch, sentence: `${why} It needs no approval any more.` });
    return null;
  }
  if (row.status === 'awaiting_approval') {
    const deadlineAt = sql`now() + make_interval(secs => ${deadlineSeconds})` as unknown as Date;
    await note(tx, ctx, row, { ...patch, deadlineAt }, deadlineSeconds);
  } else await note(tx, ctx, row, patch, 0);
  const lost =
    voided === 0
      ? ''
      : ` ${voided === 1 ? 'The approval' : `${voided} approvals`} given until now no longer count${voided === 1 ? 's' : ''}.`;
  await publish(tx, {
    topic: 'deployment',
    kind: 'policy_changed',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence: `${why}${lost}` },
  });
  return { ...row, ...patch };
}

/** Back to the people, with the time that the policy gives them. */
export async function askAgain(tx: Tx, ctx: ServiceContext, row: DeploymentRow, sentence: string): Promise<void> {
  const hours = policyOf(row.policy).approvalHours;
  await move(tx, ctx, row, 'require_approval', { sentence, deadlineSeconds: hours * HOUR });
}
