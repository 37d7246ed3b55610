import { eq, inArray, sql } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { attempts, deployments, environments, extensionPublications } from '@/lib/db/schema';
import { lookThere } from '@/lib/publications/server/look-there';
import { stoodSince } from '@/lib/publications/server/move-publication';
import { standingThere } from '@/lib/publications/server/standing-there';
import { STATUS_VIEW } from '../model/status';
import { trackPlaced } from './publish';
import { type DeploymentRow, loadDeployment } from './rows';
import { asProviderError } from './trouble';

const AT_ONCE = 20;

/**
 * A workflow that was cancelled, failed or took too long may have published before its end, and a gallery hides what it
 * validates. So it is asked for a day, ever less often, until it shows the version. A later deployment of the same package
 * looks by itself, and what is known to be at the gallery is followed there already.
 */
const due = sql`
  select a.id from ${environments} e join ${deployments} d on d.environment_id = e.id join ${attempts} a on a.deployment_id = d.id
  where a.state = 'accepted' and d.dispatch #> '{publish,by}' is not null
    and d.status in ('cancelled', 'failed', 'timed_out', 'errored') and d.finished_at > now() - interval '1 day'
    and not exists (select 1 from ${extensionPublications} p
      where p.target_id = d.target_id and p.package_id = d.dispatch #>> '{publish,packageId}'
        and (p.deployment_id = d.id or p.state not in ('rejected', 'unlisted')))
    and not exists (select 1 from ${deployments} n where n.target_id = d.target_id and n.number > d.number
      and n.dispatch #>> '{publish,packageId}' = d.dispatch #>> '{publish,packageId}')
    and (a.sought_at is null or a.sought_at < now() - greatest(interval '1 minute', (now() - d.finished_at) / 4))
  order by a.sent_at limit ${AT_ONCE} for update of a skip locked`;

/** One statement claims what is due, so several instances share the work. Returns for how many the gallery was asked. */
export async function seekLatePublications(ctx: ServiceContext): Promise<number> {
  const claimed = await ctx.db
    .update(attempts)
    .set({ soughtAt: sql`now()` })
    .where(inArray(attempts.id, sql`(${due})`))
    .returning({ id: attempts.id, deploymentId: attempts.deploymentId });
  for (const { id, deploymentId } of claimed) {
    const row = await loadDeployment(ctx.db, deploymentId);
    if (row) await seek(ctx, row, id);
  }
  return claimed.length;
}

async function seek(ctx: ServiceContext, row: DeploymentRow, attemptId: string): Promise<void> {
  const { publish } = row.dispatch;
  if (!publish) return;
  try {
    const open = await ctx.openConnection(row.connectionId, 'reconcile');
    const seen = await stoodSince(ctx, { ...publish, targetId: row.targetId });
    const seenAs = await lookThere(ctx, open, row.config, publish);
    const { is, placed } = await standingThere(open, row.config, publish, { seenAs });
    if (is === 'other') await stopSeeking(ctx, attemptId);
    if (is === 'absent' || is === 'other') return;
    const ended = STATUS_VIEW[row.status].label.toLowerCase();
    const told = `It has the version, although the run of #${row.number} that publishes it had ended (${ended}).`;
    const sentence = placed.sentence ? `${told} ${placed.sentence}` : told;
    await trackPlaced(ctx, { provider: open.provider, row, publish }, { ...placed, sentence }, seen);
  } catch (error) {
    // A bug is thrown on; with trouble it is looked for again at its next time.
    asProviderError(error);
  }
}

/** The version has another content there for good, and its bytes need not be fetched again. */
async function stopSeeking({ db }: ServiceContext, attemptId: string): Promise<void> {
  await db.update(attempts).set({ soughtAt: sql`now() + interval '1 day'` }).where(eq(attempts.id, attemptId));
}
