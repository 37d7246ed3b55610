import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { Consumer } from '@/lib/connections/model/consumer';
import type { DeploymentRow } from './rows';

interface Starter {
  open: OpenConnection;
  /** The settings that its run is started with. */
  config: DeploymentRow['config'];
}

/** Through which connection its run is started, and with which settings. */
export function startedBy({
  connectionId,
  config,
  dispatch,
}: Pick<DeploymentRow, 'connectionId' | 'config' | 'dispatch'>) {
  const by = dispatch.publish?.by;
  return { connectionId: by?.connectionId ?? connectionId, config: by?.config ?? config };
}

/** Where the run is: with the target's own connection, or with the one whose workflow publishes for a gallery. */
export async function starterOf(
  ctx: ServiceContext,
  row: Pick<DeploymentRow, 'connectionId' | 'config' | 'dispatch'>,
  consumer?: Consumer,
): Promise<Starter> {
  const { connectionId, config } = startedBy(row);
  return { open: await ctx.openConnection(connectionId, consumer), config };
}
