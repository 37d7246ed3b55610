import { and, asc, eq, inArray } from 'drizzle-orm';
import type { z } from 'zod';
import { emitAudit } from '@/lib/audit/emit';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { deployments, environments } from '@/lib/db/schema';
import { followPolicy } from '@/lib/deployments/server/policy-change';
import { ServiceError } from '@/lib/kernel/errors';
import { publish } from '@/lib/realtime/publish';
import { type Policy, readPolicyOf, type SetPolicyInput, setPolicyInput } from '../model/policy';
import { type EnvironmentRow, environmentUnknown, takeEnvironments } from './locking';
import { wakeHeld } from './wake-held';

/**
 * What has to hold in an environment from now on. Everything that waits there comes under it in the same commit:
 * approvals given until now are void, and what needs people now goes back to them.
 */
export async function setPolicy(ctx: ServiceContext, raw: SetPolicyInput): Promise<{ policyVersion: number }> {
  const input = setPolicyInput.parse(raw);
  return ctx.db.transaction(async (tx) => {
    const environment = await takeOwn(tx, input);
    requirePermission(ctx.actor, 'policy.manage', environment.slug);
    if (environment.policyVersion !== input.policyVersion)
      throw new ServiceError('conflict', 'policy_changed', 'Somebody changed it meanwhile. Reload the page and look.');
    requireReason(environment, input.reason);
    requireNoTicks(input.policy);
    requireChecks(input.policy);
    await requireOrder(tx, environment, input.policy);
    const [changed] = await tx
      .update(environments)
      .set({ policy: input.policy, policyVersion: environment.policyVersion + 1 })
      .where(eq(environments.id, environment.id))
      .returning();
    if (!changed) throw new Error('The policy was not written.');
    const woken: string[] = [];
    const later = {
      ...ctx,
      queue: { ...ctx.queue, wakeDeployment: async (_: unknown, id: string) => void woken.push(id) },
    };
    const waiting = await followAll(tx, later, changed);
    await record(tx, ctx, { before: environment, after: changed, waiting, reason: input.reason });
    await wakeHeld(tx, ctx, { environmentId: changed.id, componentId: null }, woken);
    return { policyVersion: changed.policyVersion };
  });
}

/** An order is judged by those of the others: they are taken as well, or two of one moment would make a ring. */
async function takeOwn(tx: Tx, { environmentId, policy }: z.output<typeof setPolicyInput>): Promise<EnvironmentRow> {
  const taken = await takeEnvironments(tx, policy.afterEnvironmentId === null ? environmentId : null);
  const own = taken.find(({ id }) => id === environmentId);
  if (!own) throw environmentUnknown();
  return own;
}

/** Nobody claims while the environment is taken, so what is unclaimed now stays so until the commit. */
async function followAll(tx: Tx, ctx: ServiceContext, environment: EnvironmentRow): Promise<number> {
  const rows = await tx
    .select()
    .from(deployments)
    .where(
      and(eq(deployments.environmentId, environment.id), inArray(deployments.status, ['awaiting_approval', 'queued'])),
    )
    .orderBy(asc(deployments.number))
    .for('update');
  for (const row of rows) await followPolicy(tx, ctx, row, environment);
  return rows.length;
}

/** What cannot be read here may ask for more than anybody sees: whoever replaces it says why. */
function requireReason({ name, policy }: EnvironmentRow, reason: string): void {
  if (reason.length >= 3 || readPolicyOf(policy) !== null) return;
  const sentence = `What ${name} asks for was written by a newer version and cannot be read here. Say why it is replaced.`;
  throw new ServiceError('invalid', 'reason_needed', sentence, { reason: 'Say why in a few words.' });
}

/** What goes back by itself has nobody who ticks. */
function requireNoTicks({ rollBackWhenWorse, checklist }: Policy): void {
  if (!rollBackWhenWorse || checklist.length === 0) return;
  const sentence =
    'A roll-back needs the checklist, too, and nobody ticks it by itself. Empty the checklist, or leave going back to people.';
  throw new ServiceError('invalid', 'ticks_by_nobody', sentence, { 'policy.rollBackWhenWorse': sentence });
}

function requireChecks({ checks, requiredChecks: names }: Policy): void {
  if (!names) return;
  const invalid = (code: string, sentence: string) =>
    new ServiceError('invalid', code, sentence, { 'policy.requiredChecks': sentence });
  if (checks === 'ignore')
    throw invalid(
      'names_without_checks',
      'These are not looked at. Choose what they must say, or leave out the names.',
    );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw invalid('named_twice', `“${twice}” stands there twice. Name each check once.`);
}

/** A ring of environments that wait for each other would never let anything through. */
async function requireOrder(tx: Tx, environment: EnvironmentRow, policy: Policy): Promise<void> {
  const invalid = (code: string, field: string, sentence: string) =>
    new ServiceError('invalid', code, sentence, { [`policy.${field}`]: sentence });
  if (policy.afterEnvironmentId === null) {
    if (policy.soakHealthy)
      throw invalid('soak_without_order', 'soakHealthy', 'Choose the environment in which it has to be healthy first.');
    if (policy.soakMinutes === 0) return;
    throw invalid('soak_without_order', 'soakMinutes', 'Choose the environment in which it has to be live that long.');
  }
  const all = await tx.select().from(environments);
  const byId = new Map(all.map((row) => [row.id, row]));
  if (!byId.has(policy.afterEnvironmentId))
    throw invalid('environment_not_found', 'afterEnvironmentId', 'There is no such environment. Choose another.');
  let next: string | null = policy.afterEnvironmentId;
  for (let steps = 0; next !== null && steps <= all.length; steps++) {
    if (next === environment.id) {
      const sentence = `${environment.name} would wait for itself. Choose an environment that does not wait for it.`;
      throw invalid('order_ring', 'afterEnvironmentId', sentence);
    }
    // One that cannot be read lets nothing through, so it closes no ring.
    next = readPolicyOf(byId.get(next)?.policy)?.afterEnvironmentId ?? null;
  }
}

async function record(
  tx: Tx,
  ctx: ServiceContext,
  {
    before,
    after,
    waiting,
    reason,
  }: { before: EnvironmentRow; after: EnvironmentRow; waiting: number; reason: string },
): Promise<void> {
  await publish(tx, {
    topic: 'policy',
    kind: 'set',
    actorName: ctx.actor.name,
    data: { environmentId: after.id, policyVersion: after.policyVersion },
  });
  const known = readPolicyOf(before.policy);
  const touched = waiting === 0 ? '' : ` ${waiting} waiting deployment${waiting === 1 ? '' : 's'} came under it.`;
  await emitAudit(tx, ctx, {
    action: 'policy.set',
    resource: { kind: 'environment', id: after.id },
    environment: after.slug,
    outcome: 'done',
    sentence: `${known ? 'Changed' : 'Replaced, unread,'} what ${after.name} asks for.${touched}${reason ? ` ${reason}` : ''}`,
    data: { before: known ?? before.policy, after: after.policy, policyVersion: after.policyVersion },
  });
}
