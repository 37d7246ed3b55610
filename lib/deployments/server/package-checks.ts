import type { ServiceContext } from '@/lib/auth/context';
import { type CheckState, capability } from '@/lib/providers/port';
import type { DeploymentRow } from './rows';

/**
 * Checks of the commit that a package was built from. A package without a known commit, or a target that names no
 * repository, has none: where the policy asks for them, that is said and nothing is sent. Throws `ProviderError`.
 */
export async function checksOfPackage(
  ctx: ServiceContext,
  row: Pick<DeploymentRow, 'connectionId' | 'config' | 'sha' | 'dispatch'>,
): Promise<CheckState> {
  const { publish } = row.dispatch;
  // Such a package is named by the start of its own digest.
  const isCommit = publish !== undefined && !publish.packageId.startsWith(row.sha);
  if (!isCommit || typeof row.config.repository !== 'string') return 'none';
  const { provider, context } = await ctx.openConnection(row.connectionId);
  return (await capability(provider, 'source').commit(context, row.config, row.sha)).checks;
}
