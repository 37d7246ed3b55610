import { type SQL, sql } from 'drizzle-orm';

/** What went live while no worker was awake is still judged: its source may have measured on. */
const LATE_HOURS = 6;

/** When the provider was done with it. `d`: the deployment's table or alias. */
export const doneAt = (d: SQL) => sql`coalesce(${d}.provider_done_at, ${d}.finished_at)`;

/**
 * From when on users had it: from when its version address showed it, where it has one. Until then the version before
 * answered, however long the provider had been done.
 */
export const liveAt = (d: SQL) =>
  sql`case when ${d}.evidence->'probe' is not null then ${d}.finished_at else ${doneAt(d)} end`;

/** Length of a window. `health`: the target's settings. */
export const windowOf = (health: SQL) => sql`make_interval(mins => (${health}->'rules'->>'windowMinutes')::int)`;

/** From when on no verdict is begun any more; null where nothing is measured. */
export const tooLateAt = (health: SQL, d: SQL) =>
  sql`(greatest(${liveAt(d)}, ${d}.finished_at) + ${windowOf(health)} + make_interval(hours => ${LATE_HOURS}))`;
