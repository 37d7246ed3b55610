import 'server-only';
import { ReadableStream as NodeStream } from 'node:stream/web';
import type { ServiceContext } from '@/lib/auth/context';
import { readDeployment } from './read-deployment';
import { readLog } from './read-log';

/** So many pieces in one answer: each asks the provider, and a cursor may never end. */
const MOST_PIECES = 50;
const CUT_SHORT =
  'The rest is not here: one download asks the provider 50 times at most. Take the log of one job, or read it there.\n';

/**
 * The logs of all jobs of a deployment, one after the other, as far as they are there now. Who may read is decided
 * before the first piece; each job begins with a line `==> name <==`.
 */
export async function readLogs(
  ctx: ServiceContext,
  input: { deploymentId: string; job?: string | undefined },
): Promise<{ name: string; type: string; body: ReadableStream<Uint8Array> }> {
  const { jobs, number } = await readDeployment(ctx, { deploymentId: input.deploymentId });
  const chosen = jobs.filter((job) => input.job === undefined || job.jobId === input.job || job.name === input.job);
  const text = NodeStream.from(pieces(ctx, input.deploymentId, chosen)) as unknown as ReadableStream<string>;
  const body = text.pipeThrough(new TextEncoderStream());
  return { name: `deployment-${number}.log`, type: 'text/plain; charset=utf-8', body };
}

async function* pieces(ctx: ServiceContext, deploymentId: string, jobs: { jobId: string; name: string }[]) {
  if (jobs.length === 0) yield 'There is no log yet.\n';
  const budget = { left: MOST_PIECES, cut: false };
  for (const job of jobs) {
    if (budget.cut) break;
    yield `==> ${job.name} <==\n`;
    let last = '\n';
    for await (const said of jobPieces(ctx, { deploymentId, jobId: job.jobId }, budget)) {
      yield said;
      last = said.at(-1) ?? last;
    }
    if (last !== '\n') yield '\n';
  }
  if (budget.cut) yield CUT_SHORT;
}

async function* jobPieces(
  ctx: ServiceContext,
  of: { deploymentId: string; jobId: string },
  budget: { left: number; cut: boolean },
): AsyncGenerator<string> {
  let cursor: string | undefined;
  while (budget.left > 0) {
    budget.left -= 1;
    const view = await readLog(ctx, { ...of, cursor });
    const said = view.text || (view.notice ? `${view.notice}\n` : '');
    if (said) yield said;
    // Nothing new: what is still to come is for another call.
    if (view.cursor === null || view.text === '' || view.cursor === cursor) return;
    cursor = view.cursor;
  }
  budget.cut = true;
}
