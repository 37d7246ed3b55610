import { engineActor } from '@/lib/auth/actor';
import { advance } from '@/lib/deployments/server';
import { FAILPOINTS, type Failpoint } from '@/lib/kernel/failpoint';
import type { Verdict } from '../checker/history';
import { experiment, inWorld, judge, runCount, verdict, zeroZero } from '../experiment';
import { askUntilAnswered, until } from '../lab/clicks';
import { dieAt, leftBehind, TELLING } from '../lab/deaths';
import { deedsAsRuns } from '../lab/deeds';
import { makeOrders, type Order, placesOfWays, type Way } from '../lab/orders';
import { changesAt, galleries, labelOf, repointingProviders, workflowProvider } from '../lab/vendors';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

interface Death {
  order: Order;
  point: Failpoint;
}

interface Ended {
  died: boolean;
  succeeded: boolean;
  /** Null where no host serves it. */
  live: boolean | null;
}

const SAYS: Readonly<Record<Way, string>> = {
  publish: 'publishing',
  retry: 'failed jobs again',
  serve: 'serving again',
};

/** `publishing (Open VSX), failed jobs again (GitHub Actions)`. */
function waysAndPlaces(): string {
  const ways = Object.keys(SAYS) as Way[];
  const at = (wanted: Way) => placesOfWays().flatMap(({ way, provider }) => (way === wanted ? labelOf(provider) : []));
  return ways.map((way) => `${SAYS[way]} (${at(way).join(', ')})`).join(', ');
}

/** The points in turn at each place; where there is time for few, the next place begins with the next point. */
function deathsOf(orders: Order[], struck: readonly Failpoint[]): Death[] {
  return placesOfWays().flatMap(({ way, provider }, place) => {
    const own = orders.filter((order) => order.way === way && order.provider === provider);
    return own.flatMap((order, n) => {
      const point = struck[(place + n) % struck.length];
      return point ? { order, point } : [];
    });
  });
}

async function newest(world: World, targetId: string) {
  const { rows } = await world.runtime.database.pool.query<{ id: string; status: string; state: string | null }>(
    `select d.id, d.status, a.state from deployments d
     left join lateral (select state from attempts where deployment_id = d.id order by number desc limit 1) a on true
     where d.target_id = $1 order by d.number desc limit 1`,
    [targetId],
  );
  return rows[0];
}

/**
 * The harness is the instance that takes over. The dead one's lease, the time until a look-up that finds nothing proves
 * something, and the wait for the next look are over at once: how long they last is what other experiments are about.
 */
async function takeOver(world: World, targetId: string): Promise<boolean> {
  const engine = world.runtime.contextFor(engineActor);
  await world.scenario({ acceptThen502: 0 });
  const ended = await until(async () => {
    const row = await newest(world, targetId);
    if (!row || row.status === 'succeeded') return true;
    const { pool } = world.runtime.database;
    await pool.query('update deployments set next_check_at = now() where id = $1', [row.id]);
    await pool.query(
      `update attempts set lease_until = now() - make_interval(secs => $2)
       where deployment_id = $1 and state = 'sending' and lease_until > now()`,
      [row.id, world.settleSeconds],
    );
    await advance(engine, row.id);
    return false;
  }, 30_000);
  return ended !== null;
}

async function oneDeath(world: World, { order, point }: Death, helper: Worker): Promise<Ended> {
  const { targetId, provider, serves, verb, input } = order;
  const killed = await dieAt(world, point, [helper], (workers) => askUntilAnswered(workers, verb, input));
  // With its own request, and not with one that somebody else happened to send.
  const died = killed && ((await newest(world, targetId))?.state ?? null) === leftBehind(point);
  const succeeded = await takeOver(world, targetId);
  // What a provider keeps for a while only is gathered meanwhile.
  await world.deeds();
  const isLive = async () => (await world.live()).some((at) => at.provider === provider && at.id === serves);
  return { died, succeeded, live: serves === null ? null : await isLive() };
}

