import type { GateAnswer, GateReview, ProviderContext, RemoteRef, WaitingGate } from '../port';
import { read, write } from './client';
import { reviewersOf } from './environments';
import { approvalsSchema, pendingSchema } from './schema-environments';
import type { Place } from './target';

const at = (place: Place, ref: RemoteRef) => ({ owner: place.owner, repo: place.repo, run_id: ref.id });
const about = (ref: RemoteRef) => ({ what: 'run', subject: ref.id }) as const;

/** Environments before which the run stands; those whose timer runs are among them. */
export async function readWaiting(c: ProviderContext, place: Place, ref: RemoteRef): Promise<WaitingGate[]> {
  const answer = await read(
    c,
    {
      route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
      params: at(place, ref),
      about: about(ref),
    },
    pendingSchema,
  );
  return answer.data.map((row) => ({
    id: row.environment.id,
    environment: row.environment.name,
    url: row.environment.html_url ?? ref.url,
    reviewers: reviewersOf(row.reviewers),
    waitMinutes: row.wait_timer,
    timerSince: row.wait_timer_started_at ?? null,
    mayAnswer: row.current_user_can_approve,
  }));
}

export async function readAnswers(c: ProviderContext, place: Place, ref: RemoteRef): Promise<GateAnswer[]> {
  const answer = await read(
    c,
    { route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals', params: at(place, ref), about: about(ref) },
    approvalsSchema,
  );
  return answer.data.map((row) => ({
    environments: row.environments.map(({ name }) => name),
    decision: row.state,
    by: row.user?.login ?? '',
    comment: row.comment,
  }));
}

/**
 * Only a token of a required reviewer is let in; one of an App's installation never is.
 * Source: https://docs.github.com/en/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run
 */
export async function answerGate(c: ProviderContext, place: Place, ref: RemoteRef, review: GateReview): Promise<void> {
  await write(c, {
    route: 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
    params: {
      ...at(place, ref),
      environment_ids: review.gateIds.map(Number),
      state: review.decision,
      comment: review.comment,
    },
    about: about(ref),
  });
}
