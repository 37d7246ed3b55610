import 'server-only';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { approvals } from '@/lib/db/schema';
import type { DeploymentSummary } from '../model/view';
import { mayIn } from './read-scope';

/** What only this person's word moves on: a start that nobody knows, and approvals that they have not given yet. */
export async function readNeedsYou(
  ctx: ServiceContext,
  active: readonly DeploymentSummary[],
): Promise<DeploymentSummary[]> {
  const me = personId(ctx.actor);
  const asked = active.filter(
    (each) =>
      each.status === 'awaiting_approval' &&
      // Nobody approves what they asked for themselves.
      each.requestedBy.id !== me &&
      mayIn(ctx.actor, 'deployment.approve', each.environment.slug),
  );
  const said = await answeredBy(
    ctx,
    me,
    asked.map((each) => each.id),
  );
  const mine = (each: DeploymentSummary) => {
    if (each.attention) return mayIn(ctx.actor, 'deployment.resolve', each.environment.slug);
    return asked.includes(each) && !said.has(each.id);
  };
  return active.filter(mine);
}

async function answeredBy(ctx: ServiceContext, me: string | null, ids: string[]): Promise<Set<string>> {
  if (me === null || ids.length === 0) return new Set();
  const rows = await ctx.db
    .select({ id: approvals.deploymentId })
    .from(approvals)
    .where(and(eq(approvals.userId, me), inArray(approvals.deploymentId, ids), isNull(approvals.voidedAt)));
  return new Set(rows.map((row) => row.id));
}
