import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { incidents } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { problemOfStep } from '../model/progress';
import type { postUpdateInput } from '../model/schemas';
import { INCIDENT_WORDS } from '../model/words';
import { lockIncident } from './about';
import { addUpdate } from './open-incident';
import { record, tellFollowers } from './record';

/** Says how an incident stands now; `resolved` ends it. Throws `ServiceError` notFound or conflict. */
export async function postUpdate(
  ctx: ServiceContext,
  { incidentId, state, text }: z.output<typeof postUpdateInput>,
): Promise<{ incidentId: string; version: number }> {
  requirePermission(ctx.actor, 'incident.manage', null);
  return await ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, incidentId);
    const problem = problemOfStep(row.state, state);
    if (problem) throw new ServiceError('conflict', problem.code, problem.sentence);
    await addUpdate(tx, ctx, { incidentId, state, text });
    const resolvedAt = state === 'resolved' ? sql`coalesce(${incidents.resolvedAt}, now())` : null;
    const version = row.version + 1;
    await tx.update(incidents).set({ state, resolvedAt, version }).where(eq(incidents.id, incidentId));
    const ends = state === 'resolved' && row.state !== 'resolved';
    await record(tx, ctx, {
      action: ends ? 'incident.resolve' : 'incident.update',
      resource: { kind: 'incident', id: incidentId },
      sentence: `${INCIDENT_WORDS[state].label}: “${row.title}”. ${text}`,
      data: { before: row.state, after: state },
    });
    const says = `${INCIDENT_WORDS[state].label}: ${row.title}.`;
    await tellFollowers(tx, ends ? 'incident.resolved' : 'incident.updated', { incidentId }, says);
    return { incidentId, version };
  });
}
