import { type Observation, type ProviderContext, ProviderError, type RemoteRef } from '../port';
import { call } from './client';
import { pageOf, readProject } from './deploy';
import { heldBy, isOver, mayBeHeldBack, toObservation } from './map';
import { type Deployment, deploymentSchema } from './schema';
import { type Place, teamQuery } from './target';

export function readDeployment(c: ProviderContext, place: Place, id: string): Promise<Deployment> {
  const path = `/v13/deployments/${encodeURIComponent(id)}`;
  return call(c, { method: 'GET', path, query: teamQuery(place), about: `deployment ${id}` }, deploymentSchema);
}

async function isHeldBack(c: ProviderContext, place: Place): Promise<boolean> {
  return heldBy(await readProject(c, place)) !== null;
}

export async function observe(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Observation> {
  const deployment = await readDeployment(c, place, ref.id);
  return toObservation(deployment, pageOf(deployment), mayBeHeldBack(deployment) && (await isHeldBack(c, place)));
}

/**
 * Stops a build. What is built cannot be stopped any more, and Vercel answers 400 then, as it does for other mistakes.
 * Source: https://vercel.com/docs/rest-api/reference/endpoints/deployments/cancel-a-deployment
 */
export async function cancel(c: ProviderContext, place: Place, ref: RemoteRef): Promise<void> {
  const path = `/v12/deployments/${encodeURIComponent(ref.id)}/cancel`;
  try {
    await call(c, { method: 'PATCH', path, query: teamQuery(place), about: `deployment ${ref.id}` }, deploymentSchema);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'rejected') throw error;
    const now = await readDeployment(c, place, ref.id);
    if (now.readyState !== 'READY' && !isOver(toObservation(now, '').phase)) throw error;
    const sentence =
      'The build has already ended at Vercel, so there is nothing to cancel. Its result appears here in a moment.';
    throw new ProviderError('rejected', 'already_finished', sentence);
  }
}
