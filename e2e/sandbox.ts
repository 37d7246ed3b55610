import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OWN } from './consoles';

/** One run as the simulated provider knows it: the truth that the console's books are checked against. */
export interface TrueRun {
  id: string;
  marker: string | null;
  workflow: string;
  ref: string;
  sha: string;
  inputs: Record<string, string>;
  attempt: number;
  status: string;
  conclusion: string | null;
}

export interface Truth {
  counts: { runs: number; doubled: number; unmarked: number };
  runs: TrueRun[];
  /** What the deployed services themselves say. */
  services: { environment: string; component: string; sha: string }[];
}

type Scenario = { name: string; pace?: number } & Record<string, unknown>;

/** How fast a run is in these tests, against the sandbox's own pace. */
export const FAST = 0.06;

function sandboxUrl(): string {
  const folder = OWN.dataDir;
  if (!folder) throw new Error('Set E2E_DATA_DIR to the data folder that `npm start` printed (it holds ports.json).');
  const ports = JSON.parse(readFileSync(path.join(folder, 'ports.json'), 'utf8')) as { sandbox: number };
  return `http://127.0.0.1:${ports.sandbox}`;
}

async function ask<T>(verb: string, body?: unknown): Promise<T> {
  const answer = await fetch(
    `${sandboxUrl()}/__sandbox/${verb}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${verb}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Sets who has to answer for an environment at GitHub, as its administrator does; the sandbox knows people by id. */
async function setReviewers(environment: string, ids: readonly number[]): Promise<void> {
  const path = `/api.github.com/repos/aetherstack/aetherstack/environments/${environment}`;
  const answer = await fetch(`${sandboxUrl()}${path}`, {
    method: 'PUT',
    headers: { authorization: 'token sandbox-token', 'content-type': 'application/json' },
    body: JSON.stringify({ reviewers: ids.map((id) => ({ type: 'User', id })) }),
  });
  if (!answer.ok) throw new Error(`The sandbox's GitHub answered ${answer.status}: ${await answer.text()}`);
}

/** Ends a run at GitHub at once, whatever of it has still to stop. */
async function endRun(id: string): Promise<void> {
  const path = `/api.github.com/repos/aetherstack/aetherstack/actions/runs/${id}/force-cancel`;
  const answer = await fetch(`${sandboxUrl()}${path}`, {
    method: 'POST',
    headers: { authorization: 'token sandbox-token' },
  });
  if (!answer.ok) throw new Error(`The sandbox's GitHub answered ${answer.status}: ${await answer.text()}`);
}

/** What somebody does at Netlify itself, in its own words. */
async function atNetlify<T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${sandboxUrl()}/api.netlify.com/api/v1${path}`, {
    method,
    headers: { authorization: 'Bearer person-token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`The sandbox's Netlify answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

const readSite = () =>
  atNetlify<{ id: string; account_id: string; published_deploy: { id: string } }>(
    'GET',
    '/sites/aetherstack-docs.netlify.app',
  );

/** What all builds of branches read from now on. Written again it would count as changed, so what is so already is left alone. */
async function setForBranches(name: string, value: string): Promise<void> {
  const { id, account_id: account } = await readSite();
  const site = `site_id=${id}`;
  type Variable = { key: string; values: { context: string; value: string }[] };
  const all = await atNetlify<Variable[]>('GET', `/accounts/${account}/env?${site}`);
  const now = all.find(({ key }) => key === name)?.values.find(({ context }) => context === 'branch-deploy');
  if (now?.value === value) return;
  await atNetlify('PATCH', `/accounts/${account}/env/${name}?${site}`, { context: 'branch-deploy', value });
}

/** Keeps to the deploy that is published, whatever is built; or no more. */
async function lockPublishing(how: 'lock' | 'unlock'): Promise<void> {
  await atNetlify('POST', `/deploys/${(await readSite()).published_deploy.id}/${how}`);
}

/** The sandbox's control plane. */
export const sandbox = {
  scenario: (scenario: Scenario) => ask<unknown>('scenario', { pace: FAST, ...scenario }),
  calm: () => ask<unknown>('scenario', { name: 'happy', pace: FAST }),
  push: (commit: { branch: string; message: string; files?: Record<string, string | null> }) =>
    ask<{ sha: string }>('push', commit),
  /** Somebody puts a commit live by hand, without any run. */
  putLive: (change: { environment: string; component: string; sha: string }) => ask<unknown>('live', change),
  setReviewers,
  endRun,
  setForBranches,
  lockPublishing,
  truth: () => ask<Truth>('state'),
  /** Runs that were not there in `before`. */
  newRuns: async (before: Truth): Promise<TrueRun[]> => {
    const known = new Set(before.runs.map((run) => run.id));
    return (await ask<Truth>('state')).runs.filter((run) => !known.has(run.id));
  },
};
