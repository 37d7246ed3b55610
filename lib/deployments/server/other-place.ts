import type { Actor } from '@/lib/auth/actor';
import { isPermitted } from '@/lib/auth/require';
import type { AnyProvider } from '@/lib/providers/port';
import { placeIn } from '@/lib/targets/server/own-place';
import { type Known, type KnownTarget, repositoryOf } from './known-targets';
import type { DeploymentRow } from './rows';

type Sent = Pick<DeploymentRow, 'environmentId' | 'config'>;

/** What a deployment goes to, or by, and how a target's settings of now say the same. */
interface Place {
  /** As in “its settings send it …”. */
  way: string;
  isNamedBy(each: KnownTarget): boolean;
  isOwn(each: KnownTarget): boolean;
}

/**
 * Why settings, of before perhaps, go to a place that serves one release, or by a workflow's file, which by now a target of
 * another environment names (for the place: or of another component) and none of its own; null where they do not. Another
 * environment is named to a `reader` who may see it; null = it is kept for whoever reads the deployment.
 */
export function otherPlace(
  known: Known,
  sent: Sent,
  { methods }: AnyProvider,
  reader: Actor | null = null,
): string | null {
  const { itself, server, atServer } = known;
  if (!itself || !server) return null;
  const places = [placeOf(server, sent, itself), ...(methods.workflows ? filesOf(sent, itself, atServer) : [])];
  for (const place of places) {
    const named = place ? atServer.filter((each) => place.isNamedBy(each)) : [];
    const [taken] = named;
    if (!place || !taken || named.some((each) => place.isOwn(each))) continue;
    return `This target is ${shownTo(reader, known, itself)}, and its settings of then send it ${place.way}, which by now a target of ${shownTo(reader, known, taken)} names, and none of its own.`;
  }
  return null;
}

/** Whoever reads of a target sees its own environment. */
export function shownTo(reader: Actor | null, { environments, itself }: Known, { id, component }: KnownTarget): string {
  const environment = environments.find((each) => each.id === id);
  const isSeen =
    id === itself?.id ||
    (reader !== null && reader.kind !== 'system' && isPermitted(reader, 'deployment.read', environment?.slug ?? null));
  return isSeen && environment ? `${component} in ${environment.name}` : 'another environment';
}

function placeOf(server: KnownTarget['connection'], { environmentId, config }: Sent, itself: KnownTarget) {
  const place = placeIn(server, config);
  return (
    place && {
      way: `to ${place.is}`,
      isNamedBy: (each: KnownTarget) => placeIn(each.connection, each.config)?.key === place.key,
      isOwn: ({ id, componentId }: KnownTarget) => id === environmentId && componentId === itself.componentId,
    }
  );
}

/** In the repository as it was called then and, where nobody of the own environment goes by that one, as it is called now. */
function filesOf({ environmentId, config }: Sent, itself: KnownTarget, all: readonly KnownTarget[]): Place[] {
  const isOwn = ({ id }: KnownTarget) => id === environmentId;
  const isNamedIn = (repository: string) => (each: KnownTarget) =>
    repositoryOf(each.config) === repository && fileOf(each.config) === fileOf(config);
  const [then, now] = [repositoryOf(config), repositoryOf(itself.config)];
  if (all.some((each) => isOwn(each) && isNamedIn(then)(each))) return [];
  const way = `by its workflow${fileOf(config) && ` “${fileOf(config)}”`}`;
  return [...new Set([then, now])].map((repository) => ({ way, isOwn, isNamedBy: isNamedIn(repository) }));
}

const fileOf = (config: Record<string, unknown>): string => String(config.workflow ?? '');
