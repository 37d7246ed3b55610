import type { DbOrTx, ServiceContext } from '@/lib/auth/context';
import type { EndingFacts } from '../model/ending';
import { isAtGallery } from './at-gallery';
import { isUntaken } from './count-sent';
import { readManifest, readRunManifest } from './read-provider';
import type { DeploymentRow } from './rows';
import { isOverlong } from './stands';

/** What the page's buttons go by, as it is at this moment. An unknown provider’s abilities stay assumed, as there. */
export async function readEnding(ctx: ServiceContext, db: DbOrTx, row: DeploymentRow): Promise<EndingFacts> {
  const manifest = await readManifest(ctx, row);
  const runs = manifest && (await readRunManifest(ctx, db, row));
  return {
    status: row.status,
    cancelRequestedBy: row.cancelRequestedByName,
    isAtGallery: await isAtGallery(db, row),
    isUntaken: await isUntaken(db, row),
    isOverlong: await isOverlong(db, row),
    ...(manifest ? { providerLabel: manifest.label } : {}),
    capabilities: { cancel: !runs || runs.capabilities.cancel !== undefined },
  };
}
