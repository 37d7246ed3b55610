import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { auditSigner } from '@/lib/audit/server';
import { verifyChain } from '@/lib/audit/server/verify';
import { openDatabase } from '@/lib/db/client';
import { type Experiment, experiment, inWorld, judge, type Outcome, verdict } from '../experiment';
import { clickAll, count, settled, until } from '../lab/clicks';
import { openLab } from '../lab/lab';
import { dump, findOwnPostgres, type OwnPostgres, ownServer, restore } from '../lab/own-postgres';
import type { World } from '../lab/world';
import { owners, workOn } from './restored';

interface Size {
  deployments: number;
  settleSeconds: number;
}

/** The newest line that the console wrote down outside of the database; 0 before the first. */
export const anchoredLine = (file: string): number =>
  existsSync(file)
    ? Math.max(0, ...[...readFileSync(file, 'utf8').matchAll(/"seq":(\d+)/g)].map((each) => Number(each[1])))
    : 0;

/** The verifier on the restored log, beside the heads that the console wrote down outside of the database. */
async function verifyRestored(url: string, anchorFile: string) {
  const database = openDatabase(url, { max: 2 });
  try {
    const { rows } = await database.pool.query<{ n: string }>('select count(*) as n from audit');
    const { keys } = auditSigner();
    const alone = await verifyChain(database.db, { keys, anchorFile: null, requireHead: true });
    const beside = await verifyChain(database.db, { keys, anchorFile, requireHead: true });
    return { lines: Number(rows[0]?.n), alone, beside };
  } finally {
    await database.close();
  }
}

/** All deployments run to their end, with a dump from the middle, and a head that is younger than the dump. */
async function runWithDump(world: World, own: OwnPostgres, folder: string, { deployments }: Size, say: Say) {
  const anchorFile = path.join(folder, 'anchor.ndjson');
  world.env.AETHERSTACK_AUDIT_ANCHOR = `file:${anchorFile}`;
  await clickAll(world);
  const workers = [await world.startWorker(), await world.startWorker()];
  const begun = "status not in ('queued', 'submitting')";
  await until(async () => (await count(world, begun)) > deployments / 3 && anchoredLine(anchorFile) > 0, 60_000, 50);
  const file = dump(own, world.env.DATABASE_URL ?? '', folder);
  const { rows } = await world.runtime.database.pool.query<{ n: number }>('select max(seq)::int as n from audit_chain');
  const dumpedLine = rows[0]?.n ?? 0;
  await settled(world, deployments, 10 * 60_000, say);
  await until(async () => anchoredLine(anchorFile) > dumpedLine, 90_000, 500);
  await Promise.all(workers.map((worker) => worker.kill()));
  return { file, anchorFile };
}

type Say = (line: string) => void;

async function dumpAndRestore(own: OwnPostgres, size: Size, say: Say): Promise<Outcome> {
  const lab = await openLab(ownServer(own));
  const { deployments, settleSeconds } = size;
  try {
    return await inWorld(lab, { targets: deployments, settleSeconds, pace: 0.05 }, async (world) => {
      const { file, anchorFile } = await runWithDump(world, own, lab.folder, size, say);
      const before = await world.truth();
      const url = await lab.empty(`${world.database}_restored`);
      restore(own, file, url);
      const { lines, alone, beside } = await verifyRestored(url, anchorFile);
      const unsent = await countIn(url, "status = 'queued'");
      const { reconciled, says } = await workOn(world, url);
      const marked = await countIn(url, "id in (select deployment_id from events where kind = 'look_first')");
      const after = await world.truth();
      const resent = after.length - before.length;
      return {
        verdicts: [
          verdict('the dump is of the middle', unsent > 0 && unsent < deployments, `${unsent} were queued in it`),
          verdict('the restored database is recognised', marked >= unsent, `${marked} looked up`),
          verdict('nothing is sent again', resent === 0 && owners(after).size === after.length, `${resent} sent again`),
          verdict('every deployment of the dump was reconciled or is asked about', reconciled, says),
          verdict('the restored chain is whole by itself', !alone.broken && alone.lines === lines, `${lines} lines`),
          verdict(
            'the anchor says that the newest lines are gone',
            beside.broken?.kind === 'tail_missing' && beside.lines === lines,
            beside.broken?.sentence ?? 'nothing is said',
          ),
          ...(await judge(world)),
        ],
        seen: {
          P20: `pg_dump and pg_restore ${own.version}: chain of ${lines} lines whole; the anchor names the lines that the dump lacks`,
          P25: `pg_dump ${own.version} in the middle of ${deployments}, ${unsent} of them unsent in it: ${resent} sent again; restored: ${says}`,
        },
      };
    });
  } finally {
    await lab.close();
  }
}

async function countIn(url: string, where: string): Promise<number> {
  const database = openDatabase(url, { max: 1 });
  try {
    const { rows } = await database.pool.query<{ n: number }>(
      `select count(*)::int as n from deployments where ${where}`,
    );
    return rows[0]?.n ?? 0;
  } finally {
    await database.close();
  }
}

const MISSING = 'no pg_dump with a server of its version here: on Debian, apt-get install postgresql';

export const dumped: Experiment = experiment<Size>({
  name: 'dumped',
  promises: ['P25', 'P20'],
  short: null,
  full: { deployments: 100, settleSeconds: 6 },
  title: ({ deployments }) => `pg_dump while ${deployments} deployments run, pg_restore after they have ended`,
  run: async ({ say }, size) => {
    const own = findOwnPostgres();
    if (own) return dumpAndRestore(own, size, say);
    return { verdicts: [verdict('pg_dump and pg_restore are here', false, MISSING)], seen: {} };
  },
});
