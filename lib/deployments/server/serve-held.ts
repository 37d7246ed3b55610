import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, ProviderError } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { overrideOf, requireGate } from './gate';
import { type DeploymentRow, lockDeployment, requireDeployment, requireTarget } from './rows';

/**
 * A deployment that is built and that its host keeps back (after a roll-back there, say): its addresses are led to it, with
 * one request, after the gates were asked again. What becomes of it the next look tells. Throws `not_held` and what the
 * provider answers.
 */
export async function serveHeld(ctx: ServiceContext, input: { deploymentId: string }): Promise<{ runId: string }> {
  const row = await requireDeployment(ctx.db, input.deploymentId);
  const loaded = await requireTarget(ctx.db, row.targetId);
  const environment = loaded.environment.slug;
  requirePermission(ctx.actor, 'deployment.request', environment);
  if (row.remoteId === null || (row.status !== 'building' && row.status !== 'deploying') || row.dispatch.serve)
    throw notHeld();
  const { provider, context } = await ctx.openConnection(row.connectionId);
  const { checklist: ticked, sha } = row;
  await requireGate(ctx.db, loaded, provider, { kind: 'deploy', sha, ticked, freezeOverride: overrideOf(row) });
  const ref = { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  const hosting = capability(provider, 'promote');
  const [seen, offer] = await Promise.all([
    capability(provider, 'status').observe(context, row.config, ref),
    hosting.offer?.(context, row.config, ref) ?? ({ as: 'build' } as const),
  ]);
  if (seen.phase !== 'waiting' || offer.as !== 'build') throw notHeld();
  await hosting.promote(context, row.config, ref).catch(unlessUnclear);
  await tell(ctx, row, environment, provider.manifest.label);
  return { runId: row.remoteId };
}

/** Without a clear answer it may be on its way; asking once more changes nothing more. */
function unlessUnclear(error: unknown): void {
  if (!(error instanceof ProviderError) || !error.ambiguous) throw error;
}

async function tell(ctx: ServiceContext, row: DeploymentRow, environment: string, label: string): Promise<void> {
  const sentence = `${ctx.actor.name} had ${label} lead its addresses to this build, which it had kept back.`;
  await ctx.db.transaction(async (tx) => {
    await lockDeployment(tx, row.id);
    await publish(tx, {
      topic: 'deployment',
      kind: 'served',
      deploymentId: row.id,
      targetId: row.targetId,
      actorName: ctx.actor.name,
      data: { sentence },
    });
    await emitAudit(tx, ctx, {
      action: 'deployment.serve-held',
      resource: { kind: 'deployment', id: row.id },
      environment,
      outcome: 'done',
      sentence: `#${row.number}: ${sentence}`,
      data: { remoteId: row.remoteId },
    });
    await ctx.queue.wakeDeployment(tx, row.id);
  });
}

function notHeld(): ServiceError {
  const sentence = 'Its host does not keep it back (any more). Reload to see how it went on.';
  return new ServiceError('precondition', 'not_held', sentence);
}
