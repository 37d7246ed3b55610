import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted } from '@/lib/auth/require';
import {
  components,
  connections,
  deployments,
  environments,
  extensionPackages,
  subscriptions,
  targets,
} from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';

export const addressInput = z.strictObject({
  kind: z.enum(['deployment', 'target', 'component', 'connection', 'subscription', 'environment', 'package']),
  /** The slug of a component or an environment, the id of all others. */
  id: z.string().min(1).max(80),
});

export type Address = z.output<typeof addressInput>;

/**
 * Whether a page can be about it: one indexed row, so that a page answers 404 before it begins to stream. What lies in an
 * environment that the actor may not read is not there either. Throws `ServiceError` notFound.
 */
export async function requireThere(ctx: ServiceContext, { kind, id }: Address): Promise<null> {
  const [row] = await rowOf(ctx, kind, id);
  if (row && (!('slug' in row) || isPermitted(ctx.actor, 'deployment.read', row.slug))) return null;
  throw new ServiceError('notFound', 'address_unknown', `There is no such ${kind}, or you may not see it.`);
}

function rowOf({ db }: ServiceContext, kind: Address['kind'], id: string) {
  const inEnvironment = { slug: environments.slug };
  switch (kind) {
    case 'deployment':
      return db
        .select(inEnvironment)
        .from(deployments)
        .innerJoin(environments, eq(environments.id, deployments.environmentId))
        .where(eq(deployments.id, id));
    case 'target':
      return db
        .select(inEnvironment)
        .from(targets)
        .innerJoin(environments, eq(environments.id, targets.environmentId))
        .where(eq(targets.id, id));
    case 'environment':
      return db.select(inEnvironment).from(environments).where(eq(environments.slug, id));
    case 'component':
      return db.select({ id: components.id }).from(components).where(eq(components.slug, id));
    case 'connection':
      return db.select({ id: connections.id }).from(connections).where(eq(connections.id, id));
    case 'package':
      return db.select({ id: extensionPackages.id }).from(extensionPackages).where(eq(extensionPackages.id, id));
    case 'subscription':
      return db.select({ id: subscriptions.id }).from(subscriptions).where(eq(subscriptions.id, id));
  }
}
