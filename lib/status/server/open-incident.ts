import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { personId } from '@/lib/auth/actor';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { incidents, incidentTargets, incidentUpdates } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { newId } from '@/lib/kernel/ids';
import { redactText } from '@/lib/kernel/redact';
import type { openIncidentInput } from '../model/schemas';
import { IMPACT_WORDS, INCIDENT_WORDS } from '../model/words';
import { databaseNow, requireDeployment, requireTargets } from './about';
import { record, tellFollowers } from './record';

const DAY_MS = 86_400_000;
/** Older ones are history, which is not written afterwards. */
const OLDEST_DAYS = 30;

/** Tells everybody about trouble, with a first update. */
export async function openIncident(
  ctx: ServiceContext,
  input: z.output<typeof openIncidentInput>,
): Promise<{ incidentId: string; version: number }> {
  requirePermission(ctx.actor, 'incident.manage', null);
  const { targetIds, text, startedAt, state, impact, deploymentId } = input;
  const id = newId('inc');
  const title = redactText(input.title);
  await ctx.db.transaction(async (tx) => {
    await requireTargets(tx, targetIds);
    await requireDeployment(tx, deploymentId);
    await tx.insert(incidents).values({
      ...{ id, title, impact, state, deploymentId },
      startedAt: startedAt === null ? sql`now()` : await requireBegin(tx, startedAt),
      resolvedAt: state === 'resolved' ? sql`now()` : null,
      createdBy: personId(ctx.actor) ?? 'system',
      createdByName: ctx.actor.name,
    });
    if (targetIds.length > 0)
      await tx.insert(incidentTargets).values(targetIds.map((targetId) => ({ incidentId: id, targetId })));
    await addUpdate(tx, ctx, { incidentId: id, state, text });
    const says = `${INCIDENT_WORDS[state].label}: ${title}.`;
    await record(tx, ctx, {
      action: 'incident.open',
      resource: { kind: 'incident', id },
      sentence: `Told everybody about “${title}” (${IMPACT_WORDS[impact].label.toLowerCase()}): ${text}`,
      data: { impact, state, targetIds, deploymentId },
    });
    await tellFollowers(tx, 'incident.opened', { incidentId: id }, says);
  });
  return { incidentId: id, version: 1 };
}

/** One more thing that was said; nobody takes it back. */
export async function addUpdate(
  tx: Tx,
  ctx: ServiceContext,
  { incidentId, state, text }: Pick<typeof incidentUpdates.$inferInsert, 'incidentId' | 'state' | 'text'>,
): Promise<void> {
  const by = { byId: personId(ctx.actor), byName: ctx.actor.name };
  await tx.insert(incidentUpdates).values({ id: newId('upd'), incidentId, state, text: redactText(text), ...by });
}

async function requireBegin(tx: Tx, text: string): Promise<Date> {
  const at = Date.parse(text);
  const now = await databaseNow(tx);
  if (at <= now && at > now - OLDEST_DAYS * DAY_MS) return new Date(at);
  const sentence = `It began before now, and not more than ${OLDEST_DAYS} days ago. Leave it empty for now.`;
  throw new ServiceError('invalid', 'begin_unlikely', sentence, { startedAt: sentence });
}
