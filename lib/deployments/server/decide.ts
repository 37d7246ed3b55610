import { and, eq, sql } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { approvals, deployments } from '@/lib/db/schema';
import { type Approvals, readApprovals, voidApprovals } from '@/lib/gates/server/approvals';
import { type EnvironmentRow, holdEnvironment } from '@/lib/gates/server/locking';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { isTerminal, STATUS_VIEW } from '../model/status';
import { type DeploymentRow, lockDeployment, lockTarget, requireDeployment } from './rows';

/** One person's word, with everything that it depends on locked. */
export interface Decision {
  row: DeploymentRow;
  environment: EnvironmentRow;
  userId: string;
  said: Approvals;
}

/**
 * Locks environment and deployment and asks everything that approve and reject have in common: somebody who may, not
 * the requester, in time, and about exactly what was on their page.
 */
export async function decision(
  tx: Tx,
  ctx: ServiceContext,
  input: { deploymentId: string; digest: string },
): Promise<Decision> {
  const seen = await requireDeployment(tx, input.deploymentId);
  const environment = await holdEnvironment(tx, seen.environmentId);
  requirePermission(ctx.actor, 'deployment.approve', environment.slug);
  const userId = personId(ctx.actor);
  if (userId === null)
    throw new ServiceError('forbidden', 'not_a_person', 'Only a person can approve. Sign in and look at it.');
  await lockTarget(tx, seen.targetId);
  const locked = await lockDeployment(tx, seen.id);
  if (locked?.status !== 'awaiting_approval') throw notWaiting(locked ?? seen);
  if (locked.requestedById === userId) {
    const sentence = 'You asked for it, so somebody else has to decide. You can cancel it.';
    throw new ServiceError('forbidden', 'own_request', sentence);
  }
  await requireInTime(tx, locked);
  if (locked.policyVersion !== environment.policyVersion || locked.approvalDigest !== input.digest) {
    const sentence = 'What has to be approved has changed since this page was read. Reload it and look again.';
    throw new ServiceError('conflict', 'approval_changed', sentence);
  }
  const said = await readApprovals(tx, locked, environment.slug, 'share');
  return { row: locked, environment, userId, said };
}

function notWaiting(row: DeploymentRow): ServiceError {
  const label = STATUS_VIEW[row.status].label.toLowerCase();
  const sentence = isTerminal(row.status)
    ? `It has ended (${label}); there is nothing to approve.`
    : `It is ${label}; nobody is asked to approve it now.`;
  return new ServiceError('precondition', 'not_waiting', sentence);
}

/** The engine may not have come by yet; its deadline counts all the same, by the database's clock. */
async function requireInTime(tx: Tx, row: DeploymentRow): Promise<void> {
  const [open] = await tx
    .select({ id: deployments.id })
    .from(deployments)
    .where(and(eq(deployments.id, row.id), sql`deadline_at > clock_timestamp()`));
  if (!open)
    throw new ServiceError('precondition', 'approval_expired', 'The time to approve it is over. Ask for it again.');
}

/** One standing word a person: an earlier one that no longer counts makes room. */
export async function write(
  tx: Tx,
  { row, userId, said }: Decision,
  word: { name: string; decision: 'approve' | 'reject'; reason: string },
): Promise<void> {
  const before = said.lines.filter((line) => line.row.userId === userId && line.row.voidedAt === null);
  const why = word.decision === 'reject' ? `${word.name} rejected it.` : 'Given anew.';
  await voidApprovals(
    tx,
    before.map((line) => ({ id: line.row.id, reason: line.voided ?? why })),
  );
  await tx.insert(approvals).values({
    id: newId('apr'),
    deploymentId: row.id,
    userId,
    userName: word.name,
    decision: word.decision,
    reason: word.reason,
    digest: row.approvalDigest ?? '',
  });
}
