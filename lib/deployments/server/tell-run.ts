import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import type { RemoteRef } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { type DeploymentRow, slugOf } from './rows';

/** What is told of a run that a deployment has, and should not have. */
export type RunNews = 'late_run' | 'second_run' | 'second_run_ended';

/** On the deployment, in the audit log, and to whoever is told what needs a person. The caller holds the deployment's row. */
export async function tellRun(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  ref: RemoteRef,
  { kind, sentence }: { kind: RunNews; sentence: string },
): Promise<void> {
  await publish(tx, {
    topic: 'deployment',
    kind,
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence, remoteId: ref.id, url: ref.url },
  });
  await emitAudit(tx, ctx, {
    action: `deployment.${kind}`,
    resource: { kind: 'deployment', id: row.id },
    environment: await slugOf(tx, row),
    outcome: 'failed',
    code: kind,
    sentence: `#${row.number}: ${sentence}`,
    data: { remoteId: ref.id },
  });
}
