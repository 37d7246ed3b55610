import { setTimeout as wait } from 'node:timers/promises';
import { allSucceeded, experiment, inWorld, judge, type Stage, verdict } from '../experiment';
import { clickInput, count, percentile, settled } from '../lab/clicks';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

interface Size {
  flying: number;
  seconds: number;
  pace: number;
  limitMs: number;
}

/**
 * From the click's arrival to the request that starts the run: while so many deployments run, and, as a figure of its own,
 * when as many clicks come in the same moment.
 */
export const latency = experiment<Size>({
  name: 'latency',
  promises: ['P19'],
  alone: true,
  short: null,
  full: { flying: 100, seconds: 180, pace: 1, limitMs: 2_000 },
  title: ({ flying, seconds }) =>
    `clicks for ${seconds} s while ${flying} deployments run, then ${flying} clicks at once`,
  run: async (stage, size) => {
    const steady = await whileTheyFly(stage, size);
    const burst = await atOnce(stage, size.flying);
    const { flying, limitMs } = size;
    const p95 = percentile(steady.waits, 0.95);
    const said = (waits: number[]) => `p50 ${percentile(waits, 0.5)} ms, p95 ${percentile(waits, 0.95)} ms`;
    return {
      verdicts: [
        verdict(`${flying} were on their way all the time`, steady.fewest >= flying * 0.9, `${steady.fewest} at least`),
        verdict('every click became a request', burst.lost + steady.lost === 0, `${burst.lost + steady.lost} did not`),
        verdict(`p95 at most ${limitMs / 1000} s`, p95 <= limitMs, `${p95} ms of ${steady.waits.length}`),
        ...steady.verdicts,
        ...burst.verdicts,
      ],
      seen: {
        P19: `${steady.waits.length} clicks while ${flying} ran: ${said(steady.waits)}; ${flying} in the same moment: ${said(burst.waits)}`,
      },
    };
  },
});

/** As soon as a target's deployment has ended, somebody deploys it again. */
async function whileTheyFly({ lab, say }: Stage, { flying, seconds, pace }: Size) {
  return inWorld(lab, { targets: Math.ceil(flying * 1.05), gate: true, pace }, async (world) => {
    const workers = [await world.startWorker(), await world.startWorker()];
    const clicked = new Map<string, number>();
    const fillMs = 60_000;
    const begun = Date.now();
    const measured = begun + fillMs + 30_000;
    const ends = measured + seconds * 1000;
    let fewest = Number.POSITIVE_INFINITY;
    const lane = async (targetId: string, at: number) => {
      await wait((fillMs / world.estate.targetIds.length) * at);
      for (let round = 0; Date.now() < ends; round++) {
        const id = await clickOn(world, workers, at, `${targetId}-round-${round}`, clicked);
        while (Date.now() < ends && (await count(world, `id = 'dep_${id}' and next_check_at is not null`)) > 0)
          await wait(500);
      }
    };
    const watch = async () => {
      for (; Date.now() < ends; await wait(1_000))
        if (Date.now() > measured) fewest = Math.min(fewest, await count(world, 'next_check_at is not null'));
    };
    await Promise.all([...world.estate.targetIds.map(lane), watch()]);
    await settled(world, clicked.size, 5 * 60_000, say);
    const since = new Map([...clicked].filter(([, at]) => at >= measured));
    return {
      ...waitsOf(world, since),
      fewest,
      verdicts: [await allSucceeded(world, clicked.size), ...(await judge(world))],
    };
  });
}

async function atOnce({ lab, say }: Stage, clicks: number) {
  return inWorld(lab, { targets: clicks, gate: true }, async (world) => {
    const workers = [await world.startWorker(), await world.startWorker()];
    const clicked = new Map<string, number>();
    await Promise.all(world.estate.targetIds.map((id, at) => clickOn(world, workers, at, `${id}-click`, clicked)));
    await settled(world, clicks, 5 * 60_000, say);
    return { ...waitsOf(world, clicked), verdicts: [await allSucceeded(world, clicks), ...(await judge(world))] };
  });
}

async function clickOn(world: World, workers: Worker[], at: number, key: string, clicked: Map<string, number>) {
  const begun = Date.now();
  const targetId = world.estate.targetIds[at] ?? '';
  const answer = await workers[at % workers.length]?.call('trigger', clickInput(world, targetId, key));
  const { deploymentId } = (answer?.body ?? {}) as { deploymentId?: string };
  if (!deploymentId)
    throw new Error(`The click ${key} was answered with ${answer?.status}: ${JSON.stringify(answer?.body)}`);
  const id = deploymentId.replace(/^dep_/, '');
  clicked.set(id, begun);
  return id;
}

/** Milliseconds from each click to its request; `lost` are those without one. */
function waitsOf(world: World, clicked: ReadonlyMap<string, number>): { waits: number[]; lost: number } {
  const sent = new Map<string, number>();
  for (const { method, path, body, at } of world.gate().seen) {
    const id = method === 'POST' && path.endsWith('/dispatches') ? /aether-([0-9a-z]+)-/.exec(body)?.[1] : undefined;
    if (id && !sent.has(id)) sent.set(id, at);
  }
  const waits = [...clicked].flatMap(([id, begun]) => (sent.has(id) ? [(sent.get(id) ?? begun) - begun] : []));
  return { waits, lost: clicked.size - waits.length };
}
