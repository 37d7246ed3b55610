import 'server-only';
import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import type { Db, DbOrTx } from '@/lib/db/client';
import { healthSamples, targets } from '@/lib/db/schema';
import { ProviderError } from '@/lib/providers/port';
import type { Probe } from '@/lib/targets/model/probe';
import { askProbe } from '@/lib/targets/server/ask-probe';
import type { Span } from '../model/series';
import { PROBE_SECONDS } from '../model/verdict-rules';
import type { VerdictView } from '../model/verdict-view';

const HOUR_SECONDS = 3_600;
/** Single samples are kept for so long, then summed up by the hour. */
const KEEP_HOURS = 48;
const KEEP_DAYS = 90;
const WITHIN_MS = 8_000;
const AT_ONCE = 8;

interface Claimed {
  target_id: string;
  at: Date;
  url: string;
  probe: Probe | null;
}

/**
 * One sample of every watched target in this slot, whoever of several instances comes first. A few are claimed at a time, so
 * that each is taken close to its slot's start; what a slot has no time for is the next one's. Returns how many it took.
 */
export async function probeDue(ctx: ServiceContext): Promise<number> {
  const until = performance.now() + PROBE_SECONDS * 1_000;
  let taken = 0;
  for (let due = await claim(ctx); due.length > 0; due = await claim(ctx)) {
    await Promise.all(due.map((each) => sample(ctx, each)));
    taken += due.length;
    if (performance.now() > until) break;
  }
  return taken;
}

/** In no order: with more slow addresses than a slot has time for, it is not always the same ones that go without. */
async function claim(ctx: ServiceContext): Promise<Claimed[]> {
  const slot = sql`to_timestamp(floor(extract(epoch from now()) / ${PROBE_SECONDS}) * ${PROBE_SECONDS})`;
  const { rows } = await ctx.db.execute<Claimed & Record<string, unknown>>(sql`
    with claimed as (
      insert into ${healthSamples} (target_id, width, at)
      select id, ${PROBE_SECONDS}, ${slot} from ${targets} w
      where health->>'watchUrl' is not null and not exists (
        select from ${healthSamples} h where h.target_id = w.id and h.width = ${PROBE_SECONDS} and h.at = ${slot})
      order by random() limit ${AT_ONCE}
      on conflict do nothing returning target_id, at)
    select claimed.target_id, claimed.at, t.health->>'watchUrl' as url, t.probe
    from claimed join ${targets} t on t.id = claimed.target_id`);
  return rows;
}

/** Up = an answer below 400 in time. The version is read where the target says how; it is a courtesy, not the sample. Our own trouble is a gap. */
async function sample(ctx: ServiceContext, { target_id, at, url, probe }: Claimed): Promise<void> {
  const [{ ok, status, ms, ours }, says] = await Promise.all([
    askWatched(ctx, url),
    probe ? askProbe(ctx, probe) : Promise.resolve(null),
  ]);
  if (ours !== null) return;
  const version = says?.kind === 'says' ? says.value : null;
  await ctx.db.execute(sql`
    update ${healthSamples} set ok = ${ok ? 1 : 0}, failed = ${ok ? 0 : 1}, ms = ${ok ? ms : 0}, status = ${status},
      version = ${version}
    where target_id = ${target_id} and width = ${PROBE_SECONDS} and at = ${new Date(at)}`);
}

interface Answer {
  ok: boolean;
  status: number | null;
  ms: number;
  /** Why it was not asked at all, which is no outage of it. */
  ours: { sentence: string; refused: boolean } | null;
}

/** Asks a watched address once. A redirect is an answer, and is not followed. */
export async function askWatched(ctx: Pick<ServiceContext, 'fetchOutside'>, url: string): Promise<Answer> {
  const began = performance.now();
  try {
    const answer = await ctx.fetchOutside(url, {
      headers: { 'cache-control': 'no-cache' },
      redirect: 'manual',
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    const ms = performance.now() - began;
    await answer.body?.cancel().catch(() => undefined);
    return { ok: answer.status < 400, status: answer.status, ms, ours: null };
  } catch (error) {
    const refused = error instanceof ProviderError && error.kind === 'rejected';
    const isOurs = refused || (error instanceof ProviderError && error.code === 'no_network');
    return { ok: false, status: null, ms: 0, ours: isOurs ? { sentence: error.message, refused } : null };
  }
}

/** Single samples become sums of an hour, in one statement; sums are kept for 90 days. Returns how many were summed up. */
export async function pruneSamples(db: Db): Promise<number> {
  await db.execute(sql`delete from ${healthSamples}
    where width = ${HOUR_SECONDS} and at < now() - make_interval(days => ${KEEP_DAYS})`);
  const { rows } = await db.execute<{ count: number }>(sql`
    with old as (
      delete from ${healthSamples} where width = ${PROBE_SECONDS} and at < now() - make_interval(hours => ${KEEP_HOURS})
      returning target_id, at, ok, failed, ms, status, version),
    summed as (
      insert into ${healthSamples} (target_id, width, at, ok, failed, ms, status, version)
      select target_id, ${HOUR_SECONDS}::int, to_timestamp(floor(extract(epoch from at) / ${HOUR_SECONDS}) * ${HOUR_SECONDS}),
        sum(ok), sum(failed), sum(ms), (array_agg(status order by at desc))[1], (array_agg(version order by at desc))[1]
      from old group by 1, 2, 3
      on conflict (target_id, width, at) do update set ok = ${healthSamples}.ok + excluded.ok,
        failed = ${healthSamples}.failed + excluded.failed, ms = ${healthSamples}.ms + excluded.ms,
        status = excluded.status, version = excluded.version)
    select count(*)::int as count from old`);
  return rows[0]?.count ?? 0;
}

export interface Sample {
  /** Epoch milliseconds: start of the slot. */
  at: number;
  ok: number;
  failed: number;
  /** Sum over those that answered. */
  ms: number;
  /** Width of the slot, in seconds. */
  width: number;
}

/** Slots of a span in the order of time: single ones where they are still kept, else hours. */
export async function readSamples(db: DbOrTx, targetId: string, { from, to }: Span): Promise<Sample[]> {
  const { rows } = await db.execute<Sample & Record<string, unknown>>(sql`
    select (extract(epoch from at) * 1000)::float8 as at, ok, failed, ms, width from ${healthSamples}
    where target_id = ${targetId} and width in (${PROBE_SECONDS}, ${HOUR_SECONDS}) and ok + failed > 0
      and at >= to_timestamp(${from / 1000}) and at < to_timestamp(${to / 1000}) order by at`);
  return rows.map(({ at, ok, failed, ms, width }) => ({ at: Number(at), ok, failed, ms, width }));
}

/** The newest single probe since then, and the newest that failed; null where none is kept. */
export async function readProbes(db: DbOrTx, targetId: string, since: Date): Promise<VerdictView['probes']> {
  const { rows } = await db.execute<{ at: Date; status: number | null; version: string | null; failed: number }>(sql`
    select at, status, version, failed from (
      select *, row_number() over (partition by failed > 0 order by at desc) as nth from ${healthSamples}
      where target_id = ${targetId} and width = ${PROBE_SECONDS} and ok + failed > 0 and at >= ${since}) probed
    where nth = 1 order by at desc`);
  const told = rows.map(({ at, status, version, failed }) => ({
    probed: { at: new Date(at).toISOString(), status, version },
    isFailed: failed > 0,
  }));
  const [last] = told;
  return last ? { last: last.probed, failed: told.find(({ isFailed }) => isFailed)?.probed ?? null } : null;
}
