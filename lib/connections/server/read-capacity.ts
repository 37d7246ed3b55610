import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requireAnywhere } from '@/lib/auth/require';
import { environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { capability, ProviderError } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { CapacityView, capacityInput } from '../model/standing';
import { loadConnection } from './rows';

/**
 * Runners and open runs of a repository that a target of this connection names: nothing else that the credential could
 * see. Read when somebody asks, never by the engine. What the provider refuses is part of the answer.
 */
export async function readCapacity(ctx: ServiceContext, input: z.output<typeof capacityInput>): Promise<CapacityView> {
  requireAnywhere(ctx.actor, 'connection.read');
  const connection = await loadConnection(ctx.db, input.id);
  const traits = Object.hasOwn(providers, connection.providerId)
    ? providers[connection.providerId]?.manifest.capabilities.capacity
    : undefined;
  const repositories = traits ? await repositoriesOf(ctx, connection.id) : [];
  const repository = repositories.find((each) => each === input.repository) ?? repositories[0] ?? null;
  const view: CapacityView = {
    ...{ repositories, repository, ownRunners: traits?.ownRunners ?? '' },
    ...{ capacity: null, problem: null },
  };
  if (!traits) return { ...view, problem: 'This provider does not say what it runs on.' };
  if (!repository) return { ...view, problem: 'No target of this connection names a repository that you may see.' };
  try {
    const { provider, context } = await ctx.openConnection(connection.id);
    return { ...view, capacity: await capability(provider, 'capacity').read(context, repository) };
  } catch (error) {
    if (error instanceof ProviderError) return { ...view, problem: error.message };
    if (error instanceof ServiceError && error.kind !== 'forbidden') return { ...view, problem: error.sentence };
    throw error;
  }
}

async function repositoriesOf(ctx: ServiceContext, connectionId: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ config: targets.config, environment: environments.slug })
    .from(targets)
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(and(eq(targets.connectionId, connectionId)))
    .orderBy(asc(targets.id))
    .limit(500);
  const seen = rows.filter((row) => isPermitted(ctx.actor, 'deployment.read', row.environment));
  const named = seen.map(({ config }) => (config as { repository?: unknown }).repository);
  return [...new Set(named.filter((each) => typeof each === 'string'))];
}