/** Never tried: what came before it at the same target did not end. */
const BEHIND: Ended = { died: false, succeeded: false, live: false };

async function killAll(world: World, deaths: Death[], say: (line: string) => void): Promise<Ended[]> {
  const helper = await world.startWorker({ works: false });
  const ended: Ended[] = [];
  const stuck = new Set<string>();
  for (const [at, death] of deaths.entries()) {
    if (stuck.has(death.order.targetId)) {
      ended.push(BEHIND);
      continue;
    }
    const end = await oneDeath(world, death, helper);
    ended.push(end);
    if (!end.succeeded) stuck.add(death.order.targetId);
    if (!end.died || !end.succeeded || end.live === false)
      say(`${death.order.way} at ${labelOf(death.order.provider)}, ${death.point}: ${JSON.stringify(end)}`);
    if ((at + 1) % 40 === 0) say(`${at + 1} of ${deaths.length} kills`);
  }
  return ended;
}

/**
 * One request for each re-run: of a second one the vendor's refusal would hide that it was sent. A gallery takes a version once
 * (one that hides what it validates may be sent it again, and refuses), and a host may be asked again for the build that it
 * serves: neither changes anything, so there what they took, and were led to, counts.
 */
function askedOnce(world: World, orders: Order[], from: number): Verdict {
  const asked = orders.filter(({ way }) => way === 'retry').length;
  const sent = changesAt(workflowProvider(), world.gate().seen.slice(from));
  return verdict('each re-run was sent once', sent === asked, `${sent} of ${asked}`);
}

function howTheyEnded(deaths: Death[], ended: Ended[], struck: readonly Failpoint[]): Verdict[] {
  const all = deaths.length;
  const died = deaths.filter((_, n) => ended[n]?.died);
  const each = struck.map((point) => `${point} ${died.filter((death) => death.point === point).length}`).join(', ');
  const succeeded = ended.filter((end) => end.succeeded).length;
  const served = ended.filter(({ live }) => live !== null);
  const live = served.filter((end) => end.live).length;
  return [
    verdict('every point killed its process over its own request', died.length === all, each),
    verdict('everything that was asked for succeeded', succeeded === all, `${succeeded} of ${all}`),
    verdict('what was to be served is live', live === served.length, `${live} of ${served.length}`),
  ];
}

/** The same deaths over what starts no run of its own: a package, the failed jobs of a run, a build that is there. */
export const failpointsAgain = experiment({
  name: 'failpoints-again',
  promises: ['P3'],
  short: { each: 1, points: TELLING.length, settleSeconds: 5 },
  full: { each: 64, points: FAILPOINTS.length, settleSeconds: 5 },
  title: ({ each, points }) => `directed kills: ${each} at each of ${waysAndPlaces()}, ${points} points in turn`,
  run: ({ lab, say }, { each, points, settleSeconds }) => {
    const struck = [...TELLING, ...FAILPOINTS.filter((point) => !TELLING.includes(point))].slice(0, points);
    const hosts = Object.fromEntries([
      ...galleries().map((id) => [id, each]),
      ...repointingProviders().map((id) => [id, 1]),
    ]);
    return inWorld(lab, { targets: each, hosts, settleSeconds, gate: true }, async (world) => {
      const orders = await makeOrders(world, each);
      const deaths = deathsOf(orders, struck);
      const from = world.gate().seen.length;
      const ended = await killAll(world, deaths, say);
      const done = await deedsAsRuns(world);
      const saw = await runCount(world, done);
      return {
        verdicts: [
          ...howTheyEnded(deaths, ended, struck),
          askedOnce(world, orders, from),
          verdict('nothing is lost or doubled', saw.lost === 0 && saw.doubled === 0, zeroZero(saw)),
          ...(await judge(world, { done })),
        ],
        seen: { P3: `${deaths.length} kills, ${points} points in turn at ${waysAndPlaces()}: ${zeroZero(saw)}` },
      };
    });
  },
});
