import { eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { components, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { publish } from '@/lib/realtime/publish';
import { type SetPublicInput, setPublicInput } from '../model/schemas';

/** Whether everybody may see, without signing in, what is live on a target. Nothing is public until somebody says so. */
export async function setPublic(ctx: ServiceContext, raw: SetPublicInput): Promise<void> {
  const { targetId, isPublic } = setPublicInput.parse(raw);
  const [found] = await ctx.db
    .select({ component: components.name, environment: environments })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(eq(targets.id, targetId));
  requirePermission(ctx.actor, 'target.manage', found?.environment.slug ?? null);
  if (!found)
    throw new ServiceError('notFound', 'target_not_found', 'There is no such target. It may have been removed.');
  const { component, environment } = found;
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.select().from(targets).where(eq(targets.id, targetId)).for('update');
    if (!row || row.isPublic === isPublic) return;
    await tx
      .update(targets)
      .set({ isPublic, version: sql`${targets.version} + 1` })
      .where(eq(targets.id, targetId));
    await emitAudit(tx, ctx, {
      action: 'target.set-public',
      resource: { kind: 'target', id: targetId },
      environment: environment.slug,
      outcome: 'done',
      sentence: isPublic
        ? `What is live of ${component} in ${environment.name} is shown to everybody, without signing in.`
        : `What is live of ${component} in ${environment.name} is not shown to everybody any more.`,
      data: { before: row.isPublic, after: isPublic },
    });
    await publish(tx, { topic: 'target', kind: 'target.set-public', targetId, actorName: ctx.actor.name });
  });
}
