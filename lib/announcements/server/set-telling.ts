import { eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { components, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { publish } from '@/lib/realtime/publish';
import { type SetTellingInput, setTellingInput } from '../model/tell';
import { TELLING_VIEW } from '../model/telling';

/** What the provider is told about the deployments of a target from now on. What was told stays there. */
export async function setTelling(ctx: ServiceContext, raw: SetTellingInput): Promise<void> {
  const { targetId, telling } = setTellingInput.parse(raw);
  const [found] = await ctx.db
    .select({ target: targets, component: components.name, environment: environments })
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
    if (!row || row.tell === telling) return;
    await tx
      .update(targets)
      .set({ tell: telling, version: sql`${targets.version} + 1` })
      .where(eq(targets.id, targetId));
    await emitAudit(tx, ctx, {
      action: 'target.tell',
      resource: { kind: 'target', id: targetId },
      environment: environment.slug,
      outcome: 'done',
      sentence: `The provider is told about deployments of ${component} to ${environment.name}: ${TELLING_VIEW[telling].toLowerCase()}.`,
      data: { before: row.tell, after: telling },
    });
    await publish(tx, { topic: 'target', kind: 'target.tell', targetId, actorName: ctx.actor.name });
  });
}
