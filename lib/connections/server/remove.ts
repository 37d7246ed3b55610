import { and, count, eq, inArray, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { isForeignKeyViolation } from '@/lib/db/errors';
import { components, connections, deployments, environments, targets } from '@/lib/db/schema';
import { ACTIVE_STATUSES } from '@/lib/deployments/model/status';
import { ServiceError } from '@/lib/kernel/errors';
import { withLabel } from '@/lib/targets/model/label';
import type { removeConnectionInput } from '../model/schemas';
import { removeOwnTokensAt } from './own-token-remove';
import { record } from './record';
import { lockConnection } from './rows';
import { changedMeanwhile } from './update';

function inUse(name: string, targetCount: number): ServiceError {
  const many = targetCount === 1 ? '1 target uses' : `${targetCount} targets use`;
  return new ServiceError(
    'conflict',
    'connection_in_use',
    `${many} “${name}”. Point them to another connection first.`,
  );
}

async function requireNoImages(tx: Tx, { id, name }: { id: string; name: string }): Promise<void> {
  const [used] = await tx
    .select({ name: components.name })
    .from(components)
    .where(eq(components.imageConnectionId, id));
  if (!used) return;
  const sentence = `The images of ${used.name} are read through “${name}”. Choose another registry for that component first, or none.`;
  throw new ServiceError('conflict', 'connection_in_use', sentence);
}

/** Every verdict would be inconclusive from then on, and a gate that asks for health would hold without a word. */
async function requireMeasuresNothing(tx: Tx, { id, name }: { id: string; name: string }): Promise<void> {
  const one = JSON.stringify({ connectionId: id });
  const many = `[${one}]`;
  const used = await tx
    .select({ component: components.name, environment: environments.name, label: targets.label })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(
      sql`${targets.health} @> ${one}::jsonb or ${targets.health} -> 'alerts' @> ${many}::jsonb
        or ${targets.health} -> 'notes' @> ${many}::jsonb`,
    )
    .orderBy(environments.position, components.position);
  if (used.length === 0) return;
  const named = used
    .slice(0, 3)
    .map(({ component, environment, label }) => `${component} in ${withLabel(environment, label)}`);
  const rest = used.length > named.length ? [`${used.length - named.length} more`] : [];
  const sentence = `“${name}” measures ${[...named, ...rest].join(', ')}, has its alerts, or is told of its deployments. Choose another under How it does there first, or none.`;
  throw new ServiceError('conflict', 'connection_in_use', sentence);
}

/** Without its credential a run could neither be followed nor cancelled, also one that publishes for a gallery's target. */
async function requireIdle(tx: Tx, { id, name }: { id: string; name: string }): Promise<void> {
  const [busy] = await tx
    .select({ number: deployments.number })
    .from(deployments)
    .where(
      and(
        or(eq(deployments.connectionId, id), sql`${deployments.dispatch} #>> '{publish,by,connectionId}' = ${id}`),
        inArray(deployments.status, [...ACTIVE_STATUSES]),
      ),
    )
    .limit(1);
  if (!busy) return;
  const sentence = `Deployment #${busy.number} still runs through “${name}”. Wait until it has ended, or cancel it first.`;
  throw new ServiceError('conflict', 'connection_busy', sentence);
}

/** Removes a connection and its secrets. Refused while a target deploys through it or is measured by it, or a run of it is on its way. */
export async function removeConnection(
  ctx: ServiceContext,
  input: z.output<typeof removeConnectionInput>,
): Promise<void> {
  requirePermission(ctx.actor, 'connection.manage', null);
  let name = '';
  try {
    await ctx.db.transaction(async (tx) => {
      const row = await lockConnection(tx, input.id);
      name = row.name;
      if (row.version !== input.version) throw changedMeanwhile();
      const [used] = await tx
        .select({ n: count() })
        .from(targets)
        .where(or(eq(targets.connectionId, input.id), eq(targets.runtimeConnectionId, input.id)));
      if (used && used.n > 0) throw inUse(row.name, used.n);
      await requireNoImages(tx, row);
      await requireMeasuresNothing(tx, row);
      await requireIdle(tx, row);
      const ownTokensRemoved = await removeOwnTokensAt(tx, input.id);
      await tx.delete(connections).where(eq(connections.id, input.id));
      await record(tx, ctx, input.id, {
        verb: 'remove',
        sentence: `Removed “${row.name}” (${row.origin}) and its secrets.`,
        data: { name: row.name, providerId: row.providerId, origin: row.origin, ownTokensRemoved },
      });
    });
  } catch (error) {
    throw isForeignKeyViolation(error) ? inUse(name, 1) : error;
  }
}
