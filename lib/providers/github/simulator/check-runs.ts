import { appView } from './apps';
import { APP } from './auth';
import { type MadeCheck, published } from './published';
import { iso, nodeId } from './random';
import { API, notFound, ok, problem, type Reply, WEB } from './respond';
import type { RepoCall, RepoRoute } from './router';

const CREATE = '/checks/runs#create-a-check-run';
const UPDATE = '/checks/runs#update-a-check-run';
const GET = '/checks/runs#get-a-check-run';
const STATUSES = ['queued', 'in_progress', 'completed'];
const CONCLUSIONS = ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'];
const BY = appView({ ...APP, name: 'AetherStack release' });

/** `check-run` of the REST contract, of one that an App made. */
export function madeCheckView(check: MadeCheck) {
  const url = `${API}/repos/${check.repo}/check-runs/${check.id}`;
  return {
    ...{ id: check.id, name: check.name, node_id: nodeId('CR', check.id), head_sha: check.sha },
    ...{ external_id: check.externalId, url, html_url: `${WEB}/${check.repo}/runs/${check.id}` },
    details_url: check.detailsUrl ?? BY.external_url,
    status: check.status,
    conclusion: check.conclusion,
    started_at: iso(check.at),
    completed_at: check.status === 'completed' ? iso(check.changedAt) : null,
    output: {
      ...{ title: check.title, summary: check.summary, text: null },
      ...{ annotations_count: 0, annotations_url: `${url}/annotations` },
    },
    check_suite: { id: 41_000_000_000 + (Number.parseInt(check.sha.slice(0, 7), 16) % 1_000_000) },
    app: BY,
    pull_requests: [],
  };
}

/** What Apps made at a commit, the newest first. */
export function checksMadeAt({ state, world, repo }: RepoCall, sha: string): MadeCheck[] {
  const all = published(state, world).checks.filter((one) => one.repo === repo.fullName && one.sha === sha);
  return all.toReversed();
}

/** `filter=latest` goes by when they ended; one that has not ended is newer than any that has. */
export function latestMade(checks: readonly MadeCheck[]): MadeCheck[] {
  const order = ({ status, changedAt }: MadeCheck) => (status === 'completed' ? changedAt : Number.POSITIVE_INFINITY);
  const sorted = checks.toSorted((a, b) => order(a) - order(b) || a.id - b.id);
  return [...new Map(sorted.map((one) => [one.name, one])).values()];
}

/** The fields that a body changes, or a 422. A conclusion sets the status by itself. */
function changes(body: Record<string, unknown>, docs: string): Record<string, unknown> | Reply {
  const { status, conclusion, details_url: detailsUrl, output } = body;
  const { title, summary } = (output ?? {}) as Record<string, unknown>;
  const known =
    (status === undefined || STATUSES.includes(String(status))) &&
    (conclusion === undefined || CONCLUSIONS.includes(String(conclusion))) &&
    !(status === 'completed' && conclusion === undefined) &&
    (output === undefined || (typeof title === 'string' && typeof summary === 'string'));
  if (!known) return problem(422, 'Invalid request.', docs);
  const stands =
    conclusion === undefined ? status && { status, conclusion: null } : { status: 'completed', conclusion };
  return {
    ...(stands ? (stands as object) : {}),
    ...(detailsUrl === undefined ? {} : { detailsUrl }),
    ...(output === undefined ? {} : { title, summary }),
  };
}

/** A person's token never may, whatever its scopes: https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const byApp = (docs: string, handle: (call: RepoCall) => Promise<Reply>) => (call: RepoCall) =>
  call.caller.kind === 'installation' ? handle(call) : problem(403, 'You must authenticate via a GitHub App.', docs);

const isReply = (made: Record<string, unknown> | Reply): made is Reply => typeof made.status === 'number';

async function create(call: RepoCall): Promise<Reply> {
  const { state, world, repo, body, now } = call;
  if (typeof body.name !== 'string' || typeof body.head_sha !== 'string')
    return problem(422, 'Invalid request. "name" and "head_sha" weren\'t supplied.', CREATE);
  if (!repo.commits.has(body.head_sha)) return problem(422, `No commit found for SHA: ${body.head_sha}`, CREATE);
  const given = changes({ status: 'queued', ...body }, CREATE);
  if (isReply(given)) return given;
  const data = {
    id: 61_800_000_000 + published(state, world).checks.length * 3,
    ...{ repo: repo.fullName, sha: body.head_sha, name: body.name, externalId: body.external_id ?? '' },
    ...{ conclusion: null, title: null, summary: null, detailsUrl: null, ...given },
  };
  await world.record({ at: now, kind: 'check.created', data });
  const made = published(state, world).checks.at(-1);
  return made ? { status: 201, body: madeCheckView(made) } : notFound(CREATE);
}

function checkOf({ state, world, repo, params }: RepoCall): MadeCheck | undefined {
  const id = Number(params.check_run_id);
  return published(state, world).checks.find((one) => one.repo === repo.fullName && one.id === id);
}

async function update(call: RepoCall): Promise<Reply> {
  const { state, world, body, now } = call;
  const check = checkOf(call);
  if (!check) return notFound(UPDATE);
  const given = changes(body, UPDATE);
  if (isReply(given)) return given;
  const { id, name, sha, externalId } = check;
  await world.record({ at: now, kind: 'check.changed', data: { id, name, sha, externalId, ...given } });
  published(state, world);
  return ok(madeCheckView(check));
}

function get(call: RepoCall): Reply {
  const check = checkOf(call);
  return check ? ok(madeCheckView(check)) : notFound(GET);
}

const ONE = '/check-runs/{check_run_id}';

export const checkRunRoutes: readonly RepoRoute[] = [
  { method: 'POST', path: '/check-runs', needs: 'checks=write', docs: CREATE, handle: byApp(CREATE, create) },
  { method: 'PATCH', path: ONE, needs: 'checks=write', docs: UPDATE, handle: byApp(UPDATE, update) },
  { method: 'GET', path: ONE, needs: 'checks=read', docs: GET, handle: get },
];
