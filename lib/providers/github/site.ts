import { z } from 'zod';
import {
  type ProviderContext,
  ProviderError,
  type Publication,
  type RemoteRef,
  type ServedBranch,
  type Site,
  type SiteBuild,
  type SiteSource,
  type WantedSite,
} from '../port';
import { read, write } from './client';
import { readRun } from './deploy';
import { textAt } from './file-text';
import { headOf } from './refs';
import { certificateOf, publicationState } from './site-words';
import { type Place, splitName } from './target';
import { webOf } from './web';

const text = z.string().nullish();
const siteSchema = z.object({
  html_url: z
    .string()
    .regex(/^https?:\/\//)
    .nullish(),
  status: text,
  cname: text,
  protected_domain_state: text,
  build_type: text,
  source: z.object({ branch: z.string(), path: z.string() }).nullish(),
  public: z.boolean(),
  https_enforced: z.boolean().nullish(),
  https_certificate: z
    .object({ state: z.string(), domains: z.array(z.string()).default([]), expires_at: text })
    .nullish(),
});
const buildSchema = z.object({
  status: z.string(),
  error: z.object({ message: text }).nullish(),
  pusher: z.object({ login: z.string().optional() }).nullish(),
  commit: text,
  created_at: z.string(),
});
const dated = z.object({ date: z.string().optional() }).nullish();
const logSchema = z.array(z.object({ commit: z.object({ message: z.string(), author: dated, committer: dated }) }));
const LOG_LENGTH = 100;

/** Source: https://docs.github.com/en/rest/pages/pages#get-a-apiname-pages-site */
export async function readSite(c: ProviderContext, repository: string): Promise<Site | null> {
  const params = splitName(repository);
  const about = { what: 'repository', subject: repository } as const;
  const found = await orNull(read(c, { route: 'GET /repos/{owner}/{repo}/pages', params, about }, siteSchema));
  if (!found) {
    // The same 404 hides a repository that may not be seen.
    await read(c, { route: 'GET /repos/{owner}/{repo}', params, about }, z.object({ id: z.number() }));
    return null;
  }
  const { data } = found;
  const buildType = data.build_type === 'workflow' ? 'workflow' : data.build_type === 'legacy' ? 'branch' : null;
  return {
    url: data.html_url ?? null,
    buildType: buildType ?? 'unrecognised',
    source: data.source ? { branch: data.source.branch, path: data.source.path === '/docs' ? '/docs' : '/' } : null,
    state: stateOf(data.status ?? null),
    domain: data.cname ? { name: data.cname, proof: proofOf(data.protected_domain_state ?? null) } : null,
    certificate: certificateOf(data.https_certificate ?? null),
    httpsEnforced: data.https_enforced ?? false,
    visibility: data.public ? 'public' : 'private',
    builds: buildType === 'branch' ? await readBuilds(c, repository) : [],
    settingsUrl: `${webOf(c)}/${repository}/settings/pages`,
  };
}

async function readBuilds(c: ProviderContext, repository: string): Promise<SiteBuild[]> {
  const about = { what: 'repository', subject: repository } as const;
  const params = { ...splitName(repository), per_page: 10 };
  const call = { route: 'GET /repos/{owner}/{repo}/pages/builds', params, about };
  const found = await orNull(read(c, call, z.array(buildSchema)));
  return (found?.data ?? []).map((build) => ({
    state: build.status,
    failed: build.status === 'errored',
    sha: build.commit ?? null,
    at: build.created_at,
    by: build.pusher?.login ?? null,
    error: build.error?.message?.slice(0, 500) ?? null,
  }));
}

/** One request: the first sets it up, every other changes it. */
export async function changeSite(c: ProviderContext, repository: string, wanted: WantedSite): Promise<void> {
  const params = splitName(repository);
  const about = { what: 'repository', subject: repository } as const;
  const isNew = (await readSite(c, repository)) === null;
  const body =
    wanted.buildType === 'workflow'
      ? { build_type: 'workflow' }
      : { build_type: 'legacy', source: { ...wanted.source } };
  const route = isNew ? 'POST /repos/{owner}/{repo}/pages' : 'PUT /repos/{owner}/{repo}/pages';
  await write(c, { route, params: { ...params, ...body }, about });
}

/** Costs four requests. */
export async function readServed(
  c: ProviderContext,
  repository: string,
  { branch, path }: SiteSource,
): Promise<ServedBranch | null> {
  const where = splitName(repository);
  const place = { ...where, repository, workflow: 'none.yml', defaultRef: branch };
  const head = await headOf(c, place, branch, 'branch');
  if (!head) return null;
  const folder = path === '/docs' ? 'docs/' : '';
  const call = {
    route: 'GET /repos/{owner}/{repo}/commits',
    params: { ...where, sha: head, per_page: LOG_LENGTH },
    about: { what: 'ref', subject: branch } as const,
  };
  const [versionsFile, firstPage, commits] = await Promise.all([
    textAt(c, where, `${folder}versions.json`, head),
    textAt(c, where, `${folder}index.html`, head),
    read(c, call, logSchema),
  ]);
  const log = commits.data.map(({ commit }) => ({
    message: commit.message,
    at: commit.committer?.date ?? commit.author?.date ?? '',
  }));
  return { head, versionsFile, firstPage, log };
}

/** Pages calls a deployment by the head of its run. Source: https://docs.github.com/en/rest/pages/pages */
export async function readPublication(c: ProviderContext, place: Place, ref: RemoteRef): Promise<Publication | null> {
  return publicationOf(c, place, (await readRun(c, place, ref.id)).head_sha);
}

export async function publicationOf(c: ProviderContext, place: Place, head_sha: string): Promise<Publication | null> {
  const call = {
    route: 'GET /repos/{owner}/{repo}/pages/deployments/{pages_deployment_id}',
    params: { owner: place.owner, repo: place.repo, pages_deployment_id: head_sha },
    about: { what: 'commit', subject: head_sha.slice(0, 7) } as const,
  };
  const found = await orNull(read(c, call, z.object({ status: text })));
  const rawState = found?.data.status;
  return rawState ? { id: head_sha, state: publicationState(rawState), rawState } : null;
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'notFound') return null;
    throw error;
  }
}

function stateOf(status: string | null): Site['state'] {
  if (status === 'built') return 'live';
  if (status === 'building') return 'building';
  // A site that a workflow builds has none.
  return status === 'errored' ? 'failed' : 'unrecognised';
}

function proofOf(state: string | null): NonNullable<Site['domain']>['proof'] {
  if (state === null) return null;
  return state === 'verified' || state === 'pending' || state === 'unverified' ? state : 'unrecognised';
}
