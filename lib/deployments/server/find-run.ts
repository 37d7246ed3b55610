import { and, asc, eq, inArray } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { findRerun } from './find-rerun';
import type { DeploymentRow } from './rows';
import { findServed } from './serve';

/** Whether a look-up that finds nothing says anything: by the marker in the run's name, by a re-run's number, or by what is served. */
export function canFind(row: DeploymentRow): boolean {
  return row.dispatch.findable || row.kind === 'retry' || row.dispatch.serve !== undefined;
}

/** Every attempt's marker is looked for: an earlier one may surface late. */
export async function findRun(
  ctx: ServiceContext,
  row: DeploymentRow,
): Promise<{ attemptId: string; ref: RemoteRef } | null> {
  const connection = await ctx.openConnection(row.connectionId);
  const { provider, context } = connection;
  const open = await ctx.db
    .select()
    .from(attempts)
    .where(and(eq(attempts.deploymentId, row.id), inArray(attempts.state, ['unknown', 'absent'])))
    .orderBy(asc(attempts.number));
  for (const attempt of open) {
    const ref = row.dispatch.serve
      ? await findServed(connection, row, row.dispatch.serve)
      : row.kind === 'retry'
        ? await findRerun(connection, row)
        : await capability(provider, 'deploy').findByMarker(
            context,
            row.config,
            attempt.marker,
            attempt.sentAt.getTime(),
          );
    if (ref) return { attemptId: attempt.id, ref };
  }
  return null;
}
