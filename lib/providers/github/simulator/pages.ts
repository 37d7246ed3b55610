import { historyOf } from './git';
import { simpleUser } from './people-view';
import { iso } from './random';
import { API, notFound, ok, paged, problem, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';
import type { State } from './state';
import type { RepoState } from './types';

interface PagesSite {
  buildType: 'legacy' | 'workflow';
  source: { branch: string; path: string };
}

const GET = '/pages/pages#get-a-apiname-pages-site';
const SET = '/pages/pages#update-information-about-a-apiname-pages-site';
const DOMAIN = 'docs.aetherstack.example.com';

/** As it was set last; only the main repository is served from the start. */
function siteOf({ state, world, repo }: RepoCall): PagesSite | null {
  const last = world
    .facts()
    .filter(({ kind, data }) => kind === 'pages.set' && state.repos.get(String(data.repo)) === repo)
    .at(-1);
  if (last) return last.data as unknown as PagesSite;
  return repo.workflows.length > 0 ? { buildType: 'workflow', source: { branch: 'gh-pages', path: '/' } } : null;
}

function view(repo: RepoState, site: PagesSite) {
  return {
    url: `${API}/repos/${repo.fullName}/pages`,
    status: site.buildType === 'workflow' ? null : 'built',
    cname: DOMAIN,
    custom_404: false,
    html_url: `https://${DOMAIN}/`,
    build_type: site.buildType,
    source: site.source,
    public: true,
    protected_domain_state: 'verified',
    pending_domain_unverified_at: null,
    https_certificate: {
      state: 'approved',
      description: 'Certificate is approved',
      domains: [DOMAIN],
      expires_at: '2027-02-01',
    },
    https_enforced: true,
  };
}

function getSite(call: RepoCall): Reply {
  const site = siteOf(call);
  return site ? ok(view(call.repo, site)) : notFound(GET);
}

async function setSite(call: RepoCall, isNew: boolean): Promise<Reply> {
  const { world, repo, body, now } = call;
  const before = siteOf(call);
  if (isNew && before) return problem(409, 'GitHub Pages is already enabled.', SET);
  if (!isNew && !before) return notFound(SET);
  const source = { ...before?.source, ...(body.source as Partial<PagesSite['source']> | undefined) };
  const next = { branch: source.branch ?? repo.defaultBranch, path: source.path ?? '/' };
  const buildType = body.build_type === 'workflow' ? 'workflow' : 'legacy';
  if (buildType === 'legacy' && !repo.branches.has(next.branch))
    return problem(422, `The ${next.branch} branch must exist before GitHub Pages can be built.`, SET);
  await world.record({ at: now, kind: 'pages.set', data: { repo: repo.fullName, buildType, source: next } });
  return isNew ? { status: 201, body: view(repo, { buildType, source: next }) } : { status: 204 };
}

function listBuilds(call: RepoCall): Reply {
  const { repo, url } = call;
  const site = siteOf(call);
  if (!site) return notFound('/pages/pages#list-apiname-pages-builds');
  const head = site.buildType === 'legacy' ? repo.branches.get(site.source.branch) : undefined;
  const { items, headers } = paged(url, head ? historyOf(repo, head) : []);
  const builds = items.map((commit, index) => ({
    url: `${API}/repos/${repo.fullName}/pages/builds/${5_472_601 - index}`,
    status: 'built',
    error: { message: null },
    pusher: simpleUser(commit.author),
    commit: commit.sha,
    duration: 21_040,
    created_at: iso(commit.at),
    updated_at: iso(commit.at + 21_040),
  }));
  return ok(builds, headers);
}

/** What is kept for a head: its first deployment that began decides, however often it is tried again. */
function kept(state: State, repo: RepoState, sha: string, now: number) {
  const steps = [...state.runs.values()]
    .filter((run) => run.repo === repo && run.sha === sha)
    .flatMap((run) => run.attempts.flatMap((attempt) => attempt.jobs.flatMap((job) => job.steps)))
    .filter((step) => step.command.startsWith('actions/deploy-pages@') && step.conclusion !== 'skipped')
    .filter((step) => step.startedAt <= now)
    .sort((a, b) => a.startedAt - b.startedAt);
  return steps.find((step) => step.conclusion !== 'success') ?? steps.at(-1) ?? null;
}

const WORD: Record<string, string> = { success: 'succeed', cancelled: 'deployment_cancelled' };

function getDeployment({ state, repo, params, now }: RepoCall): Reply {
  const step = kept(state, repo, params.deployment ?? '', now);
  if (!step) return notFound('/pages/pages#get-the-status-of-a-github-pages-deployment');
  const status = now < step.endsAt ? 'deployment_in_progress' : (WORD[step.conclusion] ?? 'deployment_failed');
  return ok({ status });
}

/** Whether a deployment of this head was broken off, so that every other one of it fails as well. */
export function isBurned(state: State, repo: RepoState, sha: string, now: number): boolean {
  const step = kept(state, repo, sha, now);
  return step !== null && step.endsAt <= now && step.conclusion === 'cancelled';
}

export const pagesRoutes: readonly RepoRoute[] = [
  { method: 'GET', path: '/pages', needs: 'pages=read', docs: GET, handle: getSite },
  { method: 'POST', path: '/pages', needs: 'pages=write', docs: SET, handle: (call) => setSite(call, true) },
  { method: 'PUT', path: '/pages', needs: 'pages=write', docs: SET, handle: (call) => setSite(call, false) },
  { method: 'GET', path: '/pages/builds', needs: 'pages=read', docs: GET, handle: listBuilds },
  {
    method: 'GET',
    path: '/pages/deployments/{deployment}',
    needs: 'pages=read',
    docs: '/pages/pages#get-the-status-of-a-github-pages-deployment',
    handle: getDeployment,
  },
];
