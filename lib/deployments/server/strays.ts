import { and, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts } from '@/lib/db/schema';
import { capability } from '@/lib/providers/port';
import { accept, isOneTooMany } from './accept';
import type { DeploymentRow } from './rows';
import { callOff } from './second-run';
import { starterOf } from './starter';
import { asProviderError } from './trouble';

/**
 * Absence was proven as far as the provider tells, and another request was sent. Should the first one have started a run
 * all the same (a list that was later than it may be, a process that slept and died), it is found here while the other
 * runs, and called off. Costs a request only for a deployment that was sent more than once.
 */
export async function callOffStrays(ctx: ServiceContext, row: DeploymentRow): Promise<void> {
  if (row.kind === 'retry' || !row.dispatch.findable) return;
  const absent = await ctx.db
    .select()
    .from(attempts)
    .where(and(eq(attempts.deploymentId, row.id), eq(attempts.state, 'absent')));
  if (absent.length === 0) return;
  try {
    const { open, config } = await starterOf(ctx, row);
    const { findByMarker } = capability(open.provider, 'deploy');
    for (const attempt of absent) {
      const stray = await findByMarker(open.context, config, attempt.marker, attempt.sentAt.getTime());
      if (stray && isOneTooMany(await accept(ctx, row.id, attempt.id, stray))) await callOff(ctx, row, stray);
    }
  } catch (error) {
    // The next look asks again; the run itself is looked at in any case. A bug is thrown on.
    asProviderError(error);
  }
}
