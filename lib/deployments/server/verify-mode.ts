import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { targets } from '@/lib/db/schema';
import { askRecord } from '@/lib/rendering/server/ask-record';
import { BUILD_RECORD_PATH } from '../../rendering/model/build-record';
import { judgeMode, type ModeVerdict, recordAddresses } from '../../rendering/model/proof';
import type { DeploymentRow } from './rows';

/** Whether what is live is built as was asked, as far as anybody can see from outside; null when nothing was asked. */
export async function verifyMode(ctx: ServiceContext, row: DeploymentRow): Promise<ModeVerdict | null> {
  if (row.rendering === null) return null;
  const addresses = await addressesOf(ctx, row);
  if (addresses.length > 0) return judgeMode(row.rendering, row.sha, await askRecord(ctx, addresses));
  const sentence = 'the target has no version address, and its host names none that leads to this build.';
  return judgeMode(row.rendering, row.sha, { kind: 'nowhere', sentence });
}

/** By the target's version address; else by an address of the host that leads to this very build. */
async function addressesOf(ctx: ServiceContext, row: DeploymentRow): Promise<string[]> {
  const [target] = await ctx.db.select({ probe: targets.probe }).from(targets).where(eq(targets.id, row.targetId));
  if (target?.probe) return recordAddresses(target.probe.url, BUILD_RECORD_PATH);
  try {
    const { provider, context } = await ctx.openConnection(row.connectionId);
    const hosted = (await provider.methods.domains?.read(context, row.config)) ?? [];
    const own = hosted.find(({ ref, verified }) => verified && ref !== null && ref.id === row.remoteId);
    return own ? [`https://${own.name}${BUILD_RECORD_PATH}`] : [];
  } catch {
    // The host was asked a moment ago whether it is done; what it does not say now stays unproved and is said so.
    return [];
  }
}
