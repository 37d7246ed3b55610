import { settleInputs } from './dispatch-inputs';
import { treeOf } from './git';
import { iso, nodeId } from './random';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { RepoState, Run, WorkflowEntry } from './types';
import { readableWorkflow, type WorkflowFile } from './workflow-file';

const DISPATCH = '/actions/workflows#create-a-workflow-dispatch-event';

function workflowView(repo: RepoState, workflow: WorkflowEntry) {
  return {
    id: workflow.id,
    node_id: nodeId('W', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: iso(repo.createdAt),
    updated_at: iso(repo.createdAt),
    url: `${API}/repos/${repo.fullName}/actions/workflows/${workflow.id}`,
    html_url: `${WEB}/${repo.fullName}/blob/${repo.defaultBranch}/${workflow.path}`,
    badge_url: `${WEB}/${repo.fullName}/workflows/${encodeURIComponent(workflow.name)}/badge.svg`,
  };
}

/** By number or by file name, as both are allowed in URLs. */
export function findWorkflow(repo: RepoState, id: string | undefined): WorkflowEntry | undefined {
  return repo.workflows.find((one) => String(one.id) === id || one.path === `.github/workflows/${id}`);
}

function listWorkflows({ repo, url }: RepoCall): Reply {
  const { items, headers } = paged(url, repo.workflows);
  return ok({ total_count: repo.workflows.length, workflows: items.map((one) => workflowView(repo, one)) }, headers);
}

function getWorkflow({ repo, params }: RepoCall): Reply {
  const workflow = findWorkflow(repo, params.workflow);
  return workflow ? ok(workflowView(repo, workflow)) : notFound('/actions/workflows#get-a-workflow');
}

/** Branch or tag only: a commit id is not a ref here. */
function dispatchRef(repo: RepoState, ref: string): { name: string; sha: string } | null {
  const name = ref.replace(/^refs\/(heads|tags)\//, '');
  const isTag = ref.startsWith('refs/tags/');
  const sha =
    (isTag ? undefined : repo.branches.get(name)) ?? (ref.startsWith('refs/heads/') ? undefined : repo.tags.get(name));
  return sha ? { name, sha } : null;
}

/** The wording of each refusal is GitHub's own, as clients report it. */
function declared(repo: RepoState, workflow: WorkflowEntry, sha: string): WorkflowFile | Reply {
  const text = treeOf(repo, sha).get(workflow.path);
  const file = text === undefined ? null : readableWorkflow(text, workflow.path);
  if (text !== undefined && !file) return problem(422, 'failed to parse workflow: it is not valid YAML', DISPATCH);
  if (!file?.triggers.includes('workflow_dispatch'))
    return problem(422, "Workflow does not have 'workflow_dispatch' trigger", DISPATCH);
  if (file.inputs.length > 25)
    return problem(
      422,
      'failed to parse workflow: (Line: 5, Col: 3): you may only define up to 25 `inputs` for a `workflow_dispatch` event',
      DISPATCH,
    );
  return file;
}

async function dispatch(call: RepoCall): Promise<Reply> {
  const { repo, params, body, now, world, state, caller } = call;
  const workflow = findWorkflow(repo, params.workflow);
  if (!workflow) return notFound(DISPATCH);
  if (typeof body.ref !== 'string' || body.ref === '')
    return problem(422, 'Invalid request.\n\n"ref" wasn\'t supplied.', DISPATCH);
  const target = dispatchRef(repo, body.ref);
  if (!target) return problem(422, `No ref found for: ${body.ref}`, DISPATCH);
  const file = declared(repo, workflow, target.sha);
  if ('status' in file) return file;
  const settled = settleInputs(file.inputs, body.inputs);
  if (typeof settled === 'string') return problem(422, settled, DISPATCH);
  const { pace, outcome, listLagMs, runnersAway = false } = world.scenario();
  const fact = {
    at: now,
    kind: 'run.created',
    data: {
      repo: repo.fullName,
      path: workflow.path,
      branch: target.name,
      sha: target.sha,
      inputs: settled,
      actor: caller.login,
      ...(runnersAway ? { outcome: 'stuck', ownRunners: true } : { outcome }),
      pace,
      listLagMs,
    },
  };
  await world.record(fact);
  state.fold(world.facts());
  const run = state.made.get(fact) as Run;
  const details = body.return_run_details === true || call.version !== '2022-11-28';
  if (!details) return { status: 204 };
  const path = `${repo.fullName}/actions/runs/${run.id}`;
  return ok({ workflow_run_id: run.id, run_url: `${API}/repos/${path}`, html_url: `${WEB}/${path}` });
}

export const workflowRoutes: readonly RepoRoute[] = [
  {
    method: 'GET',
    path: '/actions/workflows',
    needs: 'actions=read',
    docs: '/actions/workflows#list-repository-workflows',
    handle: listWorkflows,
  },
  {
    method: 'GET',
    path: '/actions/workflows/{workflow}',
    needs: 'actions=read',
    docs: '/actions/workflows#get-a-workflow',
    handle: getWorkflow,
  },
  {
    method: 'POST',
    path: '/actions/workflows/{workflow}/dispatches',
    needs: 'actions=write',
    docs: DISPATCH,
    handle: dispatch,
  },
];
