import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext } from '@/lib/auth/context';
import type { DbOrTx } from '@/lib/db/client';
import { publish } from '@/lib/realtime/publish';

export interface EstateChange {
  kind: 'component' | 'environment' | 'target';
  verb: 'create' | 'update';
  id: string;
  /** Slug; null for what spans all environments. */
  environment: string | null;
  sentence: string;
  /** Names and ids only. */
  data: Record<string, unknown>;
}

/** The audit line and the live event of one change to the estate, in the transaction that makes it. */
export async function recordChange(tx: DbOrTx, ctx: ServiceContext, change: EstateChange): Promise<void> {
  await emitAudit(tx, ctx, {
    action: `${change.kind}.${change.verb}`,
    resource: { kind: change.kind, id: change.id },
    environment: change.environment,
    outcome: 'done',
    sentence: change.sentence,
    data: change.data,
  });
  await publish(tx, {
    topic: 'target',
    kind: `${change.kind}.${change.verb}`,
    targetId: change.kind === 'target' ? change.id : null,
    actorName: ctx.actor.name,
    data: { id: change.id },
  });
}
