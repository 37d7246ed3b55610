import { type Observation, type ProviderContext, ProviderError, type RemoteRef } from '../port';
import { call } from './client';
import { readSite } from './deploy';
import { mayBeLocked, toObservation } from './map';
import { type Deploy, deploySchema } from './schema';
import type { Place } from './target';

export function readDeploy(c: ProviderContext, id: string): Promise<Deploy> {
  return call(c, { method: 'GET', path: `/deploys/${encodeURIComponent(id)}`, about: `deploy ${id}` }, deploySchema);
}

export async function observe(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Observation> {
  const deploy = await readDeploy(c, ref.id);
  if (!mayBeLocked(deploy, place.production)) return toObservation(deploy, place.production);
  const live = (await readSite(c, place)).published_deploy;
  // What a person published goes on being the one that publishing is locked to.
  if (live?.id === deploy.id) return toObservation({ ...deploy, published_at: publishedAt(live, deploy) }, true);
  return toObservation(deploy, place.production, live?.locked === true);
}

const publishedAt = (live: Deploy, deploy: Deploy) =>
  live.published_at ?? deploy.updated_at ?? deploy.created_at ?? new Date(0).toISOString();

/** Stops a build. What has ended is refused by Netlify, in words that its contract does not give: the deploy itself says. */
export async function cancel(c: ProviderContext, place: Place, ref: RemoteRef): Promise<void> {
  const path = `/deploys/${encodeURIComponent(ref.id)}/cancel`;
  try {
    await call(c, { method: 'POST', path, about: `deploy ${ref.id}` }, deploySchema);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'rejected') throw error;
    const deploy = await readDeploy(c, ref.id);
    // What is built has ended, also while it waits to be published.
    const isOver = deploy.state === 'ready' || toObservation(deploy, place.production).finishedAt !== null;
    if (!isOver) throw error;
    const sentence =
      'The deploy has already ended at Netlify, so there is nothing to cancel. Its result appears here in a moment.';
    throw new ProviderError('rejected', 'already_finished', sentence);
  }
}
