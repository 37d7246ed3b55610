import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createSession } from '@/lib/auth/sessions';
import { makeUser } from '@/lib/db/testing/factories';
import { publish } from '@/lib/realtime/publish';
import { STREAMS_PER_PERSON } from '@/lib/realtime/seats';
import { experiment, inWorld, judge, verdict } from '../experiment';
import { percentile, until } from '../lab/clicks';
import { Viewer } from '../lab/viewer';
import type { Worker } from '../lab/worker-process';
import type { World } from '../lab/world';

/** Nearly as many tabs a person as one may have: one that was cut off may be back before the other side has noticed. */
const TABS = STREAMS_PER_PERSON - 2;

async function openViewers(world: World, worker: Worker, count: number): Promise<Viewer[]> {
  const { db } = world.runtime.database;
  const viewers: Viewer[] = [];
  while (viewers.length < count) {
    const { id } = await makeUser(db, { grants: [{ role: 'viewer', environmentPattern: '*' }] });
    for (let tab = 0; tab < TABS && viewers.length < count; tab++)
      viewers.push(new Viewer(worker.url, await createSession(db, { userId: id, ip: null, userAgent: 'viewer' })));
  }
  for (let at = 0; at < count; at += 50) await Promise.all(viewers.slice(at, at + 50).map((each) => each.connect()));
  return viewers;
}

/** Resident memory of a process in MB; 0 where the system does not say. */
function residentMb(pid: number | undefined): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

/** Says `count` things at a steady rate; the answer is when each was about to be committed. */
async function speak(world: World, count: number, perSecond: number): Promise<number[]> {
  const times: number[] = [];
  const begun = Date.now();
  for (let n = 0; n < count; n++) {
    const due = begun + (n * 1_000) / perSecond;
    if (due > Date.now()) await wait(due - Date.now());
    await world.runtime.database.db.transaction(async (tx) => {
      await publish(tx, { topic: 'deployment', kind: `said-${n}`, actorName: 'Ana' });
      times.push(Date.now());
    });
  }
  return times;
}

/** Breaks so many connections, spread over the time in which something is said; each comes back by itself. */
async function breakSome(world: World, viewers: Viewer[], drops: number, milliseconds: number): Promise<void> {
  const open: Promise<void>[] = [];
  for (let n = 0; n < drops; n++) {
    const each = viewers[Math.floor(world.random() * viewers.length)];
    if (each) open.push(each.drop());
    await wait(milliseconds / drops);
  }
  await Promise.all(open);
}

function gapsOf(viewers: Viewer[], count: number) {
  const wanted = Array.from({ length: count }, (_, n) => `said-${n}`).join();
  return viewers.filter(({ seen }) => seen.map(({ kind }) => kind).join() !== wanted).length;
}

export const viewers = experiment({
  name: 'viewers',
  promises: ['P18'],
  alone: true,
  short: null,
  full: { viewers: 1_000, events: 300, perSecond: 5, drops: 500, limitMs: 1_000, limitMb: 150 },
  title: ({ viewers: count, events, drops }) =>
    `${count} viewers of one instance, ${events} events, ${drops} broken connections`,
  run: ({ lab, say }, { viewers: count, events, perSecond, drops, limitMs, limitMb }) =>
    inWorld(lab, { targets: 1 }, async (world) => {
      const worker = await world.startWorker();
      const before = residentMb(worker.child.pid);
      const all = await openViewers(world, worker, count);
      say(`${all.length} are watching`);
      const [said] = await Promise.all([
        speak(world, events, perSecond),
        breakSome(world, all, drops, (events / perSecond) * 1_000),
      ]);
      await until(async () => all.every(({ seen }) => seen.length >= events), 20_000);
      const extra = Math.round(residentMb(worker.child.pid) - before);
      const delays = all.flatMap(({ seen }) =>
        seen.map(({ kind, at }) => at - (said[Number(kind.slice('said-'.length))] ?? 0)),
      );
      const p95 = percentile(delays, 0.95);
      const gaps = gapsOf(all, events);
      const troubles = all.flatMap((each) => each.troubles);
      for (const each of all) each.leave();
      return {
        verdicts: [
          verdict(`p95 at most ${limitMs / 1_000} s from commit to viewer`, p95 <= limitMs, `${p95} ms`),
          verdict('everybody saw everything, once and in order', gaps === 0, `${gaps} did not`),
          verdict('nobody was refused or had to start afresh', troubles.length === 0, troubles[0] ?? 0),
          verdict(`at most ${limitMb} MB more`, extra <= limitMb, `${extra} MB`),
          ...(await judge(world)),
        ],
        seen: {
          P18: `${count} viewers, ${events} events: p50 ${percentile(delays, 0.5)} ms, p95 ${p95} ms, p99 ${percentile(delays, 0.99)} ms, missed ones after a break included; ${gaps} gaps in ${drops} breaks, ${extra} MB more`,
        },
      };
    }),
});
