import { treeOf } from './git';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import { statusOf } from './run-view';
import { findRun } from './runs';
import type { RepoState, Run } from './types';
import { interpolate, readableWorkflow } from './workflow-file';

const RUNNERS = '/actions/self-hosted-runners#list-self-hosted-runners-for-a-repository';
const GROUPS = '/actions/concurrency-groups';

/** Two machines of the team's own, which are away while the scenario says so. */
function listRunners({ repo, url, world }: RepoCall): Reply {
  const status = world.scenario().runnersAway ? 'offline' : 'online';
  const labels = ['self-hosted', 'Linux', 'X64', 'release'].map((name, index) => ({
    id: index + 1,
    name,
    type: index === 3 ? 'custom' : 'read-only',
  }));
  const all = repo.workflows.length === 0 ? [] : [1, 2];
  const { items, headers } = paged(url, all);
  const runners = items.map((id) => ({ id, name: `release-${id}`, os: 'Linux', status, busy: false, labels }));
  return ok({ total_count: all.length, runners }, headers);
}

const addressOf = (repo: RepoState, group: string) =>
  `${API}/repos/${repo.fullName}/actions/concurrency_groups/${encodeURIComponent(group)}`;

/** The group that a run's workflow names; null when it names none. */
function groupOf(run: Run): string | null {
  const file = readableWorkflow(treeOf(run.repo, run.sha).get(run.workflow.path) ?? '', run.workflow.path);
  if (!file?.concurrency) return null;
  const { actor, branch, sha } = run;
  return interpolate(file.concurrency, {
    inputs: run.inputs,
    github: { actor: actor.login, ref_name: branch, ref: `refs/heads/${branch}`, workflow: file.name, sha },
  });
}

/** Runs that have or want a group and have not ended, in their order. */
function queueOf({ state, repo, now }: Pick<RepoCall, 'state' | 'repo' | 'now'>, group: string): Run[] {
  return [...state.runs.values()].filter((run) => {
    const attempt = run.attempts.at(-1);
    const goesOn = attempt !== undefined && statusOf(attempt, now).status !== 'completed';
    return goesOn && run.repo === repo && groupOf(run) === group;
  });
}

function member(run: Run, position: number) {
  const path = `${run.repo.fullName}/actions/runs/${run.id}`;
  return {
    run_id: run.id,
    run_name: run.title,
    run_url: `${API}/repos/${path}`,
    run_html_url: `${WEB}/${path}`,
    status: position === 0 ? 'in_progress' : 'pending',
  };
}

function groupsOfRun(call: RepoCall): Reply {
  const found = findRun(call);
  if (!found) return notFound(GROUPS);
  const name = groupOf(found.run);
  if (name === null) return ok({ total_count: 0, concurrency_groups: [] });
  const group_url = addressOf(call.repo, name);
  const position = queueOf(call, name).indexOf(found.run);
  const group_members =
    position < 0
      ? []
      : [{ ...member(found.run, position), position, position_url: `${group_url}?ahead_of_run=${found.run.id}` }];
  return ok({ total_count: 1, concurrency_groups: [{ group_name: name, group_url, group_members }] });
}

function oneGroup(call: RepoCall): Reply {
  const name = call.params.group ?? '';
  const queue = queueOf(call, name);
  if (queue.length === 0) return notFound(GROUPS);
  const until = call.url.searchParams.get('ahead_of_run');
  const at = until === null ? queue.length - 1 : queue.findIndex((run) => String(run.id) === until);
  if (at < 0) return problem(422, 'The run is not in this concurrency group.', GROUPS);
  const group_members = queue.slice(0, at + 1).map(member);
  return ok({
    group_name: name,
    group_url: addressOf(call.repo, name),
    total_count: group_members.length,
    group_members,
  });
}

const read = { method: 'GET', docs: GROUPS } as const;

export const capacityRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/actions/runners', needs: 'administration=read', docs: RUNNERS, handle: listRunners },
  { ...read, path: '/actions/runs/{run}/concurrency_groups', needs: 'actions=read', handle: groupsOfRun },
  { ...read, path: '/actions/concurrency_groups/{group}', needs: 'actions=read', handle: oneGroup },
];
