import { personId } from '@/lib/auth/actor';
import type { ServiceContext } from '@/lib/auth/context';
import { signedOut } from '@/lib/auth/require';
import { requireTarget } from '@/lib/deployments/server/rows';
import { loadPackage, type PackageRow } from '@/lib/extensions/server/load-package';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import type { UnpublishInput } from '../model/schemas';
import { everyVersion, lookSoon, writeDown } from './recall';
import { type Asked, carryOut, guided, note, type Recalled, requirePublished, taken } from './recall-request';
import { approversInAll, mayInAll, requireInAll, strictestOf } from './same-extension';
import {
  agree,
  type Begun,
  beginAlone,
  endAsks,
  lockAsk,
  reopenAsk,
  requireNothingSent,
  writeAsk,
} from './unpublish-asks';
import { unpublishBy } from './unpublish-there';

/**
 * Takes a whole extension away, with every version, its reviews and its counts: for good, whichever of its targets is
 * pressed. So it takes the permission at all of them and the most approvals that one of them takes: the first press asks,
 * each further person who may approve agrees by the same press, and the last of them sends it. What was agreed to holds for
 * a day, until it was done or something is published there. Where this connection cannot, nobody is asked. Throws
 * `ServiceError` `name_mismatch`, `not_published`, `needs_approver`, `being_sent`, `being_published`, `recall_unclear`.
 */
export async function unpublish(ctx: ServiceContext, input: UnpublishInput): Promise<Recalled> {
  const loaded = await requireTarget(ctx.db, input.targetId);
  const row = await loadPackage(ctx, input.packageId);
  const name = `${row.publisher}.${row.name}`;
  const { slugs } = await strictestOf(ctx.db, { targetId: loaded.target.id, extension: name });
  if (!mayInAll(ctx.actor, 'deployment.approve', slugs)) requireInAll(ctx.actor, 'deployment.request', slugs);
  requireTyped(input.typedName, name);
  await requirePublished(ctx, input);
  const open = await ctx.openConnection(loaded.connection.id);
  const method = await unpublishBy(ctx, loaded.connection.id, open);
  if (!method) return guided(open.provider, 'an extension');
  const what = `${name}, with all its versions,`;
  const asked: Asked = { action: 'extension.unpublish', reason: input.reason, loaded, open, row, what };
  const { waits, begun, targetIds } = await askOthers(ctx, asked, name);
  if (waits) return waits;
  try {
    await carryOut(ctx, asked, () => method(open.context, loaded.target.config, row));
  } catch (error) {
    if (begun) await afterFailure(ctx, { begun, row, targetIds }, error);
    throw error;
  }
  const about = { targetId: loaded.target.id, packageId: row.id };
  await writeDown(ctx, asked, { of: everyVersion(row), at: targetIds }, (tx) => endAsks(tx, about));
  return taken(asked);
}

/**
 * Refused for certain, it is open again at once. What is unclear stays out for its two minutes, so that nobody publishes
 * or sends beside it, and what the gallery shows after them settles it.
 */
async function afterFailure(
  ctx: ServiceContext,
  { begun, row, targetIds }: { begun: Begun; row: PackageRow; targetIds: string[] },
  error: unknown,
): Promise<void> {
  const settled =
    error instanceof ProviderError
      ? reopenAsk(ctx.db, begun)
      : lookSoon(ctx.db, { of: everyVersion(row), at: targetIds });
  // Where that fails too it is open again two minutes later, and looked at in its turn; what the gallery said is told.
  await settled.catch(() => undefined);
}

/** `waits`: null = it may go out now, as what was `begun`. */
interface Leave {
  waits: Recalled | null;
  begun: Begun | null;
  /** All that publish the extension there. */
  targetIds: string[];
}

async function askOthers(ctx: ServiceContext, asked: Asked, name: string): Promise<Leave> {
  const id = personId(ctx.actor);
  if (id === null) throw signedOut();
  const by = { id, name: ctx.actor.name };
  const about = { targetId: asked.loaded.target.id, extension: name };
  return ctx.db.transaction(async (tx) => {
    const row = await lockAsk(tx, about);
    const { slugs, approvals, targetIds } = await strictestOf(tx, about);
    const toAsk = () => requireInAll(ctx.actor, 'deployment.request', slugs);
    if (approvals === 0) {
      toAsk();
      await requireNothingSent(tx, about);
      return { waits: null, begun: await beginAlone(tx, { ...about, reason: asked.reason, by }), targetIds };
    }
    if (!row) {
      toAsk();
      await writeAsk(tx, { ...about, reason: asked.reason, by, needed: approvals });
      await note(ctx, asked, `Asked to take ${asked.what} away: ${asked.reason}`, undefined, tx);
      return { waits: waiting(approvals), begun: null, targetIds };
    }
    const isAsker = row.askedById === id;
    if (!isAsker && !mayInAll(ctx.actor, 'deployment.approve', slugs)) throw needsApprover(row.askedByName);
    // Both may have changed since: the policy, and who may approve. The stricter counts.
    const may = await approversInAll(tx, idsOf(row.agreed), slugs);
    const { begun, left } = await agree(tx, row, {
      by: { ...by, at: new Date(ctx.clock.now()).toISOString() },
      holds: row.agreed.filter((each) => each.id === id || may.has(each.id)),
      needed: Math.max(row.needed, approvals),
    });
    if (begun) await requireNothingSent(tx, about);
    const said = isAsker ? 'Sends what was agreed to once more:' : `Agreed with ${row.askedByName}:`;
    if (begun || !isAsker) await note(ctx, asked, `${said} to take ${asked.what} away.`, undefined, tx);
    return { waits: begun ? null : waiting(left), begun, targetIds };
  });
}

const idsOf = (people: readonly { id: string }[]) => people.map((each) => each.id);

function waiting(left: number): Recalled {
  const who = left === 1 ? 'One more person who may approve here has' : `${left} more people who may approve here have`;
  const sentence = `Nothing is taken away yet. ${who} to agree within a day, by the same button on this page.`;
  return { outcome: 'asked', steps: [], sentence };
}

function needsApprover(by: string): ServiceError {
  const sentence = `${by} asked for this already. Whoever may approve deployments here agrees by the same button; that is not among your roles.`;
  return new ServiceError('forbidden', 'needs_approver', sentence);
}

function requireTyped(typed: string, name: string): void {
  if (typed.trim() === name) return;
  const sentence = `This takes away every version of ${name}. Type ${name} to go on.`;
  throw new ServiceError('invalid', 'name_mismatch', sentence, { typedName: sentence });
}
