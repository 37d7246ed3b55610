import { asc, eq } from 'drizzle-orm';
import type { DbOrTx } from '@/lib/auth/context';
import { connections, environments, targets } from '@/lib/db/schema';
import type { AnyProvider } from '@/lib/providers/port';
import { placeIn } from '@/lib/targets/server/own-place';
import type { DeploymentRow } from './rows';

type Sent = Pick<DeploymentRow, 'environmentId' | 'connectionId' | 'targetId' | 'config'>;
type Named = Awaited<ReturnType<typeof readTargets>>[number];

/** What a deployment goes to, or by, and how a target's settings of now say the same. */
interface Place {
  /** As in “its settings send it …”. */
  way: string;
  isNamedBy(each: Named): boolean;
  isOwn(each: Named): boolean;
}

/**
 * Why settings, of before perhaps, go to a place that serves one release, or by a workflow's file, which by now a target of
 * another environment names (for the place: or of another component) and none of its own; null where they do not.
 */
export async function otherPlace(db: DbOrTx, sent: Sent, { methods }: AnyProvider): Promise<string | null> {
  const all = await readTargets(db);
  const itself = all.find(({ target }) => target.id === sent.targetId);
  const [connection] = await db.select().from(connections).where(eq(connections.id, sent.connectionId));
  if (!itself || !connection) return null;
  const ofServer = all.filter(
    ({ connection: { providerId, origin } }) => providerId === connection.providerId && origin === connection.origin,
  );
  const places = [placeOf(connection, sent, itself), ...(methods.workflows ? filesOf(sent, itself, ofServer) : [])];
  for (const place of places) {
    const named = place ? ofServer.filter((each) => place.isNamedBy(each)) : [];
    const [taken] = named;
    if (!place || !taken || named.some((each) => place.isOwn(each))) continue;
    const label = itself.environment.name;
    return `This target is ${label}, and its settings of then send it ${place.way}, which by now a target of ${taken.environment.name} names, and none of its own. Deploy the commit again: that goes with the settings of now.`;
  }
  return null;
}

function placeOf(connection: Named['connection'], { environmentId, config }: Sent, itself: Named): Place | null {
  const place = placeIn(connection, config);
  return (
    place && {
      way: `to the ${place.word} “${place.name}”`,
      isNamedBy: (each) => placeIn(each.connection, each.target.config)?.key === place.key,
      isOwn: ({ target }) => target.environmentId === environmentId && target.componentId === itself.target.componentId,
    }
  );
}

/** In the repository as it was called then and, where nobody of the own environment goes by that one, as it is called now. */
function filesOf({ environmentId, config }: Sent, { target }: Named, all: readonly Named[]): Place[] {
  const isOwn = (each: Named) => each.target.environmentId === environmentId;
  const isNamedIn = (repository: string) => (each: Named) =>
    repositoryOf(each.target.config) === repository && fileOf(each.target.config) === fileOf(config);
  const [then, now] = [repositoryOf(config), repositoryOf(target.config)];
  if (all.some((each) => isOwn(each) && isNamedIn(then)(each))) return [];
  const way = `by its workflow${fileOf(config) && ` “${fileOf(config)}”`}`;
  return [...new Set([then, now])].map((repository) => ({ way, isOwn, isNamedBy: isNamedIn(repository) }));
}

const readTargets = (db: DbOrTx) =>
  db
    .select({ target: targets, connection: connections, environment: environments })
    .from(targets)
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .orderBy(asc(environments.slug), asc(targets.id));

/** Of a target's settings, in small letters: capitals do not matter in it, as at GitHub. */
export const repositoryOf = (config: Record<string, unknown>): string => String(config.repository ?? '').toLowerCase();
const fileOf = (config: Record<string, unknown>): string => String(config.workflow ?? '');
