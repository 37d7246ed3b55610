import { type DeployRequest, type ProviderContext, ProviderError, type RemoteRef, type Revision } from '../port';
import { call } from './client';
import { MARKER_KEY, markerOf } from './marker';
import { deploymentSchema, deploymentsSchema, type Listed, type Project, projectSchema } from './schema';
import { type Place, teamQuery } from './target';

const PAGE = 100;
const MAX_PAGES = 10;
/** Clocks differ; a marker is unique anyway. */
const BEFORE_MS = 15 * 60_000;

export function readProject(c: ProviderContext, place: Place): Promise<Project> {
  const path = `/v9/projects/${encodeURIComponent(place.project)}`;
  return call(c, { method: 'GET', path, query: teamQuery(place), about: `project ${place.project}` }, projectSchema);
}

/**
 * One commit of the project's own repository, built by Vercel. `forceNew`, because Vercel otherwise answers with an
 * earlier deployment of the same content, which has no marker of ours.
 * Source: https://vercel.com/docs/rest-api/reference/endpoints/deployments/create-a-new-deployment
 */
export async function trigger(c: ProviderContext, place: Place, request: DeployRequest): Promise<RemoteRef> {
  const project = await readProject(c, place);
  const body = {
    name: project.name,
    project: project.id,
    ...(place.production ? { target: 'production' } : {}),
    gitSource: gitSource(project, place, request.revision),
    meta: { [MARKER_KEY]: request.marker },
  };
  const query = { forceNew: '1', ...teamQuery(place) };
  const made = await call(
    c,
    { method: 'POST', path: '/v13/deployments', query, body, about: `project ${place.project}` },
    deploymentSchema,
  );
  return { id: made.id, attempt: 1, url: pageOf(made) };
}

/** What a start would be refused for. */
export async function check(c: ProviderContext, place: Place, revision: Revision): Promise<void> {
  gitSource(await readProject(c, place), place, revision);
}

/** How the connected repository is named depends on where it is. */
function gitSource(project: Project, place: Place, { ref, sha }: Revision): Record<string, unknown> {
  const { link } = project;
  const name = link && repositoryOf(link);
  if (!link || !name) {
    const sentence = `The project ${place.project} is not connected to a repository at Vercel. Connect it in the project’s Git settings.`;
    throw new ProviderError('rejected', 'not_connected', sentence);
  }
  if (name.toLowerCase() !== place.repository.toLowerCase()) {
    const sentence = `The project ${place.project} is connected to ${name}, not to ${place.repository}. Mend the target’s settings.`;
    throw new ProviderError('rejected', 'other_repository', sentence);
  }
  if (link.type === 'gitlab') return { type: link.type, projectId: link.projectId, ref, sha };
  if (link.type === 'bitbucket') return { type: link.type, owner: link.owner, slug: link.slug, ref, sha };
  return link.repoId
    ? { type: link.type, repoId: link.repoId, ref, sha }
    : { type: link.type, org: link.org, repo: link.repo, ref, sha };
}

function repositoryOf(link: NonNullable<Project['link']>): string | null {
  const [owner, name] =
    link.type === 'gitlab'
      ? [link.projectNamespace, link.projectName]
      : link.type === 'bitbucket'
        ? [link.owner, link.slug]
        : [link.org, link.repo];
  return owner && name ? `${owner}/${name}` : null;
}

/**
 * The oldest deployment with this marker in its metadata; null while none is listed. Throws when there are more than can be
 * looked through: “not found” would be taken for “not there”.
 */
export async function findByMarker(
  c: ProviderContext,
  place: Place,
  marker: string,
  sinceMs: number,
): Promise<RemoteRef | null> {
  const project = await readProject(c, place);
  let found: Listed | null = null;
  let until: number | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { deployments, next } = await listPage(c, place, project.id, { since: sinceMs - BEFORE_MS, until });
    found = deployments.filter((each) => markerOf(each) === marker).at(-1) ?? found;
    if (next === null) return found && toRef(found);
    until = next;
  }
  if (found) return toRef(found);
  throw tooMany(place);
}

const toRef = (found: Listed): RemoteRef => ({ id: found.uid, attempt: 1, url: pageOf(found) });

function tooMany({ project }: Place): ProviderError {
  const sentence = `The project ${project} has more than ${PAGE * MAX_PAGES} newer deployments, so this one cannot be looked up. Look for it at Vercel.`;
  return new ProviderError('unavailable', 'too_many_to_search', sentence);
}

/** One page, newest first. */
async function listPage(
  c: ProviderContext,
  place: Place,
  projectId: string,
  { since, until }: { since: number; until: number | null },
): Promise<{ deployments: Listed[]; next: number | null }> {
  const query = {
    projectId,
    limit: String(PAGE),
    since: String(since),
    ...(until === null ? {} : { until: String(until) }),
    ...teamQuery(place),
  };
  const answer = await call(
    c,
    { method: 'GET', path: '/v6/deployments', query, about: `project ${place.project}` },
    deploymentsSchema,
  );
  return { deployments: answer.deployments, next: answer.pagination?.next ?? null };
}

/** Its page at Vercel; the deployment's own address where Vercel does not tell the page. */
export function pageOf(deployment: {
  inspectorUrl?: string | null | undefined;
  url?: string | null | undefined;
}): string {
  const { inspectorUrl, url } = deployment;
  if (inspectorUrl?.startsWith('https://')) return inspectorUrl;
  return url ? `https://${url.replace(/^https:\/\//, '')}` : '';
}
