import { and, eq, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { capability } from '@/lib/providers/port';
import { accept, isOneTooMany } from './accept';
import type { DeploymentRow } from './rows';
import { callOff } from './second-run';
import { starterOf } from './starter';
import { asProviderError } from './trouble';

/** Every ten seconds at first; a process that slept for an hour is found within the next six minutes. */
const DUE = sql`(sought_at is null or sought_at < now() - greatest(interval '10 seconds', (now() - sent_at) / 10))`;

/**
 * Absence was proven as far as the provider tells, and another request was sent. Should the first one have started a run
 * all the same (a list that was later than it may be, a process that slept and died), it is found here while the other
 * runs, and called off. Asked for ever less, and within the connection's budget: otherwise many that were sent more than
 * once would use up what the looks at their runs need.
 */
export async function callOffStrays(ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  if (row.kind === 'retry' || !row.dispatch.findable) return;
  const absent = await ctx.db
    .select()
    .from(attempts)
    .where(and(eq(attempts.deploymentId, row.id), eq(attempts.state, 'absent'), DUE));
  if (absent.length === 0) return;
  try {
    const { open, config } = await starterOf(ctx, row, 'watch');
    const { findByMarker } = capability(open.provider, 'deploy');
    for (const attempt of absent) {
      await ctx.db.update(attempts).set({ soughtAt: sql`now()` }).where(eq(attempts.id, attempt.id));
      const stray = await findByMarker(open.context, config, attempt.marker, attempt.sentAt.getTime());
      if (stray && isOneTooMany(await accept(ctx, row.id, attempt.id, stray))) await callOff(ctx, row, stray);
    }
  } catch (error) {
    // The next look asks again; the run itself is looked at in any case. A bug is thrown on.
    asProviderError(error);
  }
}
