import { setTimeout as wait } from 'node:timers/promises';
import { and, eq, inArray } from 'drizzle-orm';
import { deployments } from '@/lib/db/schema';
import { allSucceeded, experiment, inWorld, judge, verdict } from '../experiment';
import { anotherAccount } from '../lab/another-account';
import { click, clickAll, percentile, settled, until } from '../lab/clicks';
import type { ProviderGate, SeenRequest } from '../lab/provider-gate';
import type { World } from '../lab/world';

/** The most requests in any window of this length. */
function densest(requests: SeenRequest[], windowMs: number): number {
  let most = 0;
  let from = 0;
  for (const [at, request] of requests.entries()) {
    while ((requests[from]?.at ?? 0) <= request.at - windowMs) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most;
}

const densestWrites = (requests: SeenRequest[]) =>
  densest(
    requests.filter(({ method }) => method !== 'GET'),
    60_000,
  );

/** Between two clicks of the other account: a burst would be as slow as this machine, and its runs looked at seldom. */
const OTHERS_EVERY_MS = 1_000;

/** Clicks on these targets, one after the other, and how long each took from the click to its end. Milliseconds. */
async function timesOf(world: World, ids: string[]): Promise<number[]> {
  for (const id of ids) await Promise.all([click(world, id, `${id}-click`), wait(OTHERS_EVERY_MS)]);
  const { db } = world.runtime.database;
  const ended = and(inArray(deployments.targetId, ids), eq(deployments.status, 'succeeded'));
  await until(async () => (await db.$count(deployments, ended)) === ids.length, 120_000);
  const rows = await db.select().from(deployments).where(ended);
  return rows.map(({ requestedAt, finishedAt }) => (finishedAt ?? new Date()).getTime() - requestedAt.getTime());
}

/** The most that are to be looked at in one second, from now on. */
async function dueTogether(world: World): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ most: number }>(
    `select coalesce(max(n), 0)::int as most from (
       select count(*) as n from deployments where next_check_at > now() group by date_trunc('second', next_check_at)) due`,
  );
  return rows[0]?.most ?? 0;
}

const p95 = (times: number[]) => Math.round(percentile(times, 0.95) / 100) / 10;

const MODES = ['refuse', 'hang', '503', 'tls'] as const;
/** Before TLS stands nobody can tell one account from another. */
const APART = MODES.filter((mode) => mode !== 'tls');

/** One way of being down after the other, and how long deployments of another account took in each. */
async function takeAway(
  gate: ProviderGate,
  seconds: number,
  say: (line: string) => void,
  clickOthers: (at: number) => Promise<number[]>,
) {
  const others: { mode: string; times: number[] }[] = [];
  for (const [at, mode] of MODES.entries()) {
    gate.set(mode);
    say(`the provider: ${mode}`);
    const over = wait((seconds * 1000) / MODES.length);
    if (mode !== 'tls') others.push({ mode, times: await clickOthers(at) });
    await over;
  }
  return others;
}

export const outage = experiment({
  name: 'outage',
  promises: ['P13'],
  // How much slower others may be, and by how many seconds more: a run is looked at every few. In the short run the machine
  // is busy with other experiments.
  short: { queue: 24, seconds: 20, others: 3, slower: 10, more: 5 },
  full: { queue: 500, seconds: 600, others: 20, slower: 1.1, more: 1 },
  title: ({ queue, seconds, others }) =>
    `provider down for ${seconds} s (refuses, hangs, 503, TLS) with ${queue} deployments queued, ${others} of another account, one a second, in each of the first three`,
  run: ({ lab, say }, { queue, seconds, others, slower, more }) =>
    inWorld(lab, { targets: queue + (1 + APART.length) * others, gate: 'tls', settleSeconds: 6 }, async (world) => {
      const gate = world.gate();
      const { targetIds } = world.estate;
      await anotherAccount(world, targetIds.slice(queue));
      const clickOthers = (at: number) => timesOf(world, targetIds.slice(queue + at * others).slice(0, others));
      await Promise.all([world.startWorker(), world.startWorker()]);
      const calm = await clickOthers(APART.length);
      gate.set('refuse');
      const from = gate.seen.length;
      await clickAll(world, targetIds.slice(0, queue));
      const meanwhile = await takeAway(gate, seconds, say, clickOthers);
      const slowest = Math.max(...meanwhile.map(({ times }) => p95(times)));
      const unaffected = meanwhile.map(({ mode, times }) => `${p95(times)} s (${mode})`).join(', ');
      const down = gate.seen.slice(from);
      const together = await dueTogether(world);
      gate.set('none');
      const back = Date.now();
      const to = gate.seen.length;
      await settled(world, targetIds.length, 10 * 60_000, say);
      const drained = Math.round((Date.now() - back) / 1000);
      const posts = densestWrites(down);
      const peak = densest(gate.seen.slice(to), 1000);
      const before = densest(down, 1000);
      return {
        verdicts: [
          verdict('at most 60 writes a minute while down', posts <= 60, posts),
          verdict('drained within 3 min', drained <= 180, `${drained} s`),
          // How many requests a second the machine makes of it is its speed, not a herd.
          verdict(
            'those who wait do not come back together',
            together <= queue / 2 + 8,
            `${together} of ${queue} in one second, ${peak} requests in the busiest, ${before} while down`,
          ),
          verdict('TLS was spoilt, too', gate.spoilt() > 0, `${gate.spoilt()} handshakes`),
          verdict(
            'another account goes on meanwhile',
            meanwhile.every(({ times }) => times.length === others) && slowest <= slower * p95(calm) + more,
            `p95 ${p95(calm)} s before, ${unaffected} meanwhile`,
          ),
          await allSucceeded(world, targetIds.length),
          ...(await judge(world)),
        ],
        seen: {
          P13: `down ${seconds} s with ${queue} queued: ${posts} writes in the busiest minute, drained ${drained} s after, ${peak} requests in the busiest second; another account’s p95 ${p95(calm)} s before and meanwhile ${unaffected}`,
        },
      };
    }),
});
