import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Tx } from '@/lib/db/client';
import { deploymentSteps, deployments, events, releases, targets } from '@/lib/db/schema';
import type { DeploymentStatus } from '@/lib/deployments/model/status';
import { newId } from '@/lib/kernel/ids';
import { type PastDeployment, planPast, type SeedCommit } from './past';
import { runOf } from './past-run';
import { seedFailures } from './runs';

type TargetRow = typeof targets.$inferSelect;

export interface SeedTarget {
  row: TargetRow;
  component: string;
  environment: string;
  providerId: string;
}

/** Writes three weeks of past deployments with releases, steps and events; the last success of a target is live. */
export async function seedHistory(
  tx: Tx,
  seedTargets: readonly SeedTarget[],
  commits: readonly SeedCommit[],
  now: number,
): Promise<number> {
  const live = new Map<string, string>();
  const releaseIds = new Map<string, string>();
  const past = planPast(commits, now);
  for (const each of past) {
    const target = seedTargets.find((row) => row.component === each.component && row.environment === each.environment);
    if (!target) continue;
    const releaseId = await seedRelease(tx, releaseIds, target, each);
    const id = await seedDeployment(tx, { target, each, releaseId, previousId: live.get(target.row.id) ?? null });
    if (each.outcome === 'succeeded') live.set(target.row.id, id);
  }
  for (const [targetId, deploymentId] of live) {
    await tx.update(targets).set({ currentDeploymentId: deploymentId }).where(eq(targets.id, targetId));
  }
  return past.length;
}

export async function seedRelease(
  tx: Tx,
  known: Map<string, string>,
  { row }: SeedTarget,
  { commit, at }: PastDeployment,
): Promise<string> {
  const key = `${row.componentId}/${commit.sha}`;
  const before = known.get(key);
  if (before) return before;
  const id = newId('rel', at);
  await tx.insert(releases).values({
    id,
    componentId: row.componentId,
    version: commit.sha.slice(0, 7),
    sha: commit.sha,
    ref: branchOf(row),
    message: commit.message,
    author: commit.author,
    committedAt: new Date(commit.authoredAt),
    createdAt: new Date(at),
  });
  known.set(key, id);
  return id;
}

interface Parts {
  target: SeedTarget;
  each: PastDeployment;
  releaseId: string;
  previousId: string | null;
  id?: string;
  /** The build that a host has of it, and its public values. */
  build?: { remoteId: string; baked: unknown[] };
}

/** No run at the provider belongs to it any more, so it carries no remote id and no link, unless a host has its build. */
export async function seedDeployment(tx: Tx, parts: Parts): Promise<string> {
  const { target, each, releaseId, previousId, id = newId('dep', each.at), build } = parts;
  const { row } = target;
  const run = runOf(each);
  const failure = each.outcome === 'failed' ? (seedFailures[each.endedIn ?? ''] ?? 'The run failed.') : null;
  const finishedAt = new Date(run.endsAt);
  await tx.insert(deployments).values({
    id,
    targetId: row.id,
    componentId: row.componentId,
    environmentId: row.environmentId,
    connectionId: row.connectionId,
    providerId: target.providerId,
    releaseId,
    previousDeploymentId: previousId,
    status: each.outcome,
    idempotencyKey: newId('key', each.at),
    contentDigest: createHash('sha256').update(id).digest('hex'),
    ref: branchOf(row),
    refKind: 'branch',
    sha: each.commit.sha,
    config: row.config,
    rendering: row.rendering,
    dispatch: build
      ? { findable: true, markerInput: null, shaInput: null }
      : { findable: true, markerInput: 'aetherstack', shaInput: 'sha' },
    remoteId: build?.remoteId ?? null,
    requestedByName: each.person,
    requestedAt: new Date(each.at),
    statusSince: finishedAt,
    submittedAt: new Date(each.at + 400),
    startedAt: new Date(run.startsAt),
    finishedAt,
    observedAt: finishedAt,
    rawPhase: each.outcome,
    failureCode: failure ? 'run_failed' : null,
    failureSentence: failure,
    failureStep: failure ? each.endedIn : null,
    cancelRequestedByName: each.outcome === 'cancelled' ? each.person : null,
    evidence: each.outcome === 'succeeded' ? evidenceOf(finishedAt, build) : null,
  });
  await tx.insert(deploymentSteps).values(run.steps.map((step) => ({ ...step, deploymentId: id, remoteAttempt: 1 })));
  await tx.insert(events).values(story(each, run).map((event) => ({ ...event, deploymentId: id, targetId: row.id })));
  return id;
}

const branchOf = ({ config }: TargetRow) => String(config.defaultRef ?? 'main');

function evidenceOf(at: Date, build: Parts['build']) {
  return { sentence: 'The run ended in success.', at: at.toISOString(), ...(build ? { baked: build.baked } : {}) };
}

/** The same kinds of events as the engine writes. */
function story(each: PastDeployment, run: ReturnType<typeof runOf>) {
  const moves: [kind: string, to: DeploymentStatus, at: number, actor: string][] = [
    ['requested', 'queued', each.at, each.person],
    ['claim', 'submitting', each.at + 200, 'AetherStack'],
    ['observe_building', 'building', run.startsAt, 'AetherStack'],
  ];
  if (each.outcome === 'succeeded') {
    moves.push(
      ['observe_done', 'verifying', run.endsAt - 300, 'AetherStack'],
      ['health_confirmed', 'succeeded', run.endsAt, 'AetherStack'],
    );
  } else if (each.outcome === 'failed') {
    moves.push(['observe_failed', 'failed', run.endsAt, 'AetherStack']);
  } else {
    moves.push(
      ['request_cancel', 'cancelling', run.endsAt - 1_500, each.person],
      ['observe_cancelled', 'cancelled', run.endsAt, 'AetherStack'],
    );
  }
  return moves.map(([kind, toStatus, at, actorName], index) => ({
    topic: 'deployment' as const,
    kind,
    at: new Date(at),
    actorName,
    toStatus,
    fromStatus: moves[index - 1]?.[1] ?? null,
  }));
}
