import 'server-only';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/db/client';
import { deploymentSteps, deployments } from '@/lib/db/schema';
import type { JobView, StepView } from '../model/view';
import { groupBy } from './read-cells';
import { iso } from './row-views';

type StepRow = typeof deploymentSteps.$inferSelect;

/** Jobs and steps of one attempt of the provider's run, in the provider's order. */
export async function readJobs(db: DbOrTx, deploymentId: string, remoteAttempt: number): Promise<JobView[]> {
  const rows = await db
    .select()
    .from(deploymentSteps)
    .where(and(eq(deploymentSteps.deploymentId, deploymentId), eq(deploymentSteps.remoteAttempt, remoteAttempt)))
    .orderBy(asc(deploymentSteps.position), asc(deploymentSteps.number));
  return [...groupBy(rows, (row) => row.jobId).values()].map(toJob);
}

/** Row number 0 is the job itself; until it was seen, the steps speak for it. */
function toJob(rows: StepRow[]): JobView {
  const steps = rows.filter((row) => row.number > 0).sort((a, b) => a.number - b.number);
  const self = rows.find((row) => row.number === 0) ?? steps.find((row) => row.status === 'running') ?? steps.at(-1);
  return {
    jobId: rows[0]?.jobId ?? '',
    name: rows[0]?.job ?? '',
    status: self?.status ?? 'queued',
    startedAt: iso(self?.startedAt ?? null),
    endedAt: iso(self?.endedAt ?? null),
    steps: steps.map(toStep),
  };
}

function toStep(row: StepRow): StepView {
  return {
    key: row.key,
    number: row.number,
    name: row.name,
    status: row.status,
    startedAt: iso(row.startedAt),
    endedAt: iso(row.endedAt),
  };
}

export interface Progress {
  stepsDone: number;
  stepsTotal: number;
  currentStep: string | null;
}

/** How far each run is, counted over the steps that the provider has announced so far. */
export async function readProgress(db: DbOrTx, deploymentIds: readonly string[]): Promise<Map<string, Progress>> {
  if (deploymentIds.length === 0) return new Map();
  const rows = await db
    .select({
      deploymentId: deploymentSteps.deploymentId,
      total: sql<number>`count(*)::int`,
      done: sql<number>`(count(*) filter (where ${deploymentSteps.status} in ('succeeded','failed','cancelled','skipped')))::int`,
      current: sql<
        string | null
      >`(array_agg(${deploymentSteps.name} order by ${deploymentSteps.position}) filter (where ${deploymentSteps.status} = 'running'))[1]`,
    })
    .from(deploymentSteps)
    .innerJoin(
      deployments,
      and(
        eq(deployments.id, deploymentSteps.deploymentId),
        eq(deployments.remoteAttempt, deploymentSteps.remoteAttempt),
      ),
    )
    .where(and(inArray(deploymentSteps.deploymentId, [...deploymentIds]), sql`${deploymentSteps.number} > 0`))
    .groupBy(deploymentSteps.deploymentId);
  return new Map(
    rows.map((row) => [row.deploymentId, { stepsDone: row.done, stepsTotal: row.total, currentStep: row.current }]),
  );
}
