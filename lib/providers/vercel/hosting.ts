import {
  type HostedAddress,
  type Offer,
  type Preview,
  type ProviderContext,
  ProviderError,
  type RemoteRef,
  type Serving,
} from '../port';
import { call, send } from './client';
import { pageOf, readProject } from './deploy';
import { heldBy } from './map';
import { markerOf } from './marker';
import { readDeployment } from './runs';
import { domainsSchema, type Project } from './schema';
import { type Place, teamQuery } from './target';

/** After three minutes the official CLI takes an assignment for over, whatever it says. */
const CHANGE_MS = 3 * 60_000;

/**
 * Domains to an existing production build. The build of a preview is refused: it has the preview's configuration baked in.
 * Source: https://vercel.com/docs/rest-api/reference/endpoints/projects (promote), `requestRollback` of @vercel/sdk
 */
export async function serve(
  c: ProviderContext,
  place: Place,
  ref: RemoteRef,
  kind: 'promote' | 'restore',
): Promise<void> {
  const about = `deployment ${ref.id}`;
  const [project, build] = await Promise.all([readProject(c, place), readDeployment(c, place, ref.id)]);
  if (build.projectId && build.projectId !== project.id) throw ofAnother(ref, place);
  if (build.target !== 'production') throw notForProduction(ref);
  if (build.readyState !== 'READY') throw notReady(ref);
  const ids = `${encodeURIComponent(project.id)}/${kind === 'promote' ? 'promote' : 'rollback'}/${encodeURIComponent(ref.id)}`;
  const path = kind === 'promote' ? `/v10/projects/${ids}` : `/v1/projects/${ids}`;
  await send(c, { method: 'POST', path, query: teamQuery(place), about });
}

/**
 * Vercel itself builds a preview anew when somebody promotes it, with production's variables; only what was built for
 * production is served as it is. Source: https://vercel.com/docs/deployments/promoting-a-deployment
 */
export async function offer(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Offer> {
  const [project, build] = await Promise.all([readProject(c, place), readDeployment(c, place, ref.id)]);
  const rebuild = (because: string): Offer => ({ as: 'rebuild', because });
  if (!place.production) return rebuild('this target is a preview, which has no domains of its own at Vercel.');
  if (build.projectId && build.projectId !== project.id)
    return rebuild(`it was built in another project than ${place.project}.`);
  if (build.target !== 'production')
    return rebuild(
      'it was built as a preview, with the preview’s variables; Vercel builds such a one anew for production.',
    );
  return build.readyState === 'READY' ? { as: 'build' } : rebuild('its build is not there any more, or not finished.');
}

function ofAnother({ id }: RemoteRef, { project }: Place): ProviderError {
  const sentence = `The deployment ${id} was built in another project than ${project}. Deploy its commit there instead.`;
  return new ProviderError('rejected', 'other_project', sentence);
}

function notForProduction({ id }: RemoteRef): ProviderError {
  const sentence = `The deployment ${id} was built for a preview, with the preview’s configuration. Deploy its commit to production instead.`;
  return new ProviderError('rejected', 'preview_build', sentence);
}

function notReady({ id }: RemoteRef): ProviderError {
  return new ProviderError('rejected', 'not_ready', `The deployment ${id} is not built, so it cannot be served.`);
}

export async function readServing(c: ProviderContext, place: Place): Promise<Serving> {
  const project = await readProject(c, place);
  const live = project.targets?.production;
  return {
    ref: live ? { id: live.id, attempt: 1, url: pageOf(live) } : null,
    change: changeOf(project, c.now()),
    held: heldBy(project),
  };
}

function changeOf({ lastAliasRequest: last }: Project, now: number): Serving['change'] {
  if (!last || now - last.requestedAt > CHANGE_MS) return null;
  const states: Record<string, 'going-on' | 'done'> = {
    pending: 'going-on',
    'in-progress': 'going-on',
    succeeded: 'done',
  };
  const state = (Object.hasOwn(states, last.jobStatus) ? states[last.jobStatus] : undefined) ?? 'failed';
  return { to: last.toDeploymentId, kind: last.type === 'rollback' ? 'restore' : 'promote', state };
}

/** The project's production domains: all of them lead to what is served, apart from those that lead on to another one. */
export async function readAddresses(c: ProviderContext, place: Place): Promise<HostedAddress[]> {
  const project = await readProject(c, place);
  const path = `/v9/projects/${encodeURIComponent(project.id)}/domains`;
  const query = { production: 'true', limit: '100', ...teamQuery(place) };
  const { domains } = await call(c, { method: 'GET', path, query, about: `project ${place.project}` }, domainsSchema);
  const live = project.targets?.production;
  const ref = live ? { id: live.id, attempt: 1, url: pageOf(live) } : null;
  const marker = live ? markerOf({ meta: live.meta ?? {} }) : null;
  return domains
    .filter(({ gitBranch }) => !gitBranch)
    .map(({ name, redirect, verified }) => ({
      ...{ name, redirectsTo: redirect ?? null, verified },
      ref: redirect || !verified ? null : ref,
      marker: redirect || !verified ? null : marker,
    }));
}

/** The deployment's own address; Vercel's API gives no picture of it. */
export async function readPreview(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Preview> {
  const { url } = await readDeployment(c, place, ref.id);
  return { address: url ? `https://${url.replace(/^https:\/\//, '')}` : null, screenshot: null };
}
