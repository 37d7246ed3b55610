import { setTimeout as wait } from 'node:timers/promises';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, percentile, settled, until } from '../lab/clicks';
import type { Delivery } from '../lab/post-office';
import { workflowProvider } from '../lab/vendors';
import type { Worker } from '../lab/worker-process';

/** Sends at a steady rate, whatever the answers take. */
async function steady(at: Worker, kept: Delivery[], perSecond: number, seconds: number) {
  const url = `${at.url}/webhook/${workflowProvider()}`;
  const times: number[] = [];
  const acknowledged = new Set<string>();
  let refused = 0;
  const open: Promise<void>[] = [];
  const begun = Date.now();
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = begun + (n * 1000) / perSecond;
    if (due > Date.now()) await wait(due - Date.now());
    const each = kept[n % kept.length];
    if (!each) break;
    const sent = performance.now();
    open.push(
      fetch(url, { method: 'POST', headers: each.headers, body: new Uint8Array(each.body) }).then(
        (answer) => {
          times.push(performance.now() - sent);
          if (answer.ok) acknowledged.add(each.digest);
          else refused += 1;
        },
        () => {
          refused += 1;
        },
      ),
    );
  }
  await Promise.all(open);
  return { times, acknowledged, refused, seconds: (Date.now() - begun) / 1000 };
}

export const load = experiment({
  name: 'load',
  promises: ['P11'],
  alone: true,
  short: null,
  full: { perSecond: 200, seconds: 600, deployments: 300, limitMs: 250 },
  title: ({ perSecond, seconds }) =>
    `${perSecond} webhooks a second for ${seconds} s into one instance that also works`,
  run: ({ lab, say }, { perSecond, seconds, deployments, limitMs }) =>
    inWorld(lab, { targets: deployments, deliveries: true }, async (world) => {
      const first = await world.startWorker();
      await clickAll(world);
      await settled(world, deployments, 5 * 60_000, say);
      const { kept } = world.post();
      await until(async () => kept.length >= deployments * 4, 10_000);
      await first.kill();
      // All of it comes through one connection, which may not send so much by itself.
      const receiver = await world.startWorker({ env: { AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS: '1000000' } });
      const saw = await steady(receiver, kept, perSecond, seconds);
      const { rows } = await world.runtime.database.pool.query<{ digest: string }>(
        "select encode(sha256(body), 'hex') as digest from inbox",
      );
      const inbox = new Set(rows.map((row) => row.digest));
      const lost = [...saw.acknowledged].filter((digest) => !inbox.has(digest)).length;
      const p99 = Math.round(percentile(saw.times, 0.99));
      const rate = Math.round(saw.times.length / saw.seconds);
      return {
        verdicts: [
          verdict('none was refused', saw.refused === 0, saw.refused),
          verdict('every acknowledged delivery is kept', lost === 0, `${lost} of ${saw.acknowledged.size} missing`),
          verdict(`p99 at most ${limitMs} ms`, p99 <= limitMs, `${p99} ms at ${rate}/s`),
          ...(await judge(world)),
        ],
        seen: {
          P11: `${rate}/s for ${Math.round(saw.seconds)} s (${kept.length} ids, again and again): p50 ${Math.round(percentile(saw.times, 0.5))} ms, p99 ${p99} ms, ${saw.refused} refused, ${lost} lost`,
        },
      };
    }),
});
