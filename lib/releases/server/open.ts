import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { holdLock } from '@/lib/db/hold-lock';
import { ServiceError } from '@/lib/kernel/errors';
import { type CapabilityMap, capability, type ProviderContext, ProviderError } from '@/lib/providers/port';
import { requirePlace } from './places';

export interface Desk {
  releases: CapabilityMap['releases']['methods'];
  context: ProviderContext;
  repository: string;
  label: string;
}

/** The place where versions are made, and nowhere that no target names. */
export async function openDesk(
  ctx: ServiceContext,
  wanted: { connectionId: string; repository: string },
): Promise<Desk> {
  const { connectionId, repository } = await requirePlace(ctx, wanted);
  const { provider, context }: OpenConnection = await ctx.openConnection(connectionId);
  return { releases: capability(provider, 'releases'), context, repository, label: provider.manifest.label };
}

/** One version at a time in the whole installation: two presses at once would both find that nothing is there. */
export async function oneAtATime<T>(ctx: ServiceContext, work: () => Promise<T>): Promise<T> {
  const held = await holdLock(ctx.db, 'releases', work);
  if (held.state === 'done') return held.value;
  if (held.state === 'crowded')
    throw new ServiceError(
      'unavailable',
      'console_busy',
      'Nothing was made: this console waits for too much else just now. Try again in a few seconds.',
    );
  throw new ServiceError(
    'conflict',
    'release_busy',
    'Another release is being made just now. Try again in a few seconds.',
  );
}

/** A lost answer is neither a yes nor a no; asking again is safe, and the sentence says so. */
export async function settled<T>(work: () => Promise<T>, lookUp: () => Promise<T | null>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProviderError) || !error.ambiguous) throw error;
    const found = await lookUp().catch(() => null);
    if (found !== null) return found;
    throw new ServiceError(
      'provider',
      'outcome_unknown',
      'The provider’s answer got lost, and nothing is to be seen of it yet. Try again in a minute: what was made is found by its tag and not made twice.',
    );
  }
}
