import { sql } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { deployments, extensionPublications, unpublishAsks } from '@/lib/db/schema';
import { samePlaces } from './same-extension';

interface About {
  deploymentId: string;
  packageId: string;
  targetId: string;
  /** publisher.name */
  extension: string;
}

/**
 * What was taken away from the gallery, through whichever of its targets, after this deployment was asked for: this version,
 * or the whole extension (also where it is not known whether that was done). Whoever asked for it did not know of that.
 */
export async function withdrawnSince(db: DbOrTx, about: About): Promise<'version' | 'extension' | null> {
  const { deploymentId, packageId, targetId, extension } = about;
  const places = samePlaces({ targetId, extension });
  const { rows } = await db.execute<{ version: boolean; extension: boolean }>(sql`
    select exists (select 1 from ${extensionPublications} p where p.package_id = ${packageId}
        and p.target_id in ${places} and p.state = 'unlisted' and p.since > d.requested_at) as version,
      exists (select 1 from ${unpublishAsks} a where a.target_id in ${places}
        and lower(a.extension) = ${extension.toLowerCase()} and a.begun_at > d.requested_at) as extension
    from ${deployments} d where d.id = ${deploymentId}`);
  if (rows[0]?.extension) return 'extension';
  return rows[0]?.version ? 'version' : null;
}
