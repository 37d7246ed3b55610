import 'server-only';
import { isDeepStrictEqual } from 'node:util';
import { and, eq, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import { connections, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import { SIGNALS } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { shownUrl } from '@/lib/targets/model/probe';
import type { HealthSettings } from '../model/health-settings';
import type { SetHealthInput } from '../model/schemas';
import type { Reading } from '../model/verdict';
import { OUTAGE } from '../model/verdict-levels';
import type { HealthSet } from '../model/verdict-view';
import { besideOnce, requireBeside } from './check-beside';
import { askOnce, managedTarget, toCheck } from './check-health';
import { askWatched } from './samples';

/**
 * Says how a target is measured and judged; null = it is not any more. Every question is asked once before: what cannot be
 * worked out is refused, what only cannot be reached now is kept and said. Throws `invalid` or `conflict`.
 */
export async function setHealth(
  ctx: ServiceContext,
  { targetId, version, health }: SetHealthInput,
): Promise<HealthSet> {
  const managed = await managedTarget(ctx, targetId);
  if (health) await requireMeasurer(ctx, health);
  if (health) await requireBeside(ctx, health);
  if (health?.watchUrl) await requireAskable(ctx, health.watchUrl);
  const readings = health ? await askOnce(ctx, managed, health) : [];
  const wrong = readings.find(({ refused }) => refused);
  if (wrong?.problem) {
    const fields = { [`health.queries.${wrong.signal}.expression`]: wrong.problem };
    throw new ServiceError('invalid', 'bad_expression', wrong.problem, fields);
  }
  if (health && !asksAsBefore(managed.target.health, health)) requireOwnTime(health, readings);
  const beside = health ? await besideOnce(ctx, managed, health) : [];
  const { component, environment } = managed;
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(targets)
      .set({ health, version: sql`${targets.version} + 1` })
      .where(and(eq(targets.id, targetId), eq(targets.version, version)))
      .returning({ id: targets.id });
    if (!row) {
      const sentence = 'Somebody changed this target since you opened it. Reload to see the change, then save again.';
      throw new ServiceError('conflict', 'changed_since', sentence);
    }
    const what = health ? 'is measured and judged after each deployment' : 'is not measured any more';
    await emitAudit(tx, ctx, {
      action: 'target.set-health',
      resource: { kind: 'target', id: targetId },
      environment: environment.slug,
      outcome: 'done',
      sentence: `${component.name} in ${environment.name} ${what}.`,
      data: { health: health && { ...health, watchUrl: health.watchUrl && shownUrl(health.watchUrl) } },
    });
    await publish(tx, { topic: 'target', kind: 'target.set-health', targetId, actorName: ctx.actor.name });
  });
  return { targetId, checks: [...readings.map(toCheck), ...beside] };
}

/** Down is fine, it may come up; what our own guard refuses would be measured as an outage for ever. */
async function requireAskable(ctx: ServiceContext, watchUrl: string): Promise<void> {
  const { ours } = await askWatched(ctx, watchUrl);
  if (!ours?.refused) return;
  throw new ServiceError('invalid', 'address_refused', ours.sentence, { 'health.watchUrl': ours.sentence });
}

/** Whether nothing changed that a window may be too short for: one that was saved under another rule is in nobody's way. */
function asksAsBefore(
  before: HealthSettings | null,
  { connectionId, queries, values, rules }: HealthSettings,
): boolean {
  if (before === null || rules.windowMinutes < before.rules.windowMinutes) return false;
  const isSame = isDeepStrictEqual([before.connectionId, before.values], [connectionId, values]);
  return isSame && SIGNALS.every((signal) => isDeepStrictEqual(before.queries[signal], queries[signal]));
}

/** Half of a window has to be of the new version alone, with room for an outage, or it is a mean with the old one to its end. */
function requireOwnTime({ rules }: HealthSettings, readings: readonly Reading[]): void {
  const farthest = Math.max(0, ...readings.map(({ reachesBackMs = 0 }) => reachesBackMs)) / 60_000;
  const least = farthest === 0 ? 0 : Math.ceil(2 * farthest + OUTAGE.ms / 60_000);
  if (rules.windowMinutes >= least) return;
  const sentence = `An expression reaches ${Math.ceil(farthest)} minutes back, so the window needs at least ${least} minutes.`;
  throw new ServiceError('invalid', 'window_too_short', sentence, { 'health.rules.windowMinutes': sentence });
}

async function requireMeasurer({ db }: ServiceContext, { connectionId }: HealthSettings): Promise<void> {
  if (connectionId === null) return;
  const row = await db.query.connections.findFirst({ where: eq(connections.id, connectionId) });
  const manifest = row && Object.hasOwn(catalog, row.providerId) ? catalog[row.providerId] : undefined;
  if (manifest?.capabilities.health) return;
  const sentence = row
    ? `“${row.name}” measures nothing. Choose another connection.`
    : 'There is no such connection. Choose another.';
  throw new ServiceError('invalid', 'not_a_measurer', sentence, {
    'health.connectionId': 'Choose another connection.',
  });
}
