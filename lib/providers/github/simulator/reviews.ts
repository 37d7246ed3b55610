import { environmentView, isReviewer, reviewersView } from './environments';
import { NO_RULES } from './gate-facts';
import { simpleUser } from './people-view';
import { iso, nodeId } from './random';
import { API, notFound, ok, problem, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';
import { stands } from './run-view';
import { findRun } from './runs';
import type { Attempt, Gate, ReviewAnswer, Run } from './types';

const PENDING = '/actions/workflow-runs#get-pending-deployments-for-a-workflow-run';
const REVIEW = '/actions/workflow-runs#review-pending-deployments-for-a-workflow-run';
const HISTORY = '/actions/workflow-runs#get-the-review-history-for-a-workflow-run';

/** The environments that an attempt stands before, each once. */
export function standing(attempt: Attempt, now: number): Gate[] {
  const isRejected = (gate: Gate) =>
    attempt.answers.some((one) => one.environment === gate.environment.name && one.state === 'rejected');
  const gates = attempt.jobs.flatMap(({ gate }) => (gate && stands(gate, now) && !isRejected(gate) ? [gate] : []));
  return gates.filter((gate, at) => gates.findIndex((one) => one.environment.name === gate.environment.name) === at);
}

function mayAnswer({ caller }: Pick<RepoCall, 'caller'>, attempt: Attempt, gate: Gate): boolean {
  const rules = gate.environment.rules ?? NO_RULES;
  const isOwn = rules.preventSelfReview && attempt.actor.login === caller.login;
  const isAsked = !attempt.answers.some((one) => one.environment === gate.environment.name);
  return caller.kind === 'user' && isAsked && !isOwn && isReviewer(rules, caller.login);
}

function listPending(call: RepoCall): Reply {
  const found = findRun(call);
  if (!found) return notFound(PENDING);
  const { attempt } = found;
  return ok(
    standing(attempt, call.now).map((gate) => {
      const { id, node_id, name, url, html_url } = environmentView(call.repo, gate.environment);
      const rules = gate.environment.rules ?? NO_RULES;
      return {
        environment: { id, node_id, name, url, html_url },
        wait_timer: rules.waitTimer,
        wait_timer_started_at: rules.waitTimer > 0 ? iso(gate.since) : null,
        current_user_can_approve: mayAnswer(call, attempt, gate),
        reviewers: reviewersView(rules),
      };
    }),
  );
}

function deploymentView(run: Run, gate: Gate, now: number) {
  const id = 2_600_000_000 + (run.id % 1_000_000) * 10 + (gate.environment.id % 10);
  const url = `${API}/repos/${run.repo.fullName}/deployments/${id}`;
  return {
    url,
    id,
    node_id: nodeId('DE', id),
    task: 'deploy',
    original_environment: gate.environment.name,
    environment: gate.environment.name,
    description: null,
    created_at: iso(gate.since),
    updated_at: iso(now),
    statuses_url: `${url}/statuses`,
    repository_url: `${API}/repos/${run.repo.fullName}`,
    creator: simpleUser(run.actor),
    sha: run.sha,
    ref: run.branch,
    payload: {},
    transient_environment: false,
    production_environment: false,
    performed_via_github_app: null,
  };
}

async function review(call: RepoCall): Promise<Reply> {
  const { caller, body, now, world, state } = call;
  const found = findRun(call);
  if (!found) return notFound(REVIEW);
  // A user's token or nothing: an App's installation is no reviewer.
  if (caller.kind !== 'user') return problem(403, 'Resource not accessible by integration', REVIEW);
  const { run, attempt } = found;
  const ids = Array.isArray(body.environment_ids) ? body.environment_ids.map(Number) : [];
  const asked = standing(attempt, now).filter(({ environment }) => ids.includes(environment.id));
  if (asked.length === 0 || asked.length < ids.length)
    return problem(422, 'No pending deployment requests to approve or reject', REVIEW);
  if (asked.some((gate) => !mayAnswer(call, attempt, gate)))
    return problem(422, 'You are not authorized to approve or reject these deployments', REVIEW);
  const answers = asked.map(
    ({ environment }): ReviewAnswer => ({
      environment: environment.name,
      state: body.state === 'rejected' ? 'rejected' : 'approved',
      login: caller.login,
      comment: String(body.comment ?? ''),
      at: now,
    }),
  );
  await world.record({ at: now, kind: 'run.reviewed', data: { repo: call.repo.fullName, run: run.id, answers } });
  state.fold(world.facts());
  return ok(asked.map((gate) => deploymentView(run, gate, now)));
}

function history(call: RepoCall): Reply {
  const found = findRun(call);
  if (!found) return notFound(HISTORY);
  const answers = found.run.attempts.flatMap((attempt) => attempt.answers);
  return ok(
    answers.map(({ environment, state, login, comment }) => ({
      state,
      comment,
      user: simpleUser(call.state.person(login)),
      environments: call.repo.environments
        .filter(({ name }) => name === environment)
        .map((one) => {
          const {
            can_admins_bypass: _1,
            protection_rules: _2,
            deployment_branch_policy: _3,
            ...view
          } = environmentView(call.repo, one);
          return view;
        }),
    })),
  );
}

export const reviewRoutes: readonly RepoRoute[] = [
  {
    method: 'GET',
    path: '/actions/runs/{run}/pending_deployments',
    needs: 'actions=read',
    docs: PENDING,
    handle: listPending,
  },
  {
    method: 'POST',
    path: '/actions/runs/{run}/pending_deployments',
    needs: 'deployments=write',
    docs: REVIEW,
    handle: review,
  },
  { method: 'GET', path: '/actions/runs/{run}/approvals', needs: 'actions=read', docs: HISTORY, handle: history },
];
