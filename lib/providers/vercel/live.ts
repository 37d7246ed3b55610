import type { LiveNow, ProviderContext } from '../port';
import { call } from './client';
import { pageOf, readProject } from './deploy';
import { heldBy, iso, shaOf } from './map';
import { markerOf } from './marker';
import { deploymentsSchema } from './schema';
import { type Place, teamQuery } from './target';

/**
 * What is served now. Production is what the project says its domains lead to: after a roll-back that is no longer the
 * newest. A preview has no domains of its own, so there it is the newest of the target's branch that is ready.
 */
export async function readLive(c: ProviderContext, place: Place): Promise<LiveNow | null> {
  const project = await readProject(c, place);
  return place.production ? productionOf(project) : newestPreview(c, place, project.id);
}

function productionOf(project: Awaited<ReturnType<typeof readProject>>): LiveNow | null {
  const live = project.targets?.production;
  if (!live) return null;
  const meta = live.meta ?? {};
  return {
    sha: shaOf({ meta }),
    version: null,
    ref: { id: live.id, attempt: 1, url: pageOf(live) },
    marker: markerOf({ meta }),
    byName: live.creator?.username ?? null,
    at: iso(live.readyAt ?? live.createdAt),
    held: heldBy(project),
  };
}

async function newestPreview(c: ProviderContext, place: Place, projectId: string): Promise<LiveNow | null> {
  const ready = { projectId, state: 'READY', target: 'preview', limit: '1' };
  // Vercel builds every pull request, too.
  const query = { ...ready, branch: place.defaultRef, ...teamQuery(place) };
  const { deployments } = await call(
    c,
    { method: 'GET', path: '/v6/deployments', query, about: `project ${place.project}` },
    deploymentsSchema,
  );
  const newest = deployments[0];
  if (!newest) return null;
  return {
    sha: shaOf(newest),
    version: null,
    ref: { id: newest.uid, attempt: 1, url: pageOf(newest) },
    marker: markerOf(newest),
    byName: newest.creator?.username ?? null,
    at: iso(newest.ready ?? newest.created),
    held: null,
  };
}
