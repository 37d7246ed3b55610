import { and, asc, eq, inArray } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { capability, type RemoteRef } from '@/lib/providers/port';
import { buildsNothing } from '../model/dispatch';
import { findRerun } from './find-rerun';
import { findPublished } from './publish';
import type { DeploymentRow } from './rows';
import { findServed } from './serve';
import { starterOf } from './starter';

/** Whether a look-up that finds nothing says anything: by the marker in the run's name, by a re-run's number, or by what is there. */
export function canFind(row: DeploymentRow): boolean {
  if (row.dispatch.publish?.by) return row.dispatch.findable;
  return row.dispatch.findable || row.kind === 'retry' || buildsNothing(row.dispatch);
}

/** What builds nothing has no marker: the host or the gallery is asked. Null = it is another kind of deployment. */
export async function findThere(open: OpenConnection, row: DeploymentRow): Promise<{ ref: RemoteRef | null } | null> {
  const { serve, publish } = row.dispatch;
  if (serve) return { ref: await findServed(open, row, serve) };
  return publish && !publish.by ? { ref: await findPublished(open, row, publish) } : null;
}

/** Every attempt's marker is looked for: an earlier one may surface late. */
export async function findRun(
  ctx: ServiceContext,
  row: DeploymentRow,
): Promise<{ attemptId: string; ref: RemoteRef } | null> {
  const connection = await ctx.openConnection(row.connectionId);
  const { open: starter, config } = await starterOf(ctx, row);
  const open = await ctx.db
    .select()
    .from(attempts)
    .where(and(eq(attempts.deploymentId, row.id), inArray(attempts.state, ['unknown', 'absent'])))
    .orderBy(asc(attempts.number));
  for (const attempt of open) {
    const there = await findThere(connection, row);
    const ref = there
      ? there.ref
      : row.kind === 'retry'
        ? await findRerun(connection, row)
        : await capability(starter.provider, 'deploy').findByMarker(
            starter.context,
            config,
            attempt.marker,
            attempt.sentAt.getTime(),
          );
    if (ref) return { attemptId: attempt.id, ref };
  }
  return null;
}
