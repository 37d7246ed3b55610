import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { components, deployments, targets } from '@/lib/db/schema';

/**
 * File names of the workflows that are started from here, in whatever repository, since that may go by two names: those of all
 * targets, and those that deployed this commit, since a target may have been given another one.
 */
export async function ownWorkflows(db: Db, sha: string): Promise<ReadonlySet<string>> {
  const { rows } = await db.execute<{ workflow: string | null }>(sql`
    select config->>'workflow' as workflow from ${targets}
    union
    select config->>'workflow' from ${deployments}
    where component_id in (select id from ${components}) and sha = ${sha}
    union
    select dispatch->'publish'->'by'->'config'->>'workflow' from ${deployments}
    where component_id in (select id from ${components}) and sha = ${sha}`);
  return new Set(rows.flatMap(({ workflow }) => workflow ?? []));
}
