import { type DeployRequest, type ProviderContext, ProviderError, type RemoteRef, type Revision } from '../port';
import { call } from './client';
import { deploymentSchema, deploymentsSchema, liveSchema } from './schema';
import { appPath, type Place, refOf } from './target';

type Mode = NonNullable<DeployRequest['rendering']>;
const KINDS: Readonly<Record<Mode, string>> = { ssr: 'server', ssg: 'static' };

/**
 * One commit's build to the server. Our marker is the Idempotency-Key: sent again, it is the same deployment. The build is
 * fetched by its address, or is what a pipeline uploaded for the commit.
 */
export async function trigger(c: ProviderContext, place: Place, request: DeployRequest): Promise<RemoteRef> {
  const { marker, revision, rendering } = request;
  const body = {
    artifact: artifactOf(place, revision, rendering),
    commit: revision.sha,
    ref: revision.ref,
    ...(rendering ? { mode: KINDS[rendering] } : {}),
  };
  const wanted = { method: 'POST', path: `${appPath(place)}/deployments`, key: marker, body } as const;
  const made = await call(c, { ...wanted, about: `app ${place.app}` }, deploymentSchema);
  return refOf(c, place, made.id);
}

/** What a start would be refused for: an app that the agent does not have, and a template that needs a mode. */
export async function check(c: ProviderContext, place: Place, revision: Revision): Promise<void> {
  artifactOf(place, revision, 'ssr');
  await call(c, { method: 'GET', path: `${appPath(place)}/live`, about: `app ${place.app}` }, liveSchema);
}

function artifactOf(place: Place, { sha }: Revision, mode: Mode | undefined): Record<string, string> {
  if (!place.build) return { commit: sha };
  if (!mode && /\{mode\}/.test(place.build + (place.checksum ?? ''))) {
    const sentence =
      'The address of the build depends on {mode}, and this target has no rendering mode. Set one under Web rendering, or take {mode} out of the address.';
    throw new ProviderError('rejected', 'no_mode', sentence);
  }
  const filled = (template: string) => template.replaceAll('{sha}', sha).replaceAll('{mode}', mode ?? '');
  const url = filled(place.build);
  return { url, checksumUrl: place.checksum ? filled(place.checksum) : `${url}.sha256` };
}

/** The agent knows each key at once and keeps the last 500 deployments, so what it does not list is not there. */
export async function findByMarker(c: ProviderContext, place: Place, marker: string): Promise<RemoteRef | null> {
  const path = `${appPath(place)}/deployments`;
  const wanted = { method: 'GET', path, query: { key: marker }, about: `app ${place.app}` } as const;
  const { deployments } = await call(c, wanted, deploymentsSchema);
  const found = deployments.find(({ key }) => key === marker);
  return found ? refOf(c, place, found.id) : null;
}
