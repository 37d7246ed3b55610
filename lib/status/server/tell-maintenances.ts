import { and, eq, inArray, ne } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { maintenances } from '@/lib/db/schema';
import { maintenanceState } from './maintenance-state';
import { record, tellFollowers } from './record';

const BATCH = 20;

/**
 * Says that announced work began, or is over, once for each: by the database's clock, whoever of several instances comes
 * first. Returns how many were told.
 */
export async function tellMaintenances(ctx: ServiceContext): Promise<number> {
  return await ctx.db.transaction(async (tx) => {
    const due = await tx
      .select({ id: maintenances.id, title: maintenances.title, state: maintenanceState })
      .from(maintenances)
      .where(and(inArray(maintenances.told, ['scheduled', 'in_progress']), ne(maintenances.told, maintenanceState)))
      .orderBy(maintenances.startsAt)
      .limit(BATCH)
      .for('update', { skipLocked: true });
    for (const { id, title, state } of due) {
      // A change may have moved it back before its beginning: then there is nothing to say.
      await tx.update(maintenances).set({ told: state }).where(eq(maintenances.id, id));
      if (state !== 'in_progress' && state !== 'done') continue;
      const says = state === 'done' ? 'Maintenance is over' : 'Maintenance has begun';
      await record(tx, ctx, {
        action: state === 'done' ? 'maintenance.over' : 'maintenance.begin',
        resource: { kind: 'maintenance', id },
        sentence: `${says}: “${title}”.`,
      });
      const type = state === 'done' ? 'maintenance.over' : 'maintenance.begun';
      await tellFollowers(tx, type, { maintenanceId: id }, `${says}: ${title}.`);
    }
    return due.length;
  });
}
