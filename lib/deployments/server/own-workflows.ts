import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { deployments, targets } from '@/lib/db/schema';

/**
 * File names of the workflows that are started from here in a repository: those of its targets, and those that deployed this
 * commit, since a target may have been given another one.
 */
export async function ownWorkflows(db: Db, repository: string, sha: string): Promise<ReadonlySet<string>> {
  const name = repository.toLowerCase();
  const { rows } = await db.execute<{ workflow: string | null }>(sql`
    with here as (
      select component_id, config->>'workflow' as workflow from ${targets} where lower(config->>'repository') = ${name})
    select workflow from here
    union
    select config->>'workflow' from ${deployments}
    where component_id in (select component_id from here) and sha = ${sha} and lower(config->>'repository') = ${name}
    union
    select dispatch->'publish'->'by'->'config'->>'workflow' from ${deployments}
    where component_id in (select component_id from here) and sha = ${sha}`);
  return new Set(rows.flatMap(({ workflow }) => workflow ?? []));
}
