import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { LoadedTarget } from '@/lib/deployments/server/rows';
import { ProviderError } from '@/lib/providers/port';
import { BUILD_RECORD_PATH } from '../model/build-record';
import { type Found, recordAddresses } from '../model/proof';
import { askRecord } from './ask-record';

/** What is live says of itself; null where it says nothing that can be read. Never throws for what the outside does wrong. */
export async function askLiveRecord(
  ctx: ServiceContext,
  { target }: LoadedTarget,
  open: OpenConnection | null,
): Promise<Extract<Found, { kind: 'record' }> | null> {
  const addresses = target.probe
    ? recordAddresses(target.probe.url, BUILD_RECORD_PATH)
    : await hostedAddresses(open, target.config);
  const found = await askRecord(ctx, addresses);
  return found.kind === 'record' ? found : null;
}

async function hostedAddresses(open: OpenConnection | null, config: Record<string, unknown>): Promise<string[]> {
  try {
    const hosted = (await open?.provider.methods.domains?.read(open.context, config)) ?? [];
    const own = hosted.find(({ ref, verified }) => verified && ref !== null);
    return own ? [`https://${own.name}${BUILD_RECORD_PATH}`] : [];
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}
