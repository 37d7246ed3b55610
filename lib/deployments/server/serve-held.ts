import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import { emitAudit } from '@/lib/audit/emit';
import type { DbOrTx, OpenConnection, ServiceContext, Tx } from '@/lib/auth/context';
import { requirePermission } from '@/lib/auth/require';
import { events } from '@/lib/db/schema';
import { asksChecks } from '@/lib/gates/model/gates';
import { holdEnvironment } from '@/lib/gates/server/locking';
import { ServiceError } from '@/lib/kernel/errors';
import { failpoint } from '@/lib/kernel/failpoint';
import { type ChecksSaid, capability, ProviderError, type RemoteRef } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { sendingEnds, sendingUntil } from './claim';
import { notClear } from './clearance';
import { goesBack } from './hold';
import { type DeploymentRow, lockDeployment, requireDeployment, requireTarget } from './rows';
import { newerThere } from './served-age';

/** For so long nobody else asks the host: it may be doing it. By then a look at the build has told. In seconds. */
const ASKED_SECONDS = 60;
const ASKED = 'serve_asked';
const REFUSED = 'serve_refused';

/**
 * A deployment that is built and that its host keeps back (after a roll-back there, say): its addresses are led to it, with
 * one request. Everything that held it once is asked again under the locks, as for a request that is sent once more, and
 * who asked is written down before it leaves. What becomes of it the next look tells. Throws `not_held`, `being_served`,
 * `older_than_live`, what holds it, and what the provider answers.
 */
export async function serveHeld(ctx: ServiceContext, input: { deploymentId: string }): Promise<{ runId: string }> {
  const row = await requireDeployment(ctx.db, input.deploymentId);
  const { environment, target } = await requireTarget(ctx.db, row.targetId);
  requirePermission(ctx.actor, 'deployment.request', environment.slug);
  const ref = buildOf(row);
  const open = await ctx.openConnection(row.connectionId);
  const said = await requireHeld(open, row, ref);
  await requireNotOlder(ctx, open, row, target.currentDeploymentId);
  const press = { ref, label: open.provider.manifest.label, environment: environment.slug };
  const sendBy = sendingEnds();
  await ctx.db.transaction((tx) => begin(tx, ctx, row, press, said));
  await failpoint('after-claim-commit');
  try {
    const fetch = sendingUntil({ sendBy }, open.context.fetch);
    await capability(open.provider, 'promote').promote({ ...open.context, fetch }, row.config, ref);
    await tell(ctx, row, press, null);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await tell(ctx, row, press, error);
    if (!error.ambiguous) throw error;
  }
  return { runId: ref.id };
}

interface Press {
  ref: RemoteRef;
  label: string;
  environment: string;
}

function buildOf(row: DeploymentRow | null): RemoteRef {
  const built = row?.status === 'building' || row?.status === 'deploying';
  if (!row?.remoteId || !built || row.dispatch.serve) throw notHeld();
  return { id: row.remoteId, attempt: row.remoteAttempt, url: row.remoteUrl ?? '' };
}

/** The host itself says that it is built and waits. Answers the commit's checks, where the policy wants to know of them. */
async function requireHeld(open: OpenConnection, row: DeploymentRow, ref: RemoteRef): Promise<ChecksSaid | null> {
  const { provider, context } = open;
  const [seen, offer, head] = await Promise.all([
    capability(provider, 'status').observe(context, row.config, ref),
    capability(provider, 'promote').offer?.(context, row.config, ref) ?? ({ as: 'build' } as const),
    asksChecks(row)
      ? capability(provider, 'source').commit(context, row.config, row.sha, row.policy?.requiredChecks)
      : null,
  ]);
  if (seen.phase !== 'waiting' || offer.as !== 'build') throw notHeld();
  return head;
}

