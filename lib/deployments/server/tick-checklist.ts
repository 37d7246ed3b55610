import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { policyOf } from '@/lib/gates/model/policy';
import { type TickInput, tickInput } from '@/lib/gates/model/schemas';
import { databaseNow } from '@/lib/gates/server/holds';
import { type EnvironmentRow, holdEnvironment } from '@/lib/gates/server/locking';
import { ServiceError } from '@/lib/kernel/errors';
import { publish } from '@/lib/realtime/publish';
import { eligibility } from '../model/eligibility';
import { requireAllowed } from './access';
import { deploymentFacts, mayEverything } from './gate';
import { note, ownPace } from './move';
import { type DeploymentRow, lockDeployment, requireDeployment, requireTarget } from './rows';

/**
 * Ticks items of the environment's checklist on a deployment that waits. It only adds: a tick is a person's word that
 * something was done and changes nothing of what is sent, so approvals stand. Answers how many items are open.
 */
export async function tickChecklist(ctx: ServiceContext, raw: TickInput): Promise<{ open: number }> {
  const { deploymentId, items } = tickInput.parse(raw);
  const seen = await requireDeployment(ctx.db, deploymentId);
  return ctx.db.transaction(async (tx) => {
    const environment = await holdEnvironment(tx, seen.environmentId);
    requirePermission(ctx.actor, 'deployment.request', environment.slug);
    const row = (await lockDeployment(tx, deploymentId)) ?? seen;
    const loaded = { ...(await requireTarget(tx, row.targetId)), environment };
    const { tick } = eligibility(await deploymentFacts(tx, row, loaded, null), mayEverything);
    // Ticked twice is ticked.
    if (tick.refusal?.code === 'checklist_done') return { open: 0 };
    requireAllowed(tick);
    requireOn(policyOf(environment.policy).checklist, items, environment.name);
    return { open: await addTicks(tx, ctx, row, environment, items) };
  });
}

/**
 * Writes down in the person's name what they ticked of what is asked for, and answers how many items are open. The caller
 * has locked environment and row, and asked whether the person may.
 */
export async function addTicks(
  tx: Tx,
  ctx: ServiceContext,
  row: DeploymentRow,
  environment: Pick<EnvironmentRow, 'slug' | 'policy'>,
  items: readonly string[],
): Promise<number> {
  const asked = policyOf(environment.policy).checklist;
  const added = [...new Set(items)].filter((item) => asked.includes(item) && !row.checklist.includes(item));
  const checklist = [...row.checklist, ...added];
  const open = asked.filter((item) => !checklist.includes(item)).length;
  if (added.length > 0) await write(tx, ctx, row, { checklist, added, open, environment: environment.slug });
  return open;
}

/** A tick for something that nobody asks for says nothing, and the person may have another list in front of them. */
function requireOn(asked: readonly string[], items: readonly string[], environment: string): void {
  const unknown = items.find((item) => !asked.includes(item));
  if (unknown === undefined) return;
  const sentence = `“${unknown}” is not on the checklist of ${environment}. Reload the page and tick what stands there now.`;
  throw new ServiceError('invalid', 'not_on_checklist', sentence, { items: sentence });
}

interface Ticks {
  checklist: string[];
  added: string[];
  open: number;
  environment: string;
}

/** With its last item it has its place in the queue again, and is looked at in the same commit. */
async function write(tx: Tx, ctx: ServiceContext, row: DeploymentRow, ticks: Ticks): Promise<void> {
  const { checklist, added, open, environment } = ticks;
  const able = open === 0 && row.failureCode === 'checklist_open' ? { failureCode: null } : {};
  await note(tx, ctx, row, { checklist, ...able }, ownPace(row, await databaseNow(tx)));
  const sentence = `${ctx.actor.name} ticked ${added.map((item) => `“${item}”`).join(', ')}.`;
  await publish(tx, {
    topic: 'deployment',
    kind: 'ticked',
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence },
  });
  await emitAudit(tx, ctx, {
    action: 'deployment.tick',
    resource: { kind: 'deployment', id: row.id },
    environment,
    outcome: 'done',
    sentence: `#${row.number}: ${sentence}`,
    data: { items: added, open },
  });
  if (row.status === 'queued') await ctx.queue.wakeDeployment(tx, row.id);
}
