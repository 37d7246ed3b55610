import { type ProviderContext, ProviderError } from '../port';
import { call } from './client';
import { type Container, type Revision, revisionSchema, revisionsSchema, type Service, serviceSchema } from './schema';
import { labelOf, pathOf, type Store } from './target';

const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const PAGE = 100;

export const aboutOf = ({ service, region, project }: Store) => ({ about: `service ${service} in ${region}`, project });

export function readService(c: ProviderContext, store: Store): Promise<Service> {
  return call(c, { method: 'GET', path: pathOf(store), ...aboutOf(store) }, serviceSchema);
}

/** The container that is meant, by its name, or the one that takes the requests. Throws `ProviderError`. */
export function containerOf(containers: readonly Container[] = [], store: Store): Container {
  const takesRequests = containers.length === 1 ? containers[0] : containers.find(({ ports }) => ports?.length);
  const found = store.container === null ? takesRequests : containers.find(({ name }) => name === store.container);
  if (found) return found;
  const names = containers.flatMap(({ name }) => name ?? []).join(', ');
  const sentence = `${labelOf(store)} is no container of that service${names ? `, which has ${names}` : ''}. Name one of them in the settings.`;
  throw new ProviderError('notFound', 'no_container', sentence);
}

/** The last part of a name such as `projects/…/revisions/backend-00007-abc`. */
const shortName = (name: string) => name.split('/').at(-1) ?? '';

/** The revision that answers most of the requests now; null where none ever became ready. */
export function servingOf({ trafficStatuses = [], traffic = [], latestReadyRevision }: Service): string | null {
  const latest = shortName(latestReadyRevision ?? '');
  const shares = new Map<string, number>();
  for (const { type, revision, percent = 0 } of trafficStatuses.length > 0 ? trafficStatuses : traffic) {
    const name = type === LATEST || !revision ? latest : shortName(revision);
    shares.set(name, (shares.get(name) ?? 0) + percent);
  }
  const [most] = [...shares].sort(([a, x], [b, y]) => y - x || Number(b === latest) - Number(a === latest));
  return (most && most[1] > 0 ? most[0] : latest) || null;
}

/** Whether what is written goes live by itself: all requests go to whichever revision is the newest. */
export function followsLatest({ traffic = [] }: Service): boolean {
  return traffic.every(({ type, percent = 0 }) => percent === 0 || type === LATEST);
}

/**
 * Why what was asked for last is not what serves; null when it is. The last asked for is what the next change starts from,
 * with its code and everybody's variables.
 */
export function notSettled(service: Service, { service: name, region, project }: Store): string | null {
  const created = shortName(service.latestCreatedRevision ?? '');
  const newest = created
    ? `The newest revision of ${name} (${created})`
    : `${name} has no revision yet, and what was asked for`;
  if (service.reconciling)
    return `${newest} is on its way and does not serve yet. Shown is what serves; wait until Cloud Run is done, then look again.`;
  if (created && created === shortName(service.latestReadyRevision ?? '') && created === servingOf(service))
    return null;
  return `${newest} does not serve, and the next change would start from it, with its code and its variables. Shown is what serves. Deploy once more, or put right what keeps it from starting: gcloud run services update ${name} --update-env-vars=<NAME>=<value> --region=${region} --project=${project}.`;
}

/** A revision and those before it, newest first; `whole` when nothing older is left out. */
export interface Lineage {
  revisions: Revision[];
  whole: boolean;
}

/** Costs one request, two where the revision is older than a page of them. */
export async function lineageOf(c: ProviderContext, store: Store, name: string): Promise<Lineage> {
  const query = {
    pageSize: String(PAGE),
    fields: 'revisions(name,createTime,containers(name,image,ports,env)),nextPageToken',
  };
  const path = `${pathOf(store)}/revisions`;
  // Sorted by their making, newest first: the API's own description says so.
  const page = await call(c, { method: 'GET', path, query, ...aboutOf(store) }, revisionsSchema);
  const { revisions = [], nextPageToken } = page;
  const at = revisions.findIndex((each) => shortName(each.name) === name);
  if (at >= 0) return { revisions: revisions.slice(at), whole: !nextPageToken };
  return { revisions: [await readRevision(c, store, name)], whole: false };
}

export function readRevision(c: ProviderContext, store: Store, name: string): Promise<Revision> {
  const path = `${pathOf(store)}/revisions/${encodeURIComponent(shortName(name))}`;
  const { service, region, project } = store;
  const about = `revision ${shortName(name)} of ${service} in ${region}`;
  return call(c, { method: 'GET', path, about, project }, revisionSchema);
}
