import { type DeployRequest, type ProviderContext, ProviderError, type RemoteRef, type Revision } from '../port';
import { call } from './client';
import { pageOf } from './map';
import { buildSchema, type Deploy, deploysSchema, type Site, siteSchema } from './schema';
import type { Place } from './target';
import { readTitle, titleOf } from './title';

const PAGE = 100;
const MAX_PAGES = 10;
/** Clocks differ; a marker is unique anyway. */
const BEFORE_MS = 15 * 60_000;

export const sitePath = ({ site }: Place) => `/sites/${encodeURIComponent(site)}`;

export function readSite(c: ProviderContext, place: Place): Promise<Site> {
  return call(c, { method: 'GET', path: sitePath(place), about: `project ${place.site}` }, siteSchema);
}

/**
 * Builds the newest commit of the branch; the title carries our marker and the commit that was chosen. The answer names the
 * deploy; where it does not, the marker does. Source: `createSiteBuild` of `@netlify/open-api`
 */
export async function trigger(c: ProviderContext, place: Place, request: DeployRequest): Promise<RemoteRef | null> {
  const { revision, marker } = request;
  const site = await readSite(c, place);
  requireBuildable(site, place, revision);
  const query = { branch: revision.ref, title: titleOf(marker, revision.sha) };
  const about = `project ${place.site}`;
  const build = await call(c, { method: 'POST', path: `${sitePath(place)}/builds`, query, about }, buildSchema);
  if (!build.deploy_id) return null;
  return {
    id: build.deploy_id,
    attempt: 1,
    url: pageOf({ id: build.deploy_id, state: '', admin_url: site.admin_url }),
  };
}

/** What a start would be refused for. */
export async function check(c: ProviderContext, place: Place, revision: Revision): Promise<void> {
  requireBuildable(await readSite(c, place), place, revision);
}

/** What would end in something else than what was asked for is refused before it is sent. */
function requireBuildable({ build_settings }: Site, place: Place, revision: Revision): void {
  const repository = build_settings?.repo_path;
  const branch = build_settings?.repo_branch;
  if (!repository) {
    const sentence = `The project ${place.site} is not connected to a repository at Netlify. Link one in its build settings.`;
    throw new ProviderError('rejected', 'not_connected', sentence);
  }
  if (repository.toLowerCase() !== place.repository.toLowerCase()) {
    const sentence = `The project ${place.site} is connected to ${repository}, not to ${place.repository}. Mend the target’s settings.`;
    throw new ProviderError('rejected', 'other_repository', sentence);
  }
  if (build_settings.stop_builds) {
    const sentence = `Builds are stopped for the project ${place.site} at Netlify. Activate them in its build settings.`;
    throw new ProviderError('rejected', 'builds_stopped', sentence);
  }
  if (revision.refKind !== 'branch') {
    throw new ProviderError('rejected', 'branch_only', 'Netlify builds branches, not tags. Choose a branch.');
  }
  if (branch && (revision.ref === branch) !== place.production) {
    const sentence = place.production
      ? `Netlify publishes ${branch} only, and builds every other branch as a branch deploy. Choose ${branch}.`
      : `Netlify publishes ${branch}, and this target is a branch deploy. Choose another branch, or the production target.`;
    throw new ProviderError('rejected', 'other_branch', sentence);
  }
}

/**
 * The oldest deploy with this marker in its title; null while none is listed. Throws when there are more than can be looked
 * through: “not found” would be taken for “not there”.
 */
export async function findByMarker(
  c: ProviderContext,
  place: Place,
  marker: string,
  sinceMs: number,
): Promise<RemoteRef | null> {
  let found: Deploy | null = null;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const deploys = await listDeploys(c, place, { page: String(page), per_page: String(PAGE) });
    found = deploys.filter(({ title }) => readTitle(title)?.marker === marker).at(-1) ?? found;
    const oldest = Date.parse(deploys.at(-1)?.created_at ?? '');
    if (deploys.length < PAGE || oldest < sinceMs - BEFORE_MS) return found && toRef(found);
  }
  if (found) return toRef(found);
  const sentence = `The project ${place.site} has more than ${PAGE * MAX_PAGES} newer deploys, so this one cannot be looked up. Look for it at Netlify.`;
  throw new ProviderError('unavailable', 'too_many_to_search', sentence);
}

const toRef = (found: Deploy): RemoteRef => ({ id: found.id, attempt: 1, url: pageOf(found) });

/** Newest first. */
export function listDeploys(c: ProviderContext, place: Place, query: Record<string, string>): Promise<Deploy[]> {
  const about = `project ${place.site}`;
  return call(c, { method: 'GET', path: `${sitePath(place)}/deploys`, query, about }, deploysSchema);
}