/** While it waited somebody may have put a newer build live at the host; what is meant to go back asks nobody. */
async function requireNotOlder(
  ctx: ServiceContext,
  open: OpenConnection,
  row: DeploymentRow,
  currentDeploymentId: string | null,
): Promise<void> {
  if (await goesBack(ctx.db, row)) return;
  const { config, connectionId, sha } = row;
  const newer = await newerThere(ctx.db, open, { config, connectionId, currentDeploymentId }, sha);
  if (newer) throw new ServiceError('precondition', newer.code, newer.sentence);
}

/** The intent, with the last word of the gates, in one commit. */
async function begin(tx: Tx, ctx: ServiceContext, row: DeploymentRow, press: Press, said: ChecksSaid | null) {
  const environment = await holdEnvironment(tx, row.environmentId);
  const fresh = await lockDeployment(tx, row.id);
  if (!fresh || buildOf(fresh).id !== press.ref.id) throw notHeld();
  const refusal = await notClear(tx, fresh, environment, said?.checks ?? null, said?.unpassed);
  if (refusal) {
    const anew = refusal.code === 'policy_changed' || refusal.code === 'approval_needed';
    const way = anew ? ' Deploy it again, so that it is asked anew.' : '';
    throw new ServiceError('precondition', refusal.code, `${refusal.sentence}${way}`);
  }
  const by = await askedBy(tx, row.id);
  if (by !== null) {
    const sentence = `${by} asked ${press.label} for it less than a minute ago. Look again in a moment.`;
    throw new ServiceError('conflict', 'being_served', sentence);
  }
  const sentence = `${ctx.actor.name} asks ${press.label} to lead its addresses to this build, which it keeps back.`;
  await write(tx, ctx, row, press, { kind: ASKED, outcome: 'done', sentence });
}

/** Whose request may still be on its way; one that the host clearly refused is not. */
export async function askedBy(tx: DbOrTx, deploymentId: string): Promise<string | null> {
  const recent = gt(events.at, sql`now() - make_interval(secs => ${ASKED_SECONDS})`);
  const [last] = await tx
    .select({ kind: events.kind, by: events.actorName })
    .from(events)
    .where(and(eq(events.deploymentId, deploymentId), inArray(events.kind, [ASKED, REFUSED]), recent))
    .orderBy(desc(events.id))
    .limit(1);
  return last?.kind === ASKED ? last.by : null;
}

/** What the host said to it. Without a clear answer it may be on its way; asking once more changes nothing more. */
async function tell(ctx: ServiceContext, row: DeploymentRow, press: Press, error: ProviderError | null): Promise<void> {
  const { label } = press;
  const outcome = error === null ? 'done' : 'failed';
  const sentence =
    error === null
      ? `${label} took it: its addresses are led to this build.`
      : error.ambiguous
        ? `${label} gave no clear answer, so its addresses may be led to this build. The next look tells.`
        : `${label} did not lead its addresses to this build: ${error.message}`;
  const kind = error === null ? 'served' : error.ambiguous ? 'serve_unclear' : REFUSED;
  await ctx.db.transaction(async (tx) => {
    await lockDeployment(tx, row.id);
    await write(tx, ctx, row, press, { kind, outcome, sentence, ...(error ? { code: error.code } : {}) });
    await ctx.queue.wakeDeployment(tx, row.id);
  });
}

interface Line {
  kind: string;
  outcome: 'done' | 'failed';
  code?: string;
  sentence: string;
}

async function write(tx: Tx, ctx: ServiceContext, row: DeploymentRow, press: Press, line: Line): Promise<void> {
  const { kind, sentence, ...said } = line;
  await publish(tx, {
    topic: 'deployment',
    kind,
    deploymentId: row.id,
    targetId: row.targetId,
    actorName: ctx.actor.name,
    data: { sentence },
  });
  await emitAudit(tx, ctx, {
    action: 'deployment.serve-held',
    resource: { kind: 'deployment', id: row.id },
    environment: press.environment,
    ...said,
    sentence: `#${row.number}: ${sentence}`,
    data: { remoteId: press.ref.id },
  });
}

function notHeld(): ServiceError {
  const sentence = 'Its host does not keep it back (any more). Reload to see how it went on.';
  return new ServiceError('precondition', 'not_held', sentence);
}
