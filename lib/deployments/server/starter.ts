import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { Consumer } from '@/lib/connections/model/consumer';
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
  consumer?: Consumer,
): Promise<Starter> {
  const by = row.dispatch.publish?.by;
  return {
    open: await ctx.openConnection(by?.connectionId ?? row.connectionId, consumer),
    config: by?.config ?? row.config,
  };
}
