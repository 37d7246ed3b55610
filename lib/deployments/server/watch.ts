import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { Consumer } from '@/lib/connections/model/consumer';
import { deployments } from '@/lib/db/schema';
import {
  type AnyProvider,
  capability,
  type Observation,
  type ProviderContext,
  ProviderError,
} from '@/lib/providers/port';
import { isRun } from '../model/dispatch';
import type { Seen } from '../model/ended-run';
import { DEADLINE_MS } from '../model/machine';
import { lookEverySeconds } from '../model/pace';
import { applyObservation } from './apply-observation';
import { move, note } from './move';
import { observePublish } from './publish';
import { type DeploymentRow, lockDeployment } from './rows';
import { observeServe } from './serve';
import { askedBy } from './serve-held';
import { settle } from './settle';
import { isRunning, stands } from './stands';
import { starterOf } from './starter';
import { asProviderError, troublePatch } from './trouble';

const GONE_AFTER_TRIES = 3;

/** `building`, `deploying`: ask the provider and apply the answer. */
export async function watch(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  const look = async (provider: AnyProvider, context: ProviderContext) => {
    const seen = await observe(ctx, provider, context, row);
    const crowd = await inFlightOn(ctx, row.connectionId);
    return applyObservation(ctx, row.id, seen, checkEverySeconds(ctx, row, provider, crowd));
  };
  return withProvider(ctx, row, look, 'watch');
}

/** How many deployments share the connection's quota at the moment. */
async function inFlightOn(ctx: ServiceContext, connectionId: string): Promise<number> {
  // Written out, so that the partial index of what is in flight serves it.
  const inFlight = sql`status in ('submitting','building','deploying','verifying','cancelling')`;
  return ctx.db.$count(deployments, and(inFlight, eq(deployments.connectionId, connectionId)));
}

/** `cancelling`: send the cancel once, then watch who wins. Before a run is known, settle that first. */
export async function pursueCancel(ctx: ServiceContext, row: DeploymentRow): Promise<boolean> {
  if (!row.remoteId || (row.kind === 'retry' && !row.startedAt)) return settle(ctx, row);
  return withProvider(ctx, row, async (provider, context) => {
    // What only leads addresses elsewhere, or lies at a gallery, cannot be stopped half-way: its end counts.
    const unstoppable = row.cancelSentAt !== null || !isRun(row.dispatch, row.remoteId);
    const refused = unstoppable ? null : await sendCancel(ctx, row);
    const looked = await observe(ctx, provider, context, row);
    const seen = (await staysBack(ctx, row, looked, { provider, context })) ?? looked;
    const moved = await applyObservation(ctx, row.id, seen, checkEverySeconds(ctx, row, provider));
    // The run goes on and its end counts; the cancel is tried again.
    return refused && !moved ? noteTrouble(ctx, row, refused) : moved;
  });
}

/**
 * Built, and kept back by its host until somebody puts it live: no cancel stops it any more, and nothing more comes of it,
 * so that is its end here. Null where it is not so, or where somebody's request to put it live may be on its way.
 */
async function staysBack(
  ctx: ServiceContext,
  row: DeploymentRow,
  seen: Observation,
  { provider, context }: { provider: AnyProvider; context: ProviderContext },
): Promise<Observation | null> {
  const { offer, serving } = provider.methods.promote ?? {};
  if (seen.phase !== 'waiting' || !offer || (await askedBy(ctx.db, row.id)) !== null) return null;
  if ((await offer(context, row.config, seen.ref)).as !== 'build') return null;
  // Put live by somebody there, or by us a while ago: the host is still at it.
  const change = (await serving?.(context, row.config))?.change;
  if (change?.to === seen.ref.id && change.state === 'going-on') return null;
  const sentence = `It is built at ${provider.manifest.label}, which keeps it back, and stays there: it is not put live from here.`;
  return { ...seen, phase: 'cancelled', waitingFor: null, failure: { step: null, sentence } };
}

async function sendCancel(ctx: ServiceContext, row: DeploymentRow): Promise<ProviderError | null> {
  try {
    const { open, config } = await starterOf(ctx, row);
    await capability(open.provider, 'cancel').cancel(open.context, config, {
      id: row.remoteId ?? '',
      attempt: row.remoteAttempt,
      url: row.remoteUrl ?? '',
    });
  } catch (error) {
    // Already over, or perhaps accepted: either way the next look at the run tells.
    if (!(error instanceof ProviderError)) throw error;
    if (error.code !== 'already_finished' && !error.ambiguous) return error;
  }
  await ctx.db.update(deployments).set({ cancelSentAt: sql`now()` }).where(eq(deployments.id, row.id));
  return null;
}

async function noteTrouble(ctx: ServiceContext, row: DeploymentRow, error: ProviderError): Promise<false> {
  const { patch, waitSeconds } = troublePatch(row, error);
  await ctx.db.transaction((tx) => note(tx, ctx, row, patch, waitSeconds));
  return false;
}

export function observe(
  ctx: ServiceContext,
  provider: AnyProvider,
  context: ProviderContext,
  row: DeploymentRow,
): Promise<Seen> {
  if (row.dispatch.publish) return observePublish(ctx, provider, context, row, row.dispatch.publish);
  if (row.dispatch.serve) return observeServe(ctx, provider, context, row, row.dispatch.serve);
  return capability(provider, 'status').observe(context, row.config, {
    id: row.remoteId ?? '',
    attempt: row.remoteAttempt,
    url: row.remoteUrl ?? '',
  });
}

export async function withProvider(
  ctx: ServiceContext,
  row: DeploymentRow,
  run: (provider: AnyProvider, context: ProviderContext) => Promise<boolean>,
  consumer: Consumer = 'engine',
): Promise<boolean> {
  try {
    const { provider, context } = await ctx.openConnection(row.connectionId, consumer);
    return await run(provider, context);
  } catch (error) {
    return afterTrouble(ctx, row, asProviderError(error));
  }
}

/** Trouble never ends a deployment by itself, except a run that is gone for good; the deadline does. */
async function afterTrouble(ctx: ServiceContext, row: DeploymentRow, error: ProviderError): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const fresh = await lockDeployment(tx, row.id);
    if (!fresh || fresh.version !== row.version) return false;
    const { patch, waitSeconds } = troublePatch(fresh, error);
    if (error.kind === 'notFound' && patch.troubleCount >= GONE_AFTER_TRIES) {
      const failureSentence = `The provider no longer knows run ${fresh.remoteId}: ${error.message}`;
      await move(tx, ctx, fresh, 'abandon', {
        patch: { failureCode: 'run_gone', failureSentence },
        sentence: failureSentence,
      });
      return true;
    }
    await note(tx, ctx, fresh, { ...patch, ...cannotLook(fresh) }, waitSeconds);
    return false;
  });
}

/** What runs, or is done and only cannot be read back, is nobody's failure while the provider cannot be asked: its time stands. */
const cannotLook = ({ status }: DeploymentRow) =>
  isRunning(status) || status === 'verifying' ? stands(DEADLINE_MS.verifying / 1000) : {};

/** Young runs are looked at often, old ones every 15 s; webhooks only make it sooner. */
export function checkEverySeconds(ctx: ServiceContext, row: DeploymentRow, provider: AnyProvider, crowd = 1): number {
  const floor = provider.manifest.capabilities.status?.minPollSeconds ?? 3;
  const ageMs = ctx.clock.now() - (row.submittedAt ?? row.requestedAt).getTime();
  return lookEverySeconds({ floor, ageMs, crowd });
}
