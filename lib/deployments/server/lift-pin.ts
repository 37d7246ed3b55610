import { and, eq, isNull, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import { type Actor, personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requireOwnScope, requirePermission, requireReach } from '@/lib/auth/require';
import { environments, pins } from '@/lib/db/schema';
import { wakeHeld } from '@/lib/gates/server/wake-held';
import { ServiceError } from '@/lib/kernel/errors';
import { publish } from '@/lib/realtime/publish';
import { actorId } from './access';
import { environmentSlugOfTarget } from './rows';

/** Lets deployments through again. The author may lift a pin of their own; otherwise it takes `pin.lift` there. */
export async function liftPin(
  ctx: ServiceContext,
  input: { pinId: string; reason?: string | undefined },
): Promise<{ lifted: boolean }> {
  const [pin] = await ctx.db.select().from(pins).where(eq(pins.id, input.pinId));
  if (!pin)
    throw new ServiceError('notFound', 'pin_not_found', 'There is no such pin. It may have been lifted already.');
  const environment = await environmentOf(ctx, pin);
  if (personId(ctx.actor) === pin.createdBy) requireOwn(ctx.actor, environment);
  else requirePermission(ctx.actor, 'pin.lift', environment);
  return ctx.db.transaction(async (tx) => {
    const [lifted] = await tx
      .update(pins)
      .set({ liftedAt: sql`now()`, liftedBy: actorId(ctx) ?? ctx.actor.name, liftReason: input.reason || null })
      .where(and(eq(pins.id, pin.id), isNull(pins.liftedAt)))
      .returning();
    if (!lifted) return { lifted: false };
    const data = { environmentId: pin.environmentId };
    await publish(tx, { topic: 'pin', kind: 'lifted', targetId: pin.targetId, actorName: ctx.actor.name, data });
    await emitAudit(tx, ctx, {
      action: 'pin.lift',
      resource: { kind: 'pin', id: pin.id },
      environment,
      outcome: 'done',
      sentence: `Lifted the pin of ${pin.createdByName}: ${pin.reason}${input.reason ? ` — ${input.reason}` : ''}`,
    });
    await wakeHeld(tx, ctx, lifted);
    return { lifted: true };
  });
}

/** A token of its author is confined to where it may act, and so is an author whose roles were taken away. */
function requireOwn(actor: Actor, environment: string | null): void {
  if (actor.kind === 'token') requireOwnScope(actor, 'hold');
  requireReach(actor, environment);
}

/** Slug of the environment that the pin is confined to; null for one that reaches into all. */
async function environmentOf(ctx: ServiceContext, pin: typeof pins.$inferSelect): Promise<string | null> {
  if (pin.targetId) return environmentSlugOfTarget(ctx, pin.targetId);
  if (!pin.environmentId) return null;
  const found = await ctx.db.query.environments.findFirst({
    where: eq(environments.id, pin.environmentId),
    columns: { slug: true },
  });
  return found?.slug ?? null;
}
