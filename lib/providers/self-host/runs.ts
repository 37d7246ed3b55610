import { type LogChunk, type Observation, type ProviderContext, ProviderError, type RemoteRef } from '../port';
import { call, send } from './client';
import { toObservation } from './map';
import { deploymentSchema, logSchema } from './schema';
import { appPath, type Place, refOf } from './target';

const pathOf = (place: Place, id: string) => `${appPath(place)}/deployments/${encodeURIComponent(id)}`;

export async function observe(c: ProviderContext, place: Place, { id }: RemoteRef): Promise<Observation> {
  const about = `deployment ${id}`;
  const deployment = await call(c, { method: 'GET', path: pathOf(place, id), about }, deploymentSchema);
  return toObservation(deployment, refOf(c, place, deployment.id));
}

/** Until it is switched; what is being switched is refused, since nobody could say any more which of the two is live. */
export async function cancel(c: ProviderContext, place: Place, { id }: RemoteRef): Promise<void> {
  try {
    await send(c, { method: 'POST', path: `${pathOf(place, id)}/cancel`, about: `deployment ${id}` });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== 'already_finished') throw error;
    const sentence =
      'It has already ended on the server, so there is nothing to cancel. Its result appears here in a moment.';
    throw new ProviderError('rejected', 'already_finished', sentence);
  }
}

/** The log while it grows. The agent strikes out the values of variables before it writes a line. */
export function readLog(c: ProviderContext, place: Place, id: string, cursor: string | null): Promise<LogChunk> {
  const query: Record<string, string> = cursor === null ? {} : { cursor };
  return call(c, { method: 'GET', path: `${pathOf(place, id)}/log`, query, about: `deployment ${id}` }, logSchema);
}
