import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../bootstrap/postgres.mjs';
import { experiment, verdict } from '../experiment';

const WRITERS = 4;

/** Writes one number after the other until the server is gone; `acknowledged` gets those that it said are kept. */
async function writeUntilGone(url: string, lane: number, acknowledged: Set<string>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    for (;;) {
      const id = `${lane}-${acknowledged.size}-${performance.now()}`;
      await client.query('insert into kept values ($1)', [id]);
      acknowledged.add(id);
    }
  } catch {
    await client.end().catch(() => {});
  }
}

/** How many of these are not there. */
async function missing(url: string, acknowledged: ReadonlySet<string>): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('create table if not exists kept (id text primary key)');
    const { rows } = await client.query<{ id: string }>('select id from kept');
    const there = new Set(rows.map(({ id }) => id));
    return [...acknowledged].filter((id) => !there.has(id)).length;
  } finally {
    await client.end();
  }
}

interface Refusal {
  sentence: string;
  ms: number;
}

/** What a second start on the same folder hears; null when it was let in. */
async function startAgain(dataDir: string): Promise<Refusal | null> {
  const begun = Date.now();
  try {
    const second = await startPostgres({ dataDir });
    await second.stop();
    return null;
  } catch (error) {
    return { sentence: String(error), ms: Date.now() - begun };
  }
}

export const folder = experiment({
  name: 'folder',
  promises: ['P17'],
  alone: true,
  short: null,
  full: { rounds: 100 },
  title: ({ rounds }) => `the built-in database killed ${rounds} times while it writes, and started a second time each`,
  run: async ({ lab, say }, { rounds }) => {
    const dataDir = path.join(lab.folder, 'built-in');
    const acknowledged = new Set<string>();
    const refusals: Refusal[] = [];
    let [slowest, lost] = [0, 0];
    for (let round = 0; round <= rounds; round++) {
      const begun = Date.now();
      const server = await startPostgres({ dataDir });
      if (round > 0) slowest = Math.max(slowest, Date.now() - begun);
      try {
        lost = Math.max(lost, await missing(server.url, acknowledged));
        if (round === rounds) break;
        const refused = await startAgain(dataDir);
        if (refused) refusals.push(refused);
        const writing = Array.from({ length: WRITERS }, (_, lane) => writeUntilGone(server.url, lane, acknowledged));
        // In another moment of the writing each time.
        await wait(100 + ((round * 37) % 400));
        process.kill(server.pid, 'SIGKILL');
        await Promise.all(writing);
        await server.exited;
      } finally {
        await server.stop();
        if (round === rounds) rmSync(server.home, { recursive: true, force: true });
      }
      if (round % 20 === 19) say(`${round + 1} kills, ${acknowledged.size} acknowledged`);
    }
    const slowestRefusal = Math.max(0, ...refusals.map(({ ms }) => ms));
    const clear = refusals.filter(({ sentence }) => sentence.includes('Stop that one first')).length;
    return {
      verdicts: [
        verdict('a second start is refused with what to do', clear === rounds, `${clear} of ${rounds}`),
        verdict('within 2 s', slowestRefusal <= 2_000, `${slowestRefusal} ms`),
        verdict('it opens within 10 s after kill -9', slowest <= 10_000, `${slowest} ms`),
        verdict('writes were acknowledged', acknowledged.size >= rounds, acknowledged.size),
        verdict('what was acknowledged is kept', lost === 0, `${lost} missing`),
      ],
      seen: {
        P17: `${rounds} kills, ${acknowledged.size} acknowledged writes, ${lost} lost; opened within ${(slowest / 1000).toFixed(1)} s; ${clear} second starts refused within ${(slowestRefusal / 1000).toFixed(1)} s`,
      },
    };
  },
});
