import { emitAudit } from '@/lib/audit/emit';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { pins } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { publish } from '@/lib/realtime/publish';
import { type LockInput, lockInput } from '../model/schemas';
import { databaseNow } from './holds';
import { takeEnvironments } from './locking';
import { reachOf, scopeSays, slugOf } from './scope';
import { wakeHeld } from './wake-held';

/** Nothing goes live in the scope until it is lifted or over. When this has returned, nothing is sent there any more. */
export async function lock(ctx: ServiceContext, raw: LockInput): Promise<{ pinId: string }> {
  const input = lockInput.parse(raw);
  return ctx.db.transaction(async (tx) => {
    const reach = await reachOf(tx, input);
    const taken = await takeEnvironments(tx, reach.environmentId);
    const environment = slugOf(reach, taken);
    requirePermission(ctx.actor, 'lock.create', environment);
    const expiresAt = input.expiresAt === null ? null : new Date(input.expiresAt);
    if (expiresAt && expiresAt.getTime() <= (await databaseNow(tx)))
      throw new ServiceError('invalid', 'in_the_past', 'The end of the lock has passed. Choose a later one.', {
        expiresAt: 'Choose a later end.',
      });
    const pinId = newId('pin');
    await tx.insert(pins).values({
      id: pinId,
      kind: 'lock',
      environmentId: input.targetId === null ? input.environmentId : null,
      componentId: input.targetId === null ? input.componentId : null,
      targetId: input.targetId,
      reason: input.reason,
      createdBy: personId(ctx.actor) ?? 'system',
      createdByName: ctx.actor.name,
      expiresAt,
    });
    const data = { reason: input.reason, environmentId: reach.environmentId };
    await publish(tx, { topic: 'pin', kind: 'locked', targetId: input.targetId, actorName: ctx.actor.name, data });
    const until = expiresAt ? ` until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
    await emitAudit(tx, ctx, {
      action: 'lock.create',
      resource: { kind: 'pin', id: pinId },
      environment,
      outcome: 'done',
      sentence: `Locked ${await scopeSays(tx, reach, taken)}${until}: ${input.reason}`,
      data: { ...reach, expiresAt: input.expiresAt },
    });
    // What waits says at once why.
    await wakeHeld(tx, ctx, reach);
    return { pinId };
  });
}
