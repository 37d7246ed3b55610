import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Verdict } from './checker/history';
import type { Promised, Seen } from './experiment';

export type RunSize = 'short' | 'full';

export interface ExperimentReport {
  name: string;
  promises: Promised[];
  title: string;
  size: object;
  seed: number;
  seconds: number;
  verdicts: Verdict[];
  seen: Seen;
}

/** An experiment as it last ran: with the commit, the day and the machine it ran on. */
export interface DatedReport extends ExperimentReport {
  run: RunSize;
  commit: string;
  date: string;
  machine: { cores: number; memoryGb: number; platform: string; node: string; postgres: string };
}

const FOLDER = path.join('.cache', 'chaos');
const fileOf = (run: RunSize) => path.join(FOLDER, `last-${run}.json`);

/** Later runs replace earlier ones by name, so that a run of some experiments keeps the figures of the others. */
export function writeReport(run: RunSize, reports: ExperimentReport[], postgres: string): void {
  const machine = {
    cores: os.availableParallelism(),
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    postgres,
  };
  const stamp = { run, commit: commit(), date: new Date().toISOString().slice(0, 10), machine };
  const fresh = reports.map((each) => ({ ...each, ...stamp }));
  const kept = readReport(run).filter((old) => !fresh.some((each) => each.name === old.name));
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(run), `${JSON.stringify([...kept, ...fresh], null, 2)}\n`);
}

export function readReport(run: RunSize): DatedReport[] {
  return existsSync(fileOf(run)) ? (JSON.parse(readFileSync(fileOf(run), 'utf8')) as DatedReport[]) : [];
}

/** `-dirty` when something that is not committed ran, too. */
function commit(): string {
  if (process.env.CHAOS_COMMIT) return process.env.CHAOS_COMMIT;
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
