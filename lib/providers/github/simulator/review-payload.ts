import { reviewersView } from './environments';
import { NO_RULES } from './gate-facts';
import { PEOPLE } from './history';
import { envelope, type Payload } from './payloads';
import { simpleUser } from './people-view';
import { iso } from './random';
import { WEB } from './respond';
import { runView, statusOf } from './run-view';
import type { Attempt, Gate, ReviewAnswer, Run } from './types';

/** Source: https://docs.github.com/webhooks/webhook-events-and-payloads#deployment_review */
export function reviewPayload(
  run: Run,
  attempt: Attempt,
  gate: Gate,
  answer: ReviewAnswer | null,
  at: number,
): Payload {
  const action = answer?.state ?? 'requested';
  const { name } = gate.environment;
  const jobs = attempt.jobs
    .filter((job) => job.gate?.environment.name === name)
    .map((job) => ({
      id: job.id,
      name: job.name,
      ...statusOf(job, at),
      html_url: `${WEB}/${run.repo.fullName}/actions/runs/${run.id}/job/${job.id}`,
      created_at: iso(job.createdAt),
      updated_at: iso(at),
      environment: name,
    }));
  const by = answer && simpleUser(personOf(answer.login));
  const body = {
    action,
    ...(answer
      ? { approver: by, comment: answer.comment, workflow_job_runs: jobs }
      : { environment: name, requestor: simpleUser(attempt.actor) }),
    // The published contract of the event knows no teams here.
    reviewers: reviewersView(gate.environment.rules ?? NO_RULES).filter(({ type }) => type === 'User'),
    since: iso(gate.since),
    workflow_job_run: jobs[0],
    workflow_run: runView(run, attempt, at),
    ...envelope(run.repo, answer ? personOf(answer.login) : attempt.actor),
  };
  return { event: 'deployment_review', action, repo: run.repo.fullName, body };
}

function personOf(login: string) {
  return PEOPLE.find((one) => one.login === login) ?? PEOPLE[0];
}
