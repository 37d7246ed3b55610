import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { incidents, incidentTargets } from '@/lib/db/schema';
import { redactText } from '@/lib/kernel/redact';
import type { changeIncidentInput } from '../model/schemas';
import { IMPACT_WORDS } from '../model/words';
import { changedMeanwhile, lockIncident, requireDeployment, requireTargets } from './about';
import { readPublicNews } from './read-public';
import { record, tellFollowers } from './record';

/** What an incident is about: its title, impact, places and release. What was said stays. Throws `ServiceError`. */
export async function changeIncident(
  ctx: ServiceContext,
  input: z.output<typeof changeIncidentInput>,
): Promise<{ incidentId: string; version: number }> {
  requirePermission(ctx.actor, 'incident.manage', null);
  const { incidentId, targetIds, impact, deploymentId } = input;
  return await ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, incidentId);
    if (row.version !== input.version) throw changedMeanwhile();
    await requireTargets(tx, targetIds);
    await requireDeployment(tx, deploymentId);
    const title = redactText(input.title);
    const shown = async () => JSON.stringify((await readPublicNews(tx, { incidentId })).incidents);
    const before = await shown();
    const version = row.version + 1;
    await tx.update(incidents).set({ title, impact, deploymentId, version }).where(eq(incidents.id, incidentId));
    await tx.delete(incidentTargets).where(eq(incidentTargets.incidentId, incidentId));
    if (targetIds.length > 0)
      await tx.insert(incidentTargets).values(targetIds.map((targetId) => ({ incidentId, targetId })));
    await record(tx, ctx, {
      action: 'incident.change',
      resource: { kind: 'incident', id: incidentId },
      sentence: `Changed what the incident “${title}” is about (${IMPACT_WORDS[impact].label.toLowerCase()}).`,
      data: { before: { title: row.title, impact: row.impact }, targetIds, deploymentId },
    });
    const label = IMPACT_WORDS[impact].label.toLowerCase();
    if ((await shown()) !== before)
      await tellFollowers(tx, 'incident.updated', { incidentId }, `Changed: ${title} (${label}).`);
    return { incidentId, version };
  });
}
