import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { policyOf } from '@/lib/gates/model/policy';
import { type ApproveInput, approveInput } from '@/lib/gates/model/schemas';
import { readApprovals } from '@/lib/gates/server/approvals';
import { type CheckState, capability } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { type Decision, decision, write } from './decide';
import { move } from './move';
import { type DeploymentRow, requireTarget } from './rows';
import { olderUnclaimed } from './supersede';
import { takePlace } from './take-place';
import { asProviderError } from './trouble';

/**
 * One of the N approvals. It counts for exactly the digest that was on the page, once a person, never for one's own
 * request. The last one that is needed puts the deployment into the queue.
 */
export async function approve(
  ctx: ServiceContext,
  raw: ApproveInput,
): Promise<{ status: string; given: number; required: number }> {
  const input = approveInput.parse(raw);
  // Everything that costs nothing is asked first; the provider only about a word that counts.
  const first = await ctx.db.transaction((tx) => decision(tx, ctx, input));
  const { ids, checks } = isGiven(first) ? NOTHING : await replacedBy(ctx, first.row);
  return ctx.db.transaction(async (tx) => {
    const decided = await decision(tx, ctx, input);
    const { row, environment } = decided;
    const required = row.policy?.approvals ?? 0;
    if (!isGiven(decided)) {
      await write(tx, decided, { name: ctx.actor.name, decision: 'approve', reason: input.reason });
      await record(tx, ctx, decided, input.reason);
    }
    const { given } = await readApprovals(tx, row, environment.slug, 'share');
    if (given < required) return { status: row.status, given, required };
    const sentence = `Approved by ${given === 1 ? ctx.actor.name : `${given} people`}; it waits for its turn.`;
    const moved = await move(tx, ctx, row, 'approve', { sentence });
    await takePlace(tx, ctx, { row, environment, checks }, ids);
    return { status: moved?.status ?? row.status, given, required };
  });
}

/** The same person has approved it already, and that stands. */
function isGiven({ said, userId }: Decision): boolean {
  return said.lines.some(({ row, voided }) => row.userId === userId && row.decision === 'approve' && voided === null);
}

interface Replaced {
  ids: readonly string[];
  /** Of its own commit; null = nothing depends on them. */
  checks: CheckState | null;
}
const NOTHING: Replaced = { ids: [], checks: null };

/**
 * Older ones whose place it takes when it is approved; asked of the provider before the locks. Without an answer nothing
 * is replaced: they go first, in their turn.
 */
async function replacedBy(ctx: ServiceContext, row: DeploymentRow): Promise<Replaced> {
  if (row.kind !== 'deploy') return NOTHING;
  const { ref, refKind, sha, inputs, config, rendering } = row;
  try {
    const open = await ctx.openConnection(row.connectionId);
    const loaded = await requireTarget(ctx.db, row.targetId);
    const wanted = { revision: { ref, refKind, sha }, inputs, config, rendering };
    const ids = await olderUnclaimed(ctx.db, open, loaded, wanted);
    const policy = policyOf(loaded.environment.policy);
    if (ids.length === 0 || policy.checks === 'ignore') return { ids, checks: null };
    const source = capability(open.provider, 'source');
    const { checks } = await source.commit(open.context, config, sha, policy.requiredChecks);
    return { ids, checks };
  } catch (error) {
    asProviderError(error);
    return NOTHING;
  }
}

async function record(tx: Tx, ctx: ServiceContext, { row, environment }: Decision, reason: string): Promise<void> {
  const sentence = `${ctx.actor.name} approved it.${reason ? ` ${reason}` : ''}`;
  await publish(tx, {
    topic: 'deployment',
    kind: 'approved',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence },
  });
  await emitAudit(tx, ctx, {
    action: 'deployment.approve',
    resource: { kind: 'deployment', id: row.id },
    environment: environment.slug,
    outcome: 'done',
    sentence: `#${row.number}: ${sentence}`,
    data: { sha: row.sha, digest: row.approvalDigest, policyVersion: row.policyVersion },
  });
}
