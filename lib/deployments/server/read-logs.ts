import 'server-only';
import { ReadableStream as NodeStream } from 'node:stream/web';
import type { ServiceContext } from '@/lib/auth/context';
import { readDeployment } from './read-deployment';
import { readLog } from './read-log';

/** A job's log in pieces; so many at most, in case a provider's cursor never ends. */
const MOST_PIECES = 2_000;

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
  for (const job of jobs) {
    yield `==> ${job.name} <==\n`;
    let cursor: string | undefined;
    let last = '\n';
    for (let piece = 0; piece < MOST_PIECES; piece++) {
      const view = await readLog(ctx, { deploymentId, jobId: job.jobId, cursor });
      const said = view.text || (view.notice ? `${view.notice}\n` : '');
      if (said) yield said;
      last = said.at(-1) ?? last;
      // Nothing new: what is still to come is for another call.
      if (view.cursor === null || view.text === '' || view.cursor === cursor) break;
      cursor = view.cursor;
    }
    if (last !== '\n') yield '\n';
  }
}
