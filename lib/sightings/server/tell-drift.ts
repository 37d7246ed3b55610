import { eq } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { components, environments, type targets } from '@/lib/db/schema';
import { publish } from '@/lib/realtime/publish';

export type Place = Pick<typeof targets.$inferSelect, 'id' | 'componentId' | 'environmentId'>;

/** That something else is live, or is no more (null): by event, for notifications too, and audit line. */
export async function tellDrift(tx: Tx, ctx: ServiceContext, target: Place, drift: string | null): Promise<void> {
  const kind = drift === null ? 'drift_over' : 'drift';
  const sentence = drift ?? 'What is live is what was deployed from here again.';
  const [place] = await tx
    .select({ component: components.name, environment: environments.name, slug: environments.slug })
    .from(components)
    .innerJoin(environments, eq(environments.id, target.environmentId))
    .where(eq(components.id, target.componentId));
  await publish(tx, { topic: 'target', kind, targetId: target.id, actorName: ctx.actor.name, data: { sentence } });
  await emitAudit(tx, ctx, {
    action: `target.${kind}`,
    resource: { kind: 'target', id: target.id },
    environment: place?.slug ?? null,
    outcome: drift === null ? 'done' : 'failed',
    ...(drift === null ? {} : { code: 'drift' }),
    sentence: `${place?.component} in ${place?.environment}: ${sentence}`,
  });
}
