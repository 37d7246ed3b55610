import { auditSigner } from '@/lib/audit/server';
import { verifyChain } from '@/lib/audit/server/verify';
import { readMarker } from '@/lib/deployments/model/marker';
import { readHistory, type Verdict } from './checker/history';
import { checkAll } from './checker/invariants';
import type { Lab } from './lab/lab';
import type { TrueRun } from './lab/vendors';
import type { World, WorldOptions } from './lab/world';

export type Promised = `P${number}`;

/** What an experiment saw, beside the promises that it is about: one short sentence with figures each. */
export type Seen = Partial<Record<Promised, string>>;

export interface Outcome {
  verdicts: Verdict[];
  seen: Seen;
}

export interface Stage {
  lab: Lab;
  say(line: string): void;
}

export interface Experiment<Size extends object = object> {
  name: string;
  promises: readonly Promised[];
  /** It takes Postgres away or measures time, so nothing else runs meanwhile. */
  alone?: boolean;
  /** Null: not part of the short run, because a busy machine would decide it or tests of `npm test` show the same. */
  short: Size | null;
  full: Size;
  title(size: Size): string;
  run(stage: Stage, size: Size): Promise<Outcome>;
}

/** Keeps the size's own type inside an experiment and forgets it outside. */
export function experiment<Size extends object>(each: Experiment<Size>): Experiment {
  return each as unknown as Experiment;
}

export function verdict(name: string, passed: boolean, detail: string | number): Verdict {
  return { name, passed, detail: String(detail) };
}

/**
 * All invariants over what provider, senders, database and audit say now. `counts` leaves out runs that were called off;
 * `done`: what was done, where the runs of the providers are not all of it.
 */
export async function judge(
  world: World,
  more: { acknowledged?: string[]; counts?: (run: TrueRun) => boolean; done?: TrueRun[] } = {},
): Promise<Verdict[]> {
  const { acknowledged = [], counts = () => true } = more;
  const runs = (more.done ?? (await world.truth())).filter(counts);
  const { settleSeconds } = world;
  const { db } = world.runtime.database;
  const chain = await verifyChain(db, { keys: auditSigner().keys, anchorFile: null, requireHead: false });
  const auditChain = { whole: chain.broken === null, detail: chain.broken?.sentence ?? `of ${chain.lines} whole` };
  return checkAll(await readHistory(db, { runs, acknowledged, settleSeconds, auditChain }));
}

/** Every deployment ended as `succeeded`, or a person is asked about it: the only other honest end of a lost answer. */
export async function allSucceeded(world: World, expected: number): Promise<Verdict> {
  const { rows } = await world.runtime.database.pool.query<{ status: string; n: number }>(
    `select case when attention is null then status else 'asked about' end as status, count(*)::int as n
     from deployments group by 1 order by 1`,
  );
  const asked = rows.find((row) => row.status === 'asked about')?.n ?? 0;
  const good = (rows.find((row) => row.status === 'succeeded')?.n ?? 0) + asked;
  const all = rows.reduce((sum, row) => sum + row.n, 0);
  const detail = rows.map((row) => `${row.n} ${row.status}`).join(', ');
  return verdict('everything succeeded or is asked about', good === expected && all === expected, detail);
}

/** Runs of the provider by marker, and those that exist more than once for one deployment. */
export async function runCount(
  world: World,
  done?: TrueRun[],
): Promise<{ runs: number; doubled: number; lost: number }> {
  const runs = done ?? (await world.truth());
  const owners = runs.map((run) => readMarker(run.marker)?.deploymentId ?? '');
  const started = new Set(owners);
  // Of those that a person is asked about nobody says that they ran.
  const { rows } = await world.runtime.database.pool.query<{ id: string }>(
    "select id from deployments where attention is null and status not in ('superseded', 'rejected', 'cancelled')",
  );
  return {
    runs: runs.length,
    doubled: owners.length - started.size,
    lost: rows.filter(({ id }) => !started.has(id)).length,
  };
}

export function zeroZero({ doubled, lost }: { doubled: number; lost: number }): string {
  return `${lost} lost, ${doubled} doubled`;
}

/** A world for as long as `use` takes. */
export async function inWorld<T>(lab: Lab, options: WorldOptions, use: (world: World) => Promise<T>): Promise<T> {
  const world = await lab.world(options);
  try {
    return await use(world);
  } finally {
    await world.close();
  }
}
