import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { targets } from '@/lib/db/schema';
import type { Refusal } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { olderThanServed } from '../model/promotion';
import { servesOther } from './again-there';
import { goesBack } from './hold';
import { type DeploymentRow, loadDeployment } from './rows';
import { isAsked, overtakenThere } from './served-age';
import { movedOn } from './still-live';
import { asProviderError } from './trouble';

/** `older_than_live`: something newer went live at the host while it waited. Nothing has been sent. */
export class Overtaken extends Error {
  constructor(
    readonly refusal: Refusal,
    /** Of ours, on whichever target; null where nobody here put it there. */
    readonly byDeploymentId: string | null,
  ) {
    super(refusal.sentence);
  }
}

/**
 * Just before the one request: the host serves nothing newer than this commit. It was asked at the press already, but what
 * waited for approvals or its turn may have waited for days. Nothing has been sent when this throws: `Overtaken`, which has
 * it superseded, or that the host could not be asked, which delays it, whatever the reason.
 */
export async function requireStillNewest(ctx: ServiceContext, open: OpenConnection, row: DeploymentRow): Promise<void> {
  if (row.dispatch.publish || (await goesBack(ctx.db, row))) return;
  const [target] = await ctx.db
    .select({ currentDeploymentId: targets.currentDeploymentId })
    .from(targets)
    .where(eq(targets.id, row.targetId));
  const { config, connectionId, sha } = row;
  const place = { config, connectionId, currentDeploymentId: target?.currentDeploymentId ?? null };
  // Our own books are there to be read, whether its host can be asked or not.
  const again = repeatedLive(row);
  if (again !== null && place.currentDeploymentId !== again) {
    const { code, sentence } = movedOn();
    throw new Overtaken({ code, sentence }, place.currentDeploymentId);
  }
  if (!isAsked(open, row.config)) return;
  const { label } = open.provider.manifest;
  try {
    const overtaken = await overtakenThere(ctx.db, open, place, sha);
    if (overtaken) throw new Overtaken(olderThanServed(label, sha, overtaken.sha), overtaken.deploymentId);
    if (again !== null) await requireStillServed(ctx, open, again, place);
  } catch (error) {
    if (error instanceof Overtaken) throw error;
    const { kind, code, message, retryAfterMs } = asProviderError(error);
    const sentence = `${label} could not be asked what it serves, so nothing was started: ${message}`;
    // A credential that is being replaced, say: nothing was sent, so it is tried again, and never ended by this.
    throw new ProviderError(kind === 'rateLimited' ? kind : 'unavailable', code, sentence, { retryAfterMs });
  }
}

type Place = Parameters<typeof overtakenThere>[2];

/** Which deployment it was asked for to repeat as what is live; null for any other. */
function repeatedLive({ dispatch, kind, sourceDeploymentId }: DeploymentRow): string | null {
  return dispatch.whileLive && kind === 'deploy' ? sourceDeploymentId : null;
}

/** What was live when it was asked for may have been gone back from since, here or at the host: that is not undone by it. */
async function requireStillServed(
  ctx: ServiceContext,
  open: OpenConnection,
  again: string,
  { config, connectionId, currentDeploymentId }: Place,
): Promise<void> {
  const source = await loadDeployment(ctx.db, again);
  const loaded = { target: { config, currentDeploymentId }, connection: { id: connectionId } };
  const refusal = source && (await servesOther({ db: ctx.db, open, loaded, row: source, whileLive: true }));
  if (refusal) throw new Overtaken(refusal, null);
}
