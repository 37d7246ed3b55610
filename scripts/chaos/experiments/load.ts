import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { providers } from '@/lib/providers/registry.generated';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { clickAll, percentile, settled, until } from '../lab/clicks';
import type { Delivery } from '../lab/post-office';
import { workflowProvider } from '../lab/vendors';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

/** A vendor sends again what was not answered in time: every fifth is one that came before. */
const AGAIN = 5;

/** How the provider calls this delivery. */
function idOf({ headers, body }: Delivery): string {
  const id = providers[workflowProvider()]?.methods.webhooks?.parse(body, new Headers(headers)).deliveryId;
  if (!id) throw new Error('The provider with workflows gives its deliveries no id.');
  return id;
}

/** The same event once more under an id of its own, which the signature does not cover. */
function renewed({ headers, ...rest }: Delivery): Delivery {
  const id = idOf({ headers, ...rest });
  const own = Object.entries(headers).map(([name, value]) => [name, value === id ? randomUUID() : value]);
  return { ...rest, headers: Object.fromEntries(own) };
}

interface Flood {
  /** Milliseconds, of those that were answered. */
  times: number[];
  acknowledged: Set<string>;
  /** An answer's status, or why there was none. */
  statuses: Map<number | string, number>;
  /** How long it took to send and to be answered. */
  seconds: number;
}

/** Sends at a steady rate, whatever the answers take. */
async function flood(at: Worker, kept: Delivery[], perSecond: number, seconds: number): Promise<Flood> {
  const url = `${at.url}/webhook/${workflowProvider()}`;
  const saw: Flood = { times: [], acknowledged: new Set(), statuses: new Map(), seconds: 0 };
  const send = async (each: Delivery) => {
    const sent = performance.now();
    const answer = await fetch(url, { method: 'POST', headers: each.headers, body: new Uint8Array(each.body) }).catch(
      (error: Error & { cause?: Error & { code?: string } }) => error.cause?.code ?? error.message,
    );
    const status = typeof answer === 'string' ? answer : answer.status;
    saw.statuses.set(status, (saw.statuses.get(status) ?? 0) + 1);
    if (typeof answer === 'string') return;
    saw.times.push(performance.now() - sent);
    if (answer.ok) saw.acknowledged.add(idOf(each));
  };
  const open: Promise<void>[] = [];
  const begun = Date.now();
  let each: Delivery | undefined;
  for (let n = 0; n < perSecond * seconds; n++) {
    const early = begun + (n * 1000) / perSecond - Date.now();
    if (early > 0) await wait(early);
    const next = kept[n % kept.length];
    if (!next) break;
    if (n % AGAIN > 0 || !each) each = renewed(next);
    open.push(send(each));
  }
  await Promise.all(open);
  saw.seconds = (Date.now() - begun) / 1000;
  return saw;
}

/** Of those that were acknowledged, how many are not kept. */
async function missing(world: World, { acknowledged }: Flood): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ id: string }>('select delivery_id as id from inbox');
  const inbox = new Set(rows.map((row) => row.id));
  return [...acknowledged].filter((id) => !inbox.has(id)).length;
}

/** Deliveries that nobody has worked through. */
async function waiting(world: World): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ n: number }>(
    "select count(*)::int as n from inbox where state in ('received', 'failed')",
  );
  return rows[0]?.n ?? 0;
}

const KEPT = [200, 202];
const TURNED_AWAY = [429, 503];

const counted = ({ statuses }: Flood, those: number[]) =>
  those.reduce((sum, each) => sum + (statuses.get(each) ?? 0), 0);
const answers = ({ statuses }: Flood) => [...statuses].map(([status, n]) => `${n} × ${status}`).join(', ');

export const load = experiment({
  name: 'load',
  promises: ['P11'],
  alone: true,
  short: null,
  full: { perSecond: 200, seconds: 600, burst: 1_000, burstSeconds: 10, deployments: 300, limitMs: 250 },
  title: ({ perSecond, seconds, burst, burstSeconds }) =>
    `${perSecond} webhooks a second for ${seconds} s into one instance that also works, then ${burst} a second for ${burstSeconds} s`,
  run: ({ lab, say }, { perSecond, seconds, burst, burstSeconds, deployments, limitMs }) =>
    inWorld(lab, { targets: deployments, deliveries: true }, async (world) => {
      const first = await world.startWorker();
      await clickAll(world);
      await settled(world, deployments, 5 * 60_000, say);
      const { kept } = world.post();
      await until(async () => kept.length >= deployments * 4, 10_000);
      await first.kill();
      // All of it comes through one connection, which may not send so much by itself.
      const receiver = await world.startWorker({ env: { AETHERSTACK_WEBHOOKS_PER_TEN_SECONDS: '1000000' } });
      const saw = await flood(receiver, kept, perSecond, seconds);
      const behind = await waiting(world);
      await receiver.kill();
      const usual = await world.startWorker();
      const sudden = await flood(usual, kept, burst, burstSeconds);
      await until(async () => (await waiting(world)) === 0, 120_000, 500);
      const lost = (await missing(world, saw)) + (await missing(world, sudden));
      const p99 = Math.round(percentile(saw.times, 0.99));
      const rate = Math.round(saw.times.length / saw.seconds);
      const refused = perSecond * seconds - counted(saw, KEPT);
      const turnedAway = counted(sudden, TURNED_AWAY);
      const odd = burst * burstSeconds - counted(sudden, KEPT) - turnedAway;
      const bytes = kept.reduce((sum, each) => sum + each.body.length, 0) / kept.length;
      return {
        verdicts: [
          verdict('none was refused', refused === 0, answers(saw)),
          verdict(`p99 at most ${limitMs} ms`, p99 <= limitMs, `${p99} ms at ${rate}/s`),
          verdict('the sender kept its pace', rate >= perSecond * 0.98, `${rate}/s`),
          verdict('what came was worked through meanwhile', behind <= perSecond * 10, `${behind} still waited`),
          verdict('a burst is kept or refused, and answered', odd === 0, answers(sudden)),
          verdict('every acknowledged delivery is kept', lost === 0, `${lost} missing`),
          verdict('nothing waits in the inbox', (await waiting(world)) === 0, await waiting(world)),
          ...(await judge(world)),
        ],
        seen: {
          P11: `${rate}/s for ${Math.round(saw.seconds)} s (${Math.round(bytes / 102.4) / 10} KB each, every fifth again): p50 ${Math.round(percentile(saw.times, 0.5))} ms, p99 ${p99} ms, ${refused} refused; then ${burst}/s for ${burstSeconds} s: ${counted(sudden, KEPT)} kept, ${turnedAway} turned away; ${lost} lost`,
        },
      };
    }),
});
