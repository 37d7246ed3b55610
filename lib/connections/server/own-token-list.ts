import { asc, eq, inArray } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { connections, environments, personalCredentials, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { catalog } from '@/lib/providers/catalog.generated';
import { startedThrough } from '@/lib/targets/model/starter';
import type { OwnTokenView } from '../model/own-token';
import { type OwnTokenRow, requireSelf } from './own-token-open';
import type { ConnectionRow } from './rows';

/** Connections whose provider holds runs for people, where the person can see something; with what they stored there. */
export async function listOwnTokens(ctx: ServiceContext): Promise<OwnTokenView[]> {
  const person = requireSelf(ctx.actor);
  const ids = await reachable(ctx);
  if (ids.length === 0) return [];
  const rows = await ctx.db
    .select()
    .from(connections)
    .where(inArray(connections.id, ids))
    .orderBy(asc(connections.name));
  const own = await ctx.db.select().from(personalCredentials).where(eq(personalCredentials.userId, person.id));
  const now = ctx.clock.now();
  return rows.flatMap((row) => {
    const manifest = manifestOf(row.providerId);
    const token = manifest?.capabilities.gates?.token;
    if (!manifest || !token) return [];
    const { id, name, origin } = row;
    const stored = own.find((each) => each.connectionId === id);
    return [
      {
        connection: { id, name, origin, providerLabel: manifest.label },
        needs: token.needs,
        madeAt: token.url,
        stored: stored ? view(stored, now) : null,
      },
    ];
  });
}

function manifestOf(providerId: string) {
  return Object.hasOwn(catalog, providerId) ? catalog[providerId] : undefined;
}

function view(row: OwnTokenRow, now: number): OwnTokenView['stored'] {
  return {
    login: row.login,
    last4: row.last4,
    checkedAt: row.checkedAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    problem: ownTokenProblem(row, now),
    notes: row.problems,
  };
}

/** Why a stored token cannot be used; null while nothing speaks against it. `now` in epoch milliseconds. */
export function ownTokenProblem(row: Pick<OwnTokenRow, 'accepted' | 'expiresAt'>, now: number): string | null {
  if (row.expiresAt && row.expiresAt.getTime() <= now)
    return 'Your token has expired. Make a new one and enter it under Members → Your tokens.';
  return row.accepted ? null : 'Your token was refused at the last try. Enter a new one under Members → Your tokens.';
}

/** Ids of the connections that something deploys through which the person may see, with those that start its workflow. */
async function reachable(ctx: ServiceContext): Promise<string[]> {
  const { connectionId, config } = targets;
  const rows = await ctx.db
    .selectDistinct({ connectionId, config, providerId: connections.providerId, slug: environments.slug })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId));
  const seen = rows.filter(({ slug }) => isPermitted(ctx.actor, 'deployment.read', slug));
  return [...new Set(seen.flatMap((row) => [row.connectionId, startedThrough(row)]))];
}

/** Throws when there is nothing for the person at that connection, in the words for one that is not there. */
export async function requireReachable(ctx: ServiceContext, connectionId: string): Promise<ConnectionRow> {
  const ids = await reachable(ctx);
  const [row] = ids.includes(connectionId)
    ? await ctx.db.select().from(connections).where(eq(connections.id, connectionId))
    : [];
  if (row && manifestOf(row.providerId)?.capabilities.gates) return row;
  throw new ServiceError(
    'precondition',
    'own_token_not_needed',
    'Nothing that you can see is deployed through this connection by a provider that asks people. Choose one of the list.',
  );
}
