import { createHash } from 'node:crypto';
import { builtArchive } from './built-archive';
import { iso, nodeId, objectId } from './random';
import { API, LOG_HOST, notFound, ok, paged, problem, type Reply, storeError } from './respond';
import type { RepoCall, RepoRoute } from './router';
import { findRun } from './runs';
import type { State } from './state';
import type { Run, StepPlan } from './types';

const LIST = '/actions/artifacts#list-workflow-run-artifacts';
const GET = '/actions/artifacts#get-an-artifact';
const DOWNLOAD = '/actions/artifacts#download-an-artifact';
/** A signed address is good for a minute. */
const SIGNED_MS = 60_000;
const KEPT_MS = 90 * 86_400_000;
const FIRST_ID = 4_100_000_000;

interface Kept {
  id: number;
  run: Run;
  name: string;
  path: string;
  at: number;
}

/** What the steps of all attempts have uploaded by now, the newest first. A job that is carried over has kept it once. */
function keptBy(run: Run, now: number): Kept[] {
  const found = new Map<string, Kept>();
  for (const { jobs } of run.attempts)
    for (const job of jobs)
      for (const step of job.steps) {
        const key = `${job.key}/${step.number}/${step.startedAt}`;
        if (!step.artifact || !isDone(step, now) || found.has(key)) continue;
        const id = FIRST_ID + (run.id % 100_000_000) * 10 + found.size;
        found.set(key, { id, run, ...step.artifact, at: step.endsAt });
      }
  return [...found.values()].reverse();
}

const isDone = (step: StepPlan, now: number) => step.conclusion === 'success' && step.endsAt <= now;

function findKept(state: State, id: number, now: number): Kept | undefined {
  for (const run of state.runs.values()) {
    const kept = keptBy(run, now).find((each) => each.id === id);
    if (kept) return kept;
  }
  return undefined;
}

function viewOf(kept: Kept, now: number) {
  const { id, run, name, at } = kept;
  const url = `${API}/repos/${run.repo.fullName}/actions/artifacts/${id}`;
  const bytes = builtArchive(run, kept.path);
  return {
    id,
    node_id: nodeId('A', id),
    name,
    size_in_bytes: bytes.byteLength,
    url,
    archive_download_url: `${url}/zip`,
    expired: now >= at + KEPT_MS,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    created_at: iso(at),
    updated_at: iso(at),
    expires_at: iso(at + KEPT_MS),
    workflow_run: {
      id: run.id,
      repository_id: run.repo.id,
      head_repository_id: run.repo.id,
      head_branch: run.branch,
      head_sha: run.sha,
    },
  };
}

function list(call: RepoCall): Reply {
  const found = findRun(call);
  if (!found) return notFound(LIST);
  const name = call.url.searchParams.get('name');
  const all = keptBy(found.run, call.now).filter((each) => name === null || each.name === name);
  const { items, headers } = paged(call.url, all);
  return ok({ total_count: all.length, artifacts: items.map((each) => viewOf(each, call.now)) }, headers);
}

function ofRepository({ state, repo, params, now }: RepoCall): Kept | null {
  const kept = findKept(state, Number(params.artifact), now);
  return kept?.run.repo === repo ? kept : null;
}

function get(call: RepoCall): Reply {
  const kept = ofRepository(call);
  return kept ? ok(viewOf(kept, call.now)) : notFound(GET);
}

const signature = (id: string, until: string, seed: number): string => objectId('artifact', id, until, seed);

function download(call: RepoCall): Reply {
  const kept = ofRepository(call);
  if (!kept || call.params.format !== 'zip') return notFound(DOWNLOAD);
  if (call.now >= kept.at + KEPT_MS) return problem(410, 'Artifact has expired', DOWNLOAD);
  const until = String(call.now + SIGNED_MS);
  const id = String(kept.id);
  const query = new URLSearchParams({ se: until, sp: 'r', sig: signature(id, until, call.options.seed) });
  return {
    status: 302,
    headers: { location: `https://${LOG_HOST}/actions-results/artifacts/${id}.zip?${query}` },
  };
}

/** Null: the address is none of an artifact. The store knows no tokens: the address is the permission. */
export function serveArtifact(request: Request, state: State, now: number): Response | null {
  const url = new URL(request.url);
  const id = /\/artifacts\/(\d+)\.zip$/.exec(url.pathname)?.[1];
  if (id === undefined) return null;
  const until = url.searchParams.get('se') ?? '';
  const kept = findKept(state, Number(id), now);
  if (!kept || url.searchParams.get('sig') !== signature(id, until, state.seed))
    return storeError(404, 'BlobNotFound', 'The specified blob does not exist.');
  if (Number(until) < now)
    return storeError(403, 'AuthenticationFailed', 'Signature not valid in the specified time frame.');
  const bytes = builtArchive(kept.run, kept.path);
  return new Response(new Uint8Array(bytes), {
    headers: { 'content-type': 'application/zip', etag: `"0x${objectId('etag', id).slice(0, 16).toUpperCase()}"` },
  });
}

export const artifactRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/actions/runs/{run}/artifacts', needs: 'actions=read', docs: LIST, handle: list },
  { method: 'GET', path: '/actions/artifacts/{artifact}', needs: 'actions=read', docs: GET, handle: get },
  {
    method: 'GET',
    path: '/actions/artifacts/{artifact}/{format}',
    needs: 'actions=read',
    docs: DOWNLOAD,
    handle: download,
  },
];
