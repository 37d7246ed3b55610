import { sql } from 'drizzle-orm';

/**
 * Where an event `e` happened: joins its deployment `d`, target `t`, freeze `f` and environment `env`, whichever it names.
 * The live feed and the notifications decide with this one whose roles and patterns reach it. No `env`: everywhere.
 */
export const EVENT_PLACE = sql`
    left join deployments d on d.id = e.deployment_id
    left join targets t on t.id = coalesce(e.target_id, d.target_id)
    left join freezes f on f.id = e.data->>'freezeId'
    left join environments env on env.id = coalesce(t.environment_id, f.environment_id, e.data->>'environmentId')`;
