import type { LogView } from '@/lib/deployments/model/log-view';
import type { DeploymentDetail, JobView } from '@/lib/deployments/model/view';
import { isTerminal } from '../deployments/model/status.ts';
import type { Client } from './client.ts';
import { CliError, EXIT } from './exit.ts';
import { bearable, Feed, nextLook, type Pause } from './feed.ts';
import { readDeployment } from './watch.ts';

/** An archived log follows the end of its job within seconds; one that is not there by then does not come. */
const ARCHIVE_LAG_MS = 90_000;
/** Pieces of one job in one go; the next look reads on. */
const MOST_PIECES = 40;

interface Reading {
  cursor: string | undefined;
  /** The beginning of a line that is not whole yet. */
  rest: string;
  said: boolean;
  over: boolean;
}

/** Whole lines as they come, under a line `==> name <==` whenever another job goes on, as `tail -f` does. */
class Follower {
  readonly #readings = new Map<string, Reading>();
  readonly #say: (text: string) => void;
  readonly #api: Client;
  readonly #id: string;
  #job = '';

  constructor(api: Client, id: string, say: (text: string) => void) {
    this.#api = api;
    this.#id = id;
    this.#say = say;
  }

  /** What there is of these jobs now; true when nothing more will come of any of them. */
  async look(jobs: readonly JobView[], mode: string | undefined, over: boolean): Promise<boolean> {
    // What had not begun when the deployment ended never will.
    const written = jobs.filter(({ status }) => status !== 'skipped' && !(over && status === 'queued'));
    for (const job of written) {
      const reading = this.#reading(job.jobId);
      const before = job.status === 'queued' || (job.status === 'running' && mode === 'archive' && !over);
      if (!before && !reading.over) await this.#readOn(job, reading);
    }
    return written.every((job) => this.#reading(job.jobId).over);
  }

  /** Lines without an end are lines too. */
  end(jobs: readonly JobView[]): void {
    for (const job of jobs) {
      const reading = this.#reading(job.jobId);
      if (reading.rest) this.#tell(job, reading.rest);
      reading.rest = '';
    }
  }

  #reading(jobId: string): Reading {
    const reading = this.#readings.get(jobId) ?? { cursor: undefined, rest: '', said: false, over: false };
    this.#readings.set(jobId, reading);
    return reading;
  }

  async #readOn(job: JobView, reading: Reading): Promise<void> {
    const path = `/deployments/${this.#id}/logs/${encodeURIComponent(job.jobId)}`;
    for (let piece = 0; piece < MOST_PIECES; piece++) {
      const view = await this.#api.get<LogView>(path, { cursor: reading.cursor });
      const text = reading.rest + view.text;
      const end = text.lastIndexOf('\n');
      if (end >= 0) this.#tell(job, text.slice(0, end));
      reading.rest = text.slice(end + 1);
      reading.said ||= view.text !== '';
      reading.over = view.cursor === null && reading.said;
      // Without a cursor the same would come once more.
      if (view.cursor === null) return;
      reading.cursor = view.cursor;
      if (view.text === '') return;
    }
  }

  #tell(job: JobView, text: string): void {
    if (this.#job !== job.jobId) this.#say(`==> ${job.name} <==`);
    this.#job = job.jobId;
    this.#say(text);
  }
}

export interface Following {
  id: string;
  /** Name or id of the only job that is wanted. */
  job: string | undefined;
  minutes: number;
  say(text: string): void;
  signal: AbortSignal;
}

/** Says the logs as they grow, to the end of the deployment. Throws `CliError` timedOut; Ctrl-C ends only the following. */
export async function follow(api: Client, { id, job, minutes, say, signal }: Following): Promise<DeploymentDetail> {
  const until = Date.now() + minutes * 60_000;
  const feed = new Feed(api, id, signal);
  const follower = new Follower(api, id, say);
  // Of what was over before we came, everything is there that will be.
  let lateUntil = 0;
  try {
    for (;;) {
      const seen: Looked | Pause = await look(api, id, follower, job).catch(bearable);
      if ('detail' in seen) {
        const over = isTerminal(seen.detail.status);
        if (!over) lateUntil = Date.now() + ARCHIVE_LAG_MS;
        if (over && (seen.complete || Date.now() >= lateUntil)) {
          follower.end(seen.jobs);
          return seen.detail;
        }
      }
      const left = until - Date.now();
      if (left <= 0)
        throw new CliError(EXIT.timedOut, 'watch_timed_out', `Still not over after ${minutes} minutes; it goes on.`);
      await nextLook(feed, 'waitMs' in seen ? seen : null, left, signal);
    }
  } finally {
    feed.close();
  }
}

interface Looked {
  detail: DeploymentDetail;
  jobs: JobView[];
  complete: boolean;
}

async function look(api: Client, id: string, follower: Follower, job: string | undefined): Promise<Looked> {
  const detail = await readDeployment(api, id);
  // Without a run that writes one, there is none to ask for.
  const written = detail.logs === null ? [] : detail.jobs;
  const jobs = written.filter((each) => job === undefined || each.jobId === job || each.name === job);
  return { detail, jobs, complete: await follower.look(jobs, detail.logs?.mode, isTerminal(detail.status)) };
}
