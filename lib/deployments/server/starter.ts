import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { DeploymentRow } from './rows';

interface Starter {
  open: OpenConnection;
  /** The settings that its run is started with. */
  config: DeploymentRow['config'];
}

/** Where the run is: with the target's own connection, or with the one whose workflow publishes for a gallery. */
export async function starterOf(
  ctx: ServiceContext,
  row: Pick<DeploymentRow, 'connectionId' | 'config' | 'dispatch'>,
): Promise<Starter> {
  const by = row.dispatch.publish?.by;
  return { open: await ctx.openConnection(by?.connectionId ?? row.connectionId), config: by?.config ?? row.config };
}
