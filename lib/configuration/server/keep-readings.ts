import { sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { missingFor, takenIn } from '../model/judge';
import type { Gathered } from './gather';

/** What was read is good for so long. */
export const FRESH_HOURS = 6;
/** Of one target; the newest changes, so that what changed since a deployment is among them. */
const KEPT_SETTINGS = 500;

/**
 * Remembers for the doctor which names were missing, or why nobody could say, and for the matrix when each was changed. Where
 * something could not be read, what the last look found stays, beside the reason and the time of the try; an accident is no
 * reason while that look is fresh. A look counts from when it began, and never takes back what a newer one found.
 */
export async function keepReadings(ctx: ServiceContext, gathered: Gathered): Promise<void> {
  const rows = [...Map.groupBy(gathered.targets, ({ id }) => id)].map(([target, parts]) => {
    // A target that names its runtime is known when both were read; a refusal among accidents is the one to tell.
    const troubles = parts.map((part) => troubleOf(gathered, part)).filter(({ problem }) => problem !== null);
    const worst = troubles.find(({ passing }) => !passing) ?? troubles[0];
    return {
      ...{ target, passing: worst?.passing ?? false, problem: worst?.problem?.slice(0, 500) ?? null },
      ...keptOf(gathered, parts),
    };
  });
  if (rows.length === 0) return;
  await ctx.db.execute(sql`
    insert into configuration_readings (target_id, missing, settings, problem, read_at)
    select r.target, case when r.problem is null then r.missing else '[]'::jsonb end,
      case when r.problem is null then r.settings else '[]'::jsonb end, r.problem, case when r.problem is null then ${gathered.beganAt}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(target text, missing jsonb, settings jsonb, problem text, passing boolean)
    join targets t on t.id = r.target left join configuration_readings k on k.target_id = t.id
    where not (r.passing and coalesce(k.read_at > now() - make_interval(hours => ${FRESH_HOURS}), false)) order by 1
    on conflict (target_id) do update set problem = excluded.problem, tried_at = now(),
      read_at = coalesce(excluded.read_at, configuration_readings.read_at),
      missing = case when excluded.problem is null then excluded.missing else configuration_readings.missing end,
      settings = case when excluded.problem is null then excluded.settings else configuration_readings.settings end
    where configuration_readings.read_at is null or configuration_readings.read_at <= ${gathered.beganAt}::timestamptz`);
}

/** What is remembered of all that is read of one target. */
export function keptOf(gathered: Gathered, parts: Gathered['targets']) {
  return {
    missing: parts.flatMap((part) => [...missingFor(gathered, part), ...notInPlan(gathered, part)]),
    settings: parts.flatMap((part) => takenIn(gathered, part)).slice(0, KEPT_SETTINGS),
  };
}

/** Places that the provider does not show for its plan, each with its sentence. */
function notInPlan(
  { places }: Gathered,
  target: Gathered['targets'][0],
): { kind: 'place'; name: string; plan: string }[] {
  return target.places.flatMap((key) => {
    const { label = '', notInPlan: plan } = places.get(key)?.place ?? {};
    return plan ? [{ kind: 'place' as const, name: label, plan }] : [];
  });
}

/** A provider that never tells what a build reads, a workflow that takes all there is, or a plan that stays as it is, is no trouble. */
function troubleOf({ places }: Gathered, target: Gathered['targets'][0]): { problem: string | null; passing: boolean } {
  if (target.problem !== null) return { problem: target.problem, passing: target.passing ?? false };
  const unread = target.places
    .map((key) => places.get(key))
    .filter((each) => each?.entries === null && !each.place.notInPlan);
  // A refusal among accidents is the one to tell.
  const worst = unread.find((place) => !place?.passing) ?? unread[0];
  if (!worst) return { problem: null, passing: false };
  return { problem: worst.problem ?? `${worst.place.label} could not be read.`, passing: worst.passing ?? false };
}
