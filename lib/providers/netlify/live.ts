import type { LiveNow, ProviderContext } from '../port';
import { listDeploys, readSite } from './deploy';
import { heldBy, pageOf, shaOf } from './map';
import type { Deploy } from './schema';
import type { Place } from './target';
import { readTitle } from './title';

/** What is served now: the published deploy, or the newest ready one of the branch where the target is a branch deploy. */
export async function readLive(c: ProviderContext, place: Place): Promise<LiveNow | null> {
  const live = place.production ? (await readSite(c, place)).published_deploy : await newestOf(c, place);
  if (!live) return null;
  const marker = readTitle(live.title)?.marker ?? null;
  return {
    sha: shaOf(live),
    version: null,
    ref: { id: live.id, attempt: 1, url: pageOf(live) },
    marker,
    // Netlify's contract has no name for it.
    byName: marker ? null : 'somebody at Netlify',
    at: live.published_at ?? live.updated_at ?? live.created_at ?? null,
    held: place.production ? heldBy(live) : null,
  };
}

async function newestOf(c: ProviderContext, place: Place): Promise<Deploy | undefined> {
  const query = { branch: place.defaultRef, state: 'ready', per_page: '1' };
  return (await listDeploys(c, place, query))[0];
}
