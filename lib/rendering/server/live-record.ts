import { eq } from 'drizzle-orm';
import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { LoadedTarget } from '@/lib/deployments/server/rows';
import { ProviderError } from '@/lib/providers/port';
import { BUILD_RECORD_PATH } from '../model/build-record';
import { type Found, recordAddresses } from '../model/proof';
import { askRecord } from './ask-record';

/**
 * What the live build says of itself; null where it says nothing that can be read, or where what is found is of another
 * commit. Never throws for what the outside does wrong.
 */
export async function askLiveRecord(
  ctx: ServiceContext,
  { target }: LoadedTarget,
  open: OpenConnection | null,
): Promise<Extract<Found, { kind: 'record' }> | null> {
  const live = target.currentDeploymentId
    ? await ctx.db.query.deployments.findFirst({
        where: eq(deployments.id, target.currentDeploymentId),
        columns: { sha: true, remoteId: true },
      })
    : undefined;
  if (!live) return null;
  const addresses = target.probe
    ? recordAddresses(target.probe.url, BUILD_RECORD_PATH)
    : await hostedAddresses(open, target.config, live.remoteId);
  const found = await askRecord(ctx, addresses);
  return found.kind === 'record' && found.record.sha === live.sha ? found : null;
}

/** An address of the host that leads to this very build. */
async function hostedAddresses(
  open: OpenConnection | null,
  config: Record<string, unknown>,
  remoteId: string | null,
): Promise<string[]> {
  try {
    const hosted = (await open?.provider.methods.domains?.read(open.context, config)) ?? [];
    const own = hosted.find(({ ref, verified }) => verified && ref !== null && ref.id === remoteId);
    return own ? [`https://${own.name}${BUILD_RECORD_PATH}`] : [];
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}
