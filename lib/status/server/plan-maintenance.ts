import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { maintenances, maintenanceTargets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { redactText } from '@/lib/kernel/redact';
import type { changeMaintenanceInput, planMaintenanceInput } from '../model/schemas';
import { problemOfTimes, stateAt, type Times } from '../model/times';
import { changedMeanwhile, databaseNow, lockMaintenance, requireFreeze, requireTargets } from './about';
import { record, tellFollowers } from './record';

type Plan = z.output<typeof planMaintenanceInput>;
export type Planned = { maintenanceId: string; version: number };

/** Announces work to everybody. What it means for deployments a freeze says, which may be named here. */
export async function planMaintenance(ctx: ServiceContext, input: Plan): Promise<Planned> {
  requirePermission(ctx.actor, 'incident.manage', null);
  const id = newId('mnt');
  await ctx.db.transaction(async (tx) => {
    const columns = await columnsOf(tx, input, null);
    const by = { createdBy: personId(ctx.actor) ?? 'system', createdByName: ctx.actor.name };
    await tx.insert(maintenances).values({ id, ...columns, ...by });
    await setTargets(tx, id, input.targetIds);
    await record(tx, ctx, {
      action: 'maintenance.plan',
      resource: { kind: 'maintenance', id },
      sentence: `Announced maintenance “${columns.title}”: ${spanOf(columns)}.`,
      data: { targetIds: input.targetIds, freezeId: input.freezeId },
    });
    await tellFollowers(tx, 'maintenance.planned', { maintenanceId: id }, `Maintenance is planned: ${columns.title}.`);
  });
  return { maintenanceId: id, version: 1 };
}

/** Other words, times or places, for as long as it is not over. Throws `ServiceError`. */
export async function changeMaintenance(
  ctx: ServiceContext,
  { maintenanceId: id, version: known, ...input }: z.output<typeof changeMaintenanceInput>,
): Promise<Planned> {
  requirePermission(ctx.actor, 'incident.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const { row, now } = await lockMaintenance(tx, id);
    if (row.version !== known) throw changedMeanwhile();
    requireGoingOn(row, now);
    const columns = await columnsOf(tx, input, timesOf(row));
    const version = row.version + 1;
    const changed = { ...columns, version, changedAt: sql`now()` };
    await tx.update(maintenances).set(changed).where(eq(maintenances.id, id));
    await tx.delete(maintenanceTargets).where(eq(maintenanceTargets.maintenanceId, id));
    await setTargets(tx, id, input.targetIds);
    await record(tx, ctx, {
      action: 'maintenance.change',
      resource: { kind: 'maintenance', id },
      sentence: `Changed the maintenance “${columns.title}”: ${spanOf(columns)}.`,
      data: { before: spanOf(row), targetIds: input.targetIds, freezeId: input.freezeId },
    });
    await tellFollowers(tx, 'maintenance.changed', { maintenanceId: id }, `Maintenance was changed: ${columns.title}.`);
    return { maintenanceId: id, version };
  });
}

type Row = typeof maintenances.$inferSelect;

export function timesOf({ startsAt, endsAt }: Pick<Row, 'startsAt' | 'endsAt'>): Times {
  return { startsAt: startsAt.getTime(), endsAt: endsAt.getTime() };
}

/** Throws `ServiceError` conflict for what is over. */
export function requireGoingOn(row: Row, now: Date): void {
  const state = stateAt(timesOf(row), row.endedAt?.getTime() ?? null, now.getTime());
  if (state === 'scheduled' || state === 'in_progress') return;
  throw new ServiceError('conflict', 'maintenance_over', 'This maintenance is over. Plan a new one.');
}

async function columnsOf(tx: Tx, { title, text, freezeId, targetIds, ...input }: Plan, before: Times | null) {
  const times = { startsAt: Date.parse(input.startsAt), endsAt: Date.parse(input.endsAt) };
  const problem = problemOfTimes(times, await databaseNow(tx), before);
  if (problem) throw new ServiceError('invalid', problem.code, problem.sentence, { [problem.field]: problem.sentence });
  await requireTargets(tx, targetIds);
  await requireFreeze(tx, freezeId);
  const said = { title: redactText(title), text: redactText(text) };
  return { ...said, freezeId, startsAt: new Date(times.startsAt), endsAt: new Date(times.endsAt) };
}

async function setTargets(tx: Tx, maintenanceId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.insert(maintenanceTargets).values(ids.map((targetId) => ({ maintenanceId, targetId })));
}

function spanOf({ startsAt, endsAt }: Pick<Row, 'startsAt' | 'endsAt'>): string {
  return `${startsAt.toISOString()} to ${endsAt.toISOString()}`;
}
