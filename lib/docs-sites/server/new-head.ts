import { eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { deployments } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability } from '@/lib/providers/port';

/**
 * Proposes a commit that changes nothing, so that the branch gets a head which the provider has kept no result for. One
 * that is open already is answered as it is. Throws `ServiceError` and what the provider refuses.
 */
export async function proposeNewHead(
  ctx: ServiceContext,
  input: { deploymentId: string },
): Promise<{ url: string; updated: boolean }> {
  requirePermission(ctx.actor, 'component.manage', null);
  const row = await ctx.db.query.deployments.findFirst({ where: eq(deployments.id, input.deploymentId) });
  if (!row) throw new ServiceError('notFound', 'deployment_not_found', 'There is no such deployment.');
  const { repository } = row.config as { repository?: unknown };
  if (typeof repository !== 'string')
    throw new ServiceError('precondition', 'no_repository_known', 'Its target names no repository to add a commit to.');
  const { provider, context } = await ctx.openConnection(row.connectionId);
  const proposals = capability(provider, 'proposals');
  const name = `new-head-${row.number}`;
  const { files: _, ...from } = await proposals.read(context, repository, name, []);
  if (row.refKind !== 'branch' || row.ref !== from.base) throw otherBranch(row.ref, from.base);
  await requireBurned({ provider, context }, row);
  if (from.open) return { url: from.open.url, updated: true };
  const title = 'Give the site a new head';
  const proposal = await proposals.propose(context, repository, {
    name,
    from,
    files: [],
    title,
    body: bodyOf(row.number),
  });
  await emitAudit(ctx.db, ctx, {
    action: 'component.new-head',
    resource: { kind: 'deployment', id: row.id },
    outcome: 'done',
    sentence: `Proposed an empty commit for ${repository}, so that what #${row.number} could not publish can go live.`,
    data: { repository, branch: proposal.branch, proposal: proposal.url },
  });
  return { url: proposal.url, updated: false };
}

/** Only where the provider keeps an ill end for the head is an empty commit of any use. Throws `head_not_burned`. */
async function requireBurned(
  { provider, context }: OpenConnection,
  row: typeof deployments.$inferSelect,
): Promise<void> {
  const ref = { id: row.remoteId ?? '', attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
  const kept = row.remoteId ? await capability(provider, 'site').publication(context, row.config, ref) : null;
  if (kept?.state === 'cancelled' || kept?.state === 'failed') return;
  const sentence =
    'The provider keeps no ill end for the head of that run, so a new commit would change nothing. Deploy again.';
  throw new ServiceError('precondition', 'head_not_burned', sentence);
}

function bodyOf(number: number): string {
  return [
    `Deployment #${number} was broken off while the site took it, and the provider keeps that result for its commit.`,
    'This commit changes no file. Merge it (with a merge commit or a squash), then deploy again.',
  ].join('\n\n');
}

function otherBranch(ref: string, base: string): ServiceError {
  const sentence = `It was deployed from ${ref}, and a proposal goes to ${base}. Push a commit to ${ref} yourself (an empty one will do), or deploy from ${base}.`;
  return new ServiceError('precondition', 'other_branch', sentence);
}
