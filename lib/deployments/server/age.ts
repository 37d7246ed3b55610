import { eq } from 'drizzle-orm';
import type { DbOrTx, OpenConnection } from '@/lib/auth/context';
import { deployments } from '@/lib/db/schema';
import type { GateFacts } from '@/lib/gates/model/facts';
import { type Comparison, capability, ProviderError, type TargetConfig } from '@/lib/providers/port';

export type Standing = NonNullable<NonNullable<GateFacts['live']>['chosenIs']>;

/** What is live on a target, with the deployment that put it there. */
export interface Live {
  id: string;
  number: number;
  sha: string;
}

export async function readLive(db: DbOrTx, currentDeploymentId: string | null): Promise<Live | null> {
  if (!currentDeploymentId) return null;
  const [row] = await db
    .select({ id: deployments.id, number: deployments.number, sha: deployments.sha })
    .from(deployments)
    .where(eq(deployments.id, currentDeploymentId));
  return row ?? null;
}

/** How `sha` stands to `base` in the repository. A commit that is not there any more is neither older nor newer. */
export async function standing(
  { provider, context }: OpenConnection,
  config: TargetConfig,
  base: string,
  sha: string,
): Promise<Standing> {
  if (base === sha) return 'same';
  try {
    return standingIn(await capability(provider, 'source').compare(context, config, base, sha, 'count'));
  } catch (error) {
    if (error instanceof ProviderError && (error.kind === 'notFound' || error.kind === 'rejected')) return 'apart';
    throw error;
  }
}

export function standingIn({
  totalIncluded,
  totalLeaving,
}: Pick<Comparison, 'totalIncluded' | 'totalLeaving'>): Standing {
  if (totalLeaving > 0) return totalIncluded > 0 ? 'apart' : 'older';
  return totalIncluded > 0 ? 'newer' : 'same';
}
