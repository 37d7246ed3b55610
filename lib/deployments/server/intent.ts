import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { publish } from '@/lib/realtime/publish';
import { withLabel } from '@/lib/targets/model/label';
import { MODE_WORDS } from '../../rendering/model/mode';
import type { DeploymentRow, LoadedTarget } from './rows';

const KIND_SAYS = {
  deploy: 'Deploy',
  rollback: 'Roll back',
  retry: 'Re-run failed jobs of',
  promote: 'Promote',
} as const;

function verbOf({ kind, dispatch }: DeploymentRow): string {
  const { publish } = dispatch;
  return publish ? `Publish ${publish.publisher}.${publish.name} ${publish.version}, of` : KIND_SAYS[kind];
}

/** A mode that stays is told too: the line stands alone. */
function modeSays({ rendering }: DeploymentRow, { target }: LoadedTarget): string {
  if (rendering === null) return '';
  const { short } = MODE_WORDS[rendering];
  const before = target.rendering;
  return before !== null && before !== rendering ? `, from ${MODE_WORDS[before].short} to ${short}` : `, as ${short}`;
}

const WITH_NOW = ' The target’s settings have changed since then: it goes with those of now.';

/** Event and audit line of a request, of what could not be looked at before, and of the freeze that it was let through. */
export async function publishIntent(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  loaded: LoadedTarget,
  { unlooked, settingsChanged }: { unlooked?: string | null; settingsChanged?: boolean },
): Promise<void> {
  const sentence = `${verbOf(row)} ${loaded.component.name} to ${withLabel(loaded.environment.name, loaded.target.label)}: ${row.ref} at ${row.sha.slice(0, 7)}${modeSays(row, loaded)}.${row.reason ? ` ${row.reason}` : ''}${settingsChanged ? WITH_NOW : ''}`;
  await publish(tx, {
    topic: 'deployment',
    kind: 'requested',
    deploymentId: row.id,
    targetId: row.targetId,
    toStatus: row.status,
    actorName: ctx.actor.name,
    data: { sentence },
  });
  await emitAudit(tx, ctx, {
    action: `deployment.request.${row.kind}`,
    resource: { kind: 'deployment', id: row.id },
    environment: loaded.environment.slug,
    outcome: 'done',
    sentence: `#${row.number}: ${sentence}`,
    data: {
      ...(row.freezeOverride ? { freezeOverride: row.freezeOverride.reason } : {}),
      ...(unlooked ? { notLookedAt: unlooked } : {}),
      ...(settingsChanged ? { settingsOf: 'now' } : {}),
      target: loaded.target.id,
      sha: row.sha,
      ref: row.ref,
      inputNames: Object.keys(row.inputs),
      ...(row.rendering ? { rendering: row.rendering, renderingBefore: loaded.target.rendering } : {}),
      digest: row.contentDigest,
    },
  });
  if (unlooked)
    await publish(tx, {
      topic: 'deployment',
      kind: 'not_looked_at',
      deploymentId: row.id,
      targetId: row.targetId,
      actorName: ctx.actor.name,
      data: { sentence: unlooked },
    });
  if (row.freezeOverride) await publishOverride(tx, ctx, row, loaded.environment.slug);
}

/** Letting something through a freeze is its own line in the audit log, whenever it happens. */
export async function publishOverride(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  environment: string,
): Promise<void> {
  const sentence = `${ctx.actor.name} lets it through the freeze: ${row.freezeOverride?.reason}`;
  await publish(tx, {
    topic: 'deployment',
    kind: 'freeze_overridden',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence },
  });
  await emitAudit(tx, ctx, {
    action: 'freeze.override',
    resource: { kind: 'deployment', id: row.id },
    environment,
    outcome: 'done',
    sentence: `#${row.number}: ${sentence}`,
    data: { target: row.targetId, sha: row.sha },
  });
}
