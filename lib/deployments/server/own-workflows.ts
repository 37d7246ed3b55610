import { sql } from 'drizzle-orm';
import type { Db } from '@/lib/db/client';
import { components, deployments, targets } from '@/lib/db/schema';

/**
 * File names of the workflows that are started from here in a repository: those of its targets, and of all targets with the
 * connection that asks, since it may go by two names; and those that deployed this commit.
 */
export async function ownWorkflows(
  db: Db,
  asked: { connectionId: string; repository: string; sha: string },
): Promise<ReadonlySet<string>> {
  const { connectionId, sha } = asked;
  const name = asked.repository.toLowerCase();
  // Commits are found by their components: that is the index that there is.
  const { rows } = await db.execute<{ workflow: string | null }>(sql`
    select config->>'workflow' as workflow from ${targets}
    where connection_id = ${connectionId} or lower(config->>'repository') = ${name}
    union
    select unnest(array[config->>'workflow', dispatch->'publish'->'by'->'config'->>'workflow']) from ${deployments}
    where component_id in (select id from ${components}) and sha = ${sha}`);
  return new Set(rows.flatMap(({ workflow }) => workflow ?? []));
}
