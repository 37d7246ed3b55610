import { afterEach, describe, expect, test } from 'vitest';
import type { LogView } from '@/lib/deployments/model/log-view';
import type { JobView } from '@/lib/deployments/model/view';
import type { Client } from './client';
import { sit } from './testing/sit';

let timer: NodeJS.Timeout;
afterEach(() => clearInterval(timer));

/** A console whose deployment goes through `looks`, one at each look; its feed always has news. */
function consoleOf(
  looks: { status: string; jobs: Partial<JobView>[] }[],
  pieces: Record<string, Partial<LogView>[]>,
  logs: { mode: string } | null = { mode: 'stream' },
) {
  let at = -1;
  const reads: string[] = [];
  const client = {
    url: 'http://console.test',
    open: async () => {
      const feed = new TransformStream<Uint8Array, Uint8Array>();
      const writer = feed.writable.getWriter();
      const news = new TextEncoder().encode('data: {"deploymentId":"dep_1"}\n\n');
      timer = setInterval(() => void writer.write(news).catch(() => undefined), 2);
      return new Response(feed.readable);
    },
    get: async (path: string, query: { cursor?: string } = {}) => {
      const job = /\/logs\/(\w+)$/.exec(path)?.[1];
      if (job) {
        reads.push(`${job}@${query.cursor ?? ''}`);
        return { text: '', cursor: query.cursor ?? null, notice: null, ...pieces[job]?.shift() };
      }
      at = Math.min(at + 1, looks.length - 1);
      const { status, jobs } = looks[at] ?? { status: 'failed', jobs: [] };
      return {
        ...{ id: 'dep_1', number: 7, component: { slug: 'backend' }, environment: { slug: 'staging' } },
        ...{ revision: { sha: '0123456789', ref: 'main' }, status, logs },
        jobs: jobs.map((each) => ({ name: each.jobId, ...each })),
      };
    },
  };
  return { client: client as unknown as Client, reads };
}

describe('logs --follow', () => {
  const run = (jobId: string, status: JobView['status'] = 'running') => ({ jobId, status });

  test('says each line once, whole, under the name of its job, and ends as the deployment does', async () => {
    const { client, reads } = consoleOf(
      [
        { status: 'queued', jobs: [run('build', 'queued')] },
        { status: 'building', jobs: [run('build')] },
        { status: 'building', jobs: [run('build', 'succeeded'), run('ship'), run('notify', 'skipped')] },
        {
          status: 'failed',
          jobs: [run('build', 'succeeded'), run('ship', 'failed'), run('notify', 'skipped'), run('tell', 'queued')],
        },
      ],
      {
        build: [{ text: 'one\ntw', cursor: 'a' }, {}, { text: 'o\n', cursor: null }],
        ship: [{ text: 'thr', cursor: 'b' }, {}, { text: 'ee\u001b[2J', cursor: null }],
      },
    );
    const said = await sit('logs', ['dep_1', '--follow'], client);
    expect(said.out).toBe('==> build <==\none\ntwo\n==> ship <==\nthree\\u001b[2J\n');
    expect(said).toMatchObject({ code: 1, err: expect.stringContaining('Failed') });
    expect(reads).toEqual(['build@', 'build@a', 'build@a', 'ship@', 'ship@b', 'ship@b']);
  });

  test('with --json it is one document; what was over before is not waited for', async () => {
    const { client } = consoleOf(
      [{ status: 'succeeded', jobs: [run('build', 'succeeded'), run('ship', 'succeeded')] }],
      {
        build: [{ text: 'done', cursor: null }],
        ship: [{ cursor: null, notice: 'This job wrote nothing.' }],
      },
    );
    const said = await sit('logs', ['dep_1', '-f', '--json'], client);
    expect(JSON.parse(said.out)).toEqual({ deploymentId: 'dep_1', status: 'succeeded', text: '==> build <==\ndone\n' });
    expect(said.code).toBe(0);
  });

  test('asks for no log where nothing writes one, and says so', async () => {
    const looks = [
      { status: 'deploying', jobs: [run('publish')] },
      { status: 'succeeded', jobs: [run('publish', 'succeeded')] },
    ];
    const { client, reads } = consoleOf(looks, {}, null);
    const said = await sit('logs', ['dep_1', '--follow'], client);
    expect(said).toMatchObject({ code: 0, out: '', err: expect.stringContaining('It has no log.') });
    expect(reads).toEqual([]);
  });

  test('follows for so long and no longer', async () => {
    const { client } = consoleOf([{ status: 'building', jobs: [run('build')] }], {});
    expect(await sit('logs', ['dep_1', '--follow', '--timeout', '0.001'], client)).toMatchObject({
      code: 'watch_timed_out',
    });
  });
});
