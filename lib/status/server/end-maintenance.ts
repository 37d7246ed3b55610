import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { maintenances } from '@/lib/db/schema';
import type { endMaintenanceInput } from '../model/schemas';
import { lockMaintenance } from './about';
import { type Planned, requireGoingOn } from './plan-maintenance';
import { record, tellFollowers } from './record';

/** Ends it now; what has not begun is called off. Throws `ServiceError` notFound, or conflict for what is over. */
export async function endMaintenance(
  ctx: ServiceContext,
  { maintenanceId: id }: z.output<typeof endMaintenanceInput>,
): Promise<Planned & { state: 'done' | 'cancelled' }> {
  requirePermission(ctx.actor, 'incident.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const { row, now } = await lockMaintenance(tx, id);
    requireGoingOn(row, now);
    const state = now <= row.startsAt ? 'cancelled' : 'done';
    const version = row.version + 1;
    const ended = { endedAt: sql`now()`, changedAt: sql`now()`, told: state, version } as const;
    await tx.update(maintenances).set(ended).where(eq(maintenances.id, id));
    const says = state === 'cancelled' ? 'Called off' : 'Ended';
    await record(tx, ctx, {
      action: 'maintenance.end',
      resource: { kind: 'maintenance', id },
      sentence: `${says} the maintenance “${row.title}”.`,
      data: { state },
    });
    const type = state === 'cancelled' ? 'maintenance.cancelled' : 'maintenance.over';
    await tellFollowers(tx, type, { maintenanceId: id }, `Maintenance: ${says.toLowerCase()}: ${row.title}.`);
    return { maintenanceId: id, version, state };
  });
}
