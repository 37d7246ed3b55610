import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { experiment, inWorld, judge, type Outcome, verdict } from '../experiment';
import { clickAll, count, settled, until } from '../lab/clicks';
import { type Lab, openLab } from '../lab/lab';
import type { World } from '../lab/world';
import { anchoredLine } from './dumped';
import { owners, workOn } from './restored';

interface Size {
  deployments: number;
  settleSeconds: number;
}

type Say = (line: string) => void;

/** Keeps owners and links, as a snapshot of the volume does. */
const copy = (from: string, to: string) => {
  rmSync(to, { recursive: true, force: true });
  execFileSync('cp', ['-a', from, to]);
};

async function chainEnd(world: World): Promise<number> {
  const { rows } = await world.runtime.database.pool.query<{ n: number }>('select max(seq)::int as n from audit_chain');
  return rows[0]?.n ?? 0;
}

/** The disk of a database in the middle of its work is copied and, when all of it has run, put back. */
async function snapshotAndBack(lab: Lab, world: World, { deployments }: Size, say: Say) {
  const anchorFile = path.join(lab.folder, 'anchor.ndjson');
  const saved = path.join(lab.folder, 'saved');
  world.env.AETHERSTACK_AUDIT_ANCHOR = `file:${anchorFile}`;
  await clickAll(world);
  const workers = [await world.startWorker(), await world.startWorker()];
  const begun = "status not in ('queued', 'submitting')";
  await until(async () => (await count(world, begun)) > deployments / 3 && anchoredLine(anchorFile) > 0, 60_000, 50);
  await Promise.all(workers.map((worker) => worker.kill()));
  await lab.whileStopped((cluster) => copy(cluster, saved));
  const unsent = await count(world, "status = 'queued'");
  const line = await chainEnd(world);
  const worker = await world.startWorker();
  await settled(world, deployments, 10 * 60_000, say);
  await until(async () => anchoredLine(anchorFile) > line, 90_000, 500);
  await worker.kill();
  const before = await world.truth();
  await lab.whileStopped((cluster) => copy(saved, cluster));
  return { unsent, before };
}

async function judged(lab: Lab, world: World, size: Size, say: Say): Promise<Outcome> {
  const { unsent, before } = await snapshotAndBack(lab, world, size, say);
  const { reconciled, says } = await workOn(world, world.env.DATABASE_URL ?? '');
  const after = await world.truth();
  const resent = after.length - before.length;
  const { rows } = await world.runtime.database.pool.query<{ sentence: string }>(
    "select sentence from audit where action = 'database.restored' and code = 'restored'",
  );
  return {
    verdicts: [
      verdict('the snapshot is of the middle', unsent > 0 && unsent < size.deployments, `${unsent} were queued in it`),
      verdict('the anchor tells it from a standstill', rows.length === 1, rows[0]?.sentence ?? 'nothing was noticed'),
      verdict('nothing is sent again', resent === 0 && owners(after).size === after.length, `${resent} sent again`),
      verdict('every deployment of it was reconciled or is asked about', reconciled, says),
      ...(await judge(world)),
    ],
    seen: {
      P25: `the disk put back from the middle of ${size.deployments}, ${unsent} of them unsent in it: ${resent} sent again; afterwards: ${says}`,
    },
  };
}

export const snapshot = experiment<Size>({
  name: 'snapshot',
  promises: ['P25'],
  short: null,
  full: { deployments: 100, settleSeconds: 6 },
  title: ({ deployments }) =>
    `the database’s disk from the middle of ${deployments} deployments, put back after all of them ran`,
  run: async ({ say }, size) => {
    // A server of its own: the others' databases must not be set back.
    const lab = await openLab();
    try {
      return await inWorld(lab, { targets: size.deployments, settleSeconds: size.settleSeconds, pace: 0.05 }, (world) =>
        judged(lab, world, size, say),
      );
    } finally {
      await lab.close();
    }
  },
});
