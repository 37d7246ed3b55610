import { readFileSync } from 'node:fs';
import path from 'node:path';

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

function controlUrl(): string {
  const folder = process.env['E2E_DATA_DIR'];
  if (!folder) throw new Error('Set E2E_DATA_DIR to the data folder that `npm start` printed (it holds ports.json).');
  const ports = JSON.parse(readFileSync(path.join(folder, 'ports.json'), 'utf8')) as { sandbox: number };
  return `http://127.0.0.1:${ports.sandbox}/__sandbox/`;
}

async function ask<T>(verb: string, body?: unknown): Promise<T> {
  const answer = await fetch(
    `${controlUrl()}${verb}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${verb}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The sandbox's control plane. */
export const sandbox = {
  scenario: (scenario: Scenario) => ask<unknown>('scenario', { pace: FAST, ...scenario }),
  calm: () => ask<unknown>('scenario', { name: 'happy', pace: FAST }),
  push: (commit: { branch: string; message: string; files?: Record<string, string | null> }) =>
    ask<{ sha: string }>('push', commit),
  /** Somebody puts a commit live by hand, without any run. */
  putLive: (change: { environment: string; component: string; sha: string }) => ask<unknown>('live', change),
  truth: () => ask<Truth>('state'),
  /** Runs that were not there in `before`. */
  newRuns: async (before: Truth): Promise<TrueRun[]> => {
    const known = new Set(before.runs.map((run) => run.id));
    return (await ask<Truth>('state')).runs.filter((run) => !known.has(run.id));
  },
};
