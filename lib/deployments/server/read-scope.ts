import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import { components, connections, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export type EnvironmentRow = typeof environments.$inferSelect;

/** What an actor may do in one environment. The engine itself sees and may do everything; a webhook nothing. */
export const mayIn = isPermitted;

export interface ReadScope {
  /** Environments the actor may read, in the team's order. */
  environments: EnvironmentRow[];
  ids: string[];
  /** Nothing is hidden, so a query needs no filter and keeps its plan. */
  all: boolean;
}

export async function readScope(ctx: ServiceContext): Promise<ReadScope> {
  const rows = await ctx.db.select().from(environments).orderBy(asc(environments.position), asc(environments.slug));
  const readable = rows.filter((row) => mayIn(ctx.actor, 'deployment.read', row.slug));
  return { environments: readable, ids: readable.map((row) => row.id), all: readable.length === rows.length };
}

/** A thing in an environment that may not be read is answered like one that does not exist. */
export function notFound(what: string): ServiceError {
  return new ServiceError('notFound', `${what}_not_found`, `There is no such ${what}, or you may not see it.`);
}

const targetSelection = {
  target: targets,
  component: {
    id: components.id,
    slug: components.slug,
    name: components.name,
    kind: components.kind,
    paths: components.paths,
    image: components.image,
    imageConnectionId: components.imageConnectionId,
  },
  environment: environments,
  connection: {
    id: connections.id,
    name: connections.name,
    providerId: connections.providerId,
    credentialKind: connections.credentialKind,
    state: connections.state,
    sealedCredential: connections.sealedCredential,
    report: connections.report,
    version: connections.version,
  },
};

/** The target with its component, environment and connection; throws `notFound` outside the actor's scope. */
export async function loadTarget(ctx: ServiceContext, targetId: string) {
  const [row] = await ctx.db
    .select(targetSelection)
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .innerJoin(connections, eq(connections.id, targets.connectionId))
    .where(eq(targets.id, targetId));
  if (!row || !mayIn(ctx.actor, 'deployment.read', row.environment.slug)) throw notFound('target');
  return row;
}

export type LoadedTarget = Awaited<ReturnType<typeof loadTarget>>;

/** The first problem of the last credential check, for a sentence beside the connection. */
export function connectionProblem(report: unknown): string | null {
  const problems = (report as { problems?: unknown } | null)?.problems;
  return Array.isArray(problems) && typeof problems[0] === 'string' ? problems[0] : null;
}
