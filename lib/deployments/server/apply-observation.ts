import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext, Tx } from '@/lib/auth/context';
import { deploymentSteps } from '@/lib/db/schema';
import type { Observation } from '@/lib/providers/port';
import { publish } from '@/lib/realtime/publish';
import { type Decision, decide } from '../model/decide';
import type { Seen } from '../model/ended-run';
import { isAtGallery } from './at-gallery';
import { heldFacts, patience, tellHeld } from './held';
import { move, note, progress } from './move';
import { type DeploymentRow, lockDeployment } from './rows';

/** Writes what the provider says now; returns true when the status moved. Older attempts and unchanged facts write nothing new. */
export async function applyObservation(
  ctx: ServiceContext,
  deploymentId: string,
  seen: Seen,
  nextCheckSeconds: number,
): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    const row = await lockDeployment(tx, deploymentId);
    const decision = row && decide(row, seen);
    if (!row || !decision || decision.kind === 'ignore') return false;
    if (decision.kind === 'older') {
      await note(tx, ctx, row, { waitingFor: 'The provider does not list the new attempt yet.' }, nextCheckSeconds);
      return false;
    }
    const stepsChanged = await writeSteps(tx, row.id, seen);
    if (decision.kind === 'move') {
      const sentence = seen.failure ? { sentence: seen.failure.sentence } : {};
      const patch = { ...factsOf(row, seen), ...endOf(row, decision, seen) };
      await move(tx, ctx, row, decision.event, { patch, ...sentence, data: { raw: seen.rawPhase } });
      return true;
    }
    const stands = patience(row, seen, await isAtGallery(tx, row));
    await note(tx, ctx, row, { ...factsOf(row, seen), ...stands }, nextCheckSeconds);
    await tellHeld(tx, ctx, row, seen);
    if (stepsChanged) await publish(tx, progress(row, ctx));
    return false;
  });
}

function factsOf(row: DeploymentRow, seen: Seen) {
  return {
    rawPhase: seen.rawPhase,
    remoteAttempt: seen.ref.attempt,
    remoteUrl: seen.ref.url || row.remoteUrl,
    observedAt: now(),
    startedAt: seen.startedAt ? new Date(seen.startedAt) : row.startedAt,
    waitingFor: seen.waitingFor,
    ...heldFacts(row, seen),
    keptBack: seen.keptBack ?? false,
    runEndedAt: seen.runEndedAt ?? null,
    troubleCount: 0,
    troubleSentence: null,
    // The run is known and answers, so nothing of it can be sent twice any more.
    lookFirst: false,
  };
}

function endOf(row: DeploymentRow, { event, to }: Extract<Decision, { kind: 'move' }>, seen: Observation) {
  const { failure } = seen;
  if (to === 'verifying') return { providerDoneAt: doneAt(row, seen) };
  if (event !== 'observe_failed' || !failure) return {};
  return { failureCode: 'run_failed', failureSentence: failure.sentence, failureStep: failure.step };
}

/**
 * When the provider was done by its own word, however long nobody looked: users have had it since then. Never before the
 * last look, which found it going on, or before it was sent: a build from before was only promoted, or clocks differ.
 */
function doneAt({ observedAt, submittedAt }: DeploymentRow, { finishedAt }: Observation): Date {
  const lastLook = sql`${observedAt ?? submittedAt}::timestamptz`;
  // Untold, it is within the usual time between two looks; after a longer sleep, soon after the last one.
  const untold = sql`case when ${lastLook} < now() - interval '2 minutes' then ${lastLook} else now() end`;
  const end = finishedAt === null ? untold : sql`${new Date(finishedAt)}::timestamptz`;
  return sql`least(now(), greatest(${end}, ${lastLook}))` as unknown as Date;
}

/** The database's clock, in the statement that writes. */
const now = () => sql`now()` as unknown as Date;

/** Postgres takes 65,535 values in one statement; a matrix of 256 jobs has more. */
const STEPS_AT_ONCE = 1_000;

/** Steps are unique per (deployment, attempt, key); the first end that was seen wins. */
async function writeSteps(tx: Tx, deploymentId: string, seen: Observation): Promise<boolean> {
  const known = new Map(
    (
      await tx
        .select()
        .from(deploymentSteps)
        .where(and(eq(deploymentSteps.deploymentId, deploymentId), eq(deploymentSteps.remoteAttempt, seen.ref.attempt)))
    ).map((s) => [s.key, s]),
  );
  // A page that shifted while it was read shows a job twice; one statement may write a row only once.
  const distinct = new Map(seen.steps.map((step, position) => [step.key, { step, position }]));
  const changed = [...distinct.values()].filter(({ step }) => {
    const before = known.get(step.key);
    return (
      !before ||
      (before.endedAt === null &&
        (before.status !== step.status ||
          step.endedAt !== null ||
          (before.startedAt === null && step.startedAt !== null)))
    );
  });
  const rows = changed.map(({ step: { startedAt, endedAt, ...step }, position }) => ({
    ...step,
    deploymentId,
    remoteAttempt: seen.ref.attempt,
    position,
    startedAt: startedAt ? new Date(startedAt) : null,
    endedAt: endedAt ? new Date(endedAt) : null,
  }));
  for (let from = 0; from < rows.length; from += STEPS_AT_ONCE) {
    await tx
      .insert(deploymentSteps)
      .values(rows.slice(from, from + STEPS_AT_ONCE))
      .onConflictDoUpdate({
        target: [deploymentSteps.deploymentId, deploymentSteps.remoteAttempt, deploymentSteps.key],
        set: { status: sql`excluded.status`, startedAt: sql`excluded.started_at`, endedAt: sql`excluded.ended_at` },
      });
  }
  return rows.length > 0;
}
