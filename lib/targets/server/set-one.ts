import { eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { components, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { publish } from '@/lib/realtime/publish';

type Row = typeof targets.$inferSelect;

interface OneSetting<K extends keyof Row> {
  targetId: string;
  setting: K;
  value: Row[K];
  /** The audit log's word, and the feed's. */
  action: string;
  says: (component: string, environment: string) => string;
  /** What goes with it, in the same commit and under the target's lock, also where the setting stays as it is. */
  also?: (tx: Tx) => Promise<void>;
}

/** Sets one thing of a target, for whoever manages it; nothing is written down where it is so already. */
export async function setOne<K extends 'isPublic' | 'tell'>(ctx: ServiceContext, wanted: OneSetting<K>): Promise<void> {
  const { targetId, setting, value, action, says, also } = wanted;
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
    if (!row) return;
    await also?.(tx);
    if (row[setting] === value) return;
    await tx
      .update(targets)
      .set({ [setting]: value, version: sql`${targets.version} + 1` })
      .where(eq(targets.id, targetId));
    await emitAudit(tx, ctx, {
      action,
      resource: { kind: 'target', id: targetId },
      environment: environment.slug,
      outcome: 'done',
      sentence: says(component, environment.name),
      data: { before: row[setting], after: value },
    });
    await publish(tx, { topic: 'target', kind: action, targetId, actorName: ctx.actor.name });
  });
}
