import { setTimeout as wait } from 'node:timers/promises';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, settled, until } from '../lab/clicks';
import type { Delivery } from '../lab/post-office';
import { workflowProvider } from '../lab/vendors';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

async function send(worker: Worker, delivery: Delivery): Promise<boolean> {
  const url = `${worker.url}/webhook/${workflowProvider()}`;
  try {
    const answer = await fetch(url, { method: 'POST', headers: delivery.headers, body: new Uint8Array(delivery.body) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Sends them all at once and kills the receiver in the middle of its answers. Those that it acknowledged. */
async function killWhileReceiving(world: World, batch: Delivery[]): Promise<Delivery[]> {
  const worker = await world.startWorker({ works: false });
  const acknowledged: Delivery[] = [];
  const sending = batch.map(async (each) => {
    if (await send(worker, each)) acknowledged.push(each);
  });
  await Promise.race(sending);
  await wait(world.random() * 20);
  await worker.kill();
  await Promise.all(sending);
  return acknowledged;
}

async function inbox(world: World): Promise<{ all: number; distinct: number; open: number; kept: string[] }> {
  const { rows } = await world.runtime.database.pool.query<{ digest: string; delivery_id: string; state: string }>(
    "select encode(sha256(body), 'hex') as digest, delivery_id, state from inbox",
  );
  return {
    all: rows.length,
    distinct: new Set(rows.map((row) => row.delivery_id)).size,
    open: rows.filter((row) => row.state === 'received' || row.state === 'failed').length,
    kept: rows.map((row) => row.digest),
  };
}

export const webhooks = experiment({
  name: 'webhooks',
  promises: ['P10'],
  short: { rounds: 6, deployments: 8 },
  full: { rounds: 100, deployments: 60 },
  title: ({ rounds }) => `${rounds} receivers of webhooks killed while they acknowledge`,
  run: ({ lab, say }, { rounds, deployments }) =>
    inWorld(lab, { targets: deployments, deliveries: true }, async (world) => {
      const worker = await world.startWorker();
      await clickAll(world);
      await settled(world, deployments, 5 * 60_000, say);
      const { kept } = world.post();
      await until(async () => kept.length >= deployments * 4, 10_000);
      await worker.kill();
      const acknowledged: Delivery[] = [];
      const size = Math.max(8, Math.ceil(kept.length / rounds));
      for (let round = 0; round < rounds; round++) {
        const from = (round * size) % kept.length;
        acknowledged.push(...(await killWhileReceiving(world, kept.slice(from, from + size))));
      }
      const missing = async () => {
        const known = new Set((await inbox(world)).kept);
        return acknowledged.filter((each) => !known.has(each.digest));
      };
      const lost = await missing();
      const last = await world.startWorker();
      // Everything once more, five times: an id that is known has no second effect.
      const before = await inbox(world);
      for (let again = 0; again < 5; again++) await Promise.all(kept.slice(0, 20).map((each) => send(last, each)));
      await until(async () => (await inbox(world)).open === 0, 60_000, 500);
      const after = await inbox(world);
      const fresh = kept.slice(0, 20).filter((each) => !before.kept.includes(each.digest)).length;
      return {
        verdicts: [
          verdict(
            'deliveries were acknowledged',
            acknowledged.length > 0,
            `${acknowledged.length} by ${rounds} receivers`,
          ),
          verdict('every acknowledged delivery is kept', lost.length === 0, `${lost.length} missing`),
          verdict(
            'a delivery that comes again is one',
            after.all === after.distinct && after.all === before.all + fresh,
            `${after.all} of ${after.distinct} ids`,
          ),
          verdict('everything that is kept was processed', after.open === 0, `${after.open} open`),
          ...(await judge(world)),
        ],
        seen: {
          P10: `${rounds} kills, ${acknowledged.length} acknowledged, ${lost.length} missing; each of 20 sent 5 times more: one row`,
        },
      };
    }),
});
