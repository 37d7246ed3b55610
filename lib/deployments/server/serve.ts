import type { OpenConnection } from '@/lib/auth/context';
import {
  type AnyProvider,
  capability,
  type Observation,
  type ProviderContext,
  type RemoteRef,
} from '@/lib/providers/port';
import { isTaken, type Serve, servedObservation } from '../model/serve';
import type { DeploymentRow } from './rows';

/** The one request: serve the build that is there. Asking twice for the same one changes nothing more. */
export async function sendServe(
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  row: DeploymentRow,
  serve: Serve,
): Promise<RemoteRef> {
  const ref = refOf(serve);
  await capability(provider, 'promote')[serve.verb](context, row.config, ref);
  return ref;
}

/** By what the host serves, not by the state of the build: that was over before. */
export async function observeServe(
  provider: AnyProvider,
  context: ProviderContext,
  row: DeploymentRow,
  serve: Serve,
): Promise<Observation> {
  const serving = await capability(provider, 'promote').serving(context, row.config);
  const since = row.startedAt ?? row.submittedAt ?? row.requestedAt;
  return servedObservation(serve, serving, context.now() - since.getTime());
}

/** After an answer that got lost: null = the host does not serve it, and is not about to. Throws `ProviderError`. */
export async function findServed(
  { provider, context }: Pick<OpenConnection, 'provider' | 'context'>,
  row: DeploymentRow,
  serve: Serve,
): Promise<RemoteRef | null> {
  const serving = await capability(provider, 'promote').serving(context, row.config);
  return isTaken(serve, serving) ? refOf(serve) : null;
}

const refOf = ({ remoteId, url }: Serve): RemoteRef => ({ id: remoteId, attempt: 1, url: url ?? '' });
