import type { SimulatedDeployment, State } from './state';
import { PROJECT, TEAM } from './state';

const LINES = [
  'Running build in Washington, D.C., USA (East) – iad1',
  'Cloning the repository',
  'Restored build cache from the previous deployment',
  'Running "install" command: `npm ci`',
  'added 612 packages in 9s',
  'Running "npm run build"',
  'Creating an optimized production build ...',
  'Compiled successfully in 8.1s',
  'Generating static pages (24/24)',
  'Build Completed in /vercel/output [19s]',
  'Deploying outputs...',
  'Deployment completed',
];

export const addressOf = (deployment: SimulatedDeployment) =>
  `${PROJECT.name}-${deployment.id.slice(4, 13).toLowerCase()}-${TEAM}.vercel.app`;
const pageOf = (deployment: SimulatedDeployment) =>
  `https://vercel.com/${TEAM}/${PROJECT.name}/${deployment.id.slice(4)}`;
const metaOf = ({ meta, sha, ref }: SimulatedDeployment) => ({
  ...meta,
  githubCommitSha: sha,
  githubCommitRef: ref,
  githubOrg: PROJECT.org,
  githubRepo: PROJECT.repo,
});
const substate = ({ state, aliased, production }: SimulatedDeployment) => {
  if (state !== 'READY' || !production) return {};
  return { readySubstate: aliased ? 'PROMOTED' : 'STAGED' };
};
const failure = ({ state }: SimulatedDeployment) =>
  state === 'ERROR'
    ? {
        errorCode: 'BUILD_UTILS_SPAWN_1',
        errorMessage: 'Command "npm run build" exited with 1',
        errorStep: 'buildStep',
      }
    : {};
const creatorOf = ({ by }: SimulatedDeployment) => ({ uid: `usr_${by}`, username: by });

/** What `GET /v13/deployments/{id}` answers, and what starting and cancelling answer. */
export function deploymentView(state: State, deployment: SimulatedDeployment) {
  return {
    ...common(deployment),
    id: deployment.id,
    createdAt: deployment.at,
    aliasAssigned: deployment.aliased,
    aliasAssignedAt: deployment.aliased ? deployment.aliasedAt : null,
    bootedAt: deployment.at,
    buildingAt: deployment.buildingAt,
    ...(deployment.canceledAt ? { canceledAt: deployment.canceledAt } : {}),
    buildSkipped: false,
    build: { env: [] },
    env: [],
    isInConcurrentBuildsQueue: false,
    isInSystemBuildsQueue: false,
    public: false,
    status: deployment.state,
    regions: ['iad1'],
    url: addressOf(deployment),
    version: 2,
    projectId: state.projectId,
    plan: 'pro',
    createdIn: 'sfo1',
    ownerId: state.teamId,
    routes: null,
    projectSettings: {},
    gitSource: { type: 'github', repoId: PROJECT.repoId, ref: deployment.ref, sha: deployment.sha },
  };
}

function common(deployment: SimulatedDeployment) {
  return {
    name: PROJECT.name,
    type: 'LAMBDAS',
    readyState: deployment.state,
    ...substate(deployment),
    ...failure(deployment),
    target: deployment.production ? 'production' : null,
    meta: metaOf(deployment),
    creator: creatorOf(deployment),
    inspectorUrl: pageOf(deployment),
    ...(deployment.readyAt ? { ready: deployment.readyAt } : {}),
  };
}

/** One row of `GET /v6/deployments`. */
export function listedView(state: State, deployment: SimulatedDeployment) {
  return {
    ...common(deployment),
    uid: deployment.id,
    projectId: state.projectId,
    url: addressOf(deployment),
    created: deployment.at,
    createdAt: deployment.at,
    state: deployment.state,
    source: deployment.source,
    aliasAssigned: deployment.aliased ? deployment.aliasedAt : null,
    ...(deployment.buildingAt ? { buildingAt: deployment.buildingAt } : {}),
  };
}

/** `GET /v9/projects/{id}`. */
export function projectView(state: State) {
  const live = state.production();
  const last = state.lastAlias();
  const regions = { functionDefaultRegions: ['iad1'] };
  return {
    accountId: state.teamId,
    directoryListing: false,
    id: state.projectId,
    name: PROJECT.name,
    nodeVersion: '22.x',
    framework: 'nextjs',
    speedInsights: { id: 'si_1', enabledAt: 1_700_000_000_000, hasData: live !== undefined },
    rootDirectory: PROJECT.folder,
    resourceConfig: regions,
    defaultResourceConfig: regions,
    autoAssignCustomDomains: true,
    lastRollbackTarget: state.assignsAlone(Number.POSITIVE_INFINITY) ? null : { deploymentId: String(last?.data.id) },
    link: {
      type: 'github',
      org: PROJECT.org,
      repo: PROJECT.repo,
      repoId: PROJECT.repoId,
      gitCredentialId: 'cred_1',
      productionBranch: PROJECT.productionBranch,
      deployHooks: [],
    },
    ...(live ? { targets: { production: targetView(state, live) } } : {}),
    lastAliasRequest: last
      ? {
          fromDeploymentId: String(last.data.from),
          toDeploymentId: String(last.data.id),
          jobStatus: 'succeeded',
          requestedAt: last.at,
          type: String(last.data.type),
        }
      : null,
  };
}

/** `GET /v9/projects/{id}/domains`: the domain, and one that leads on to it. */
export function domainsView(state: State) {
  const common = { apexName: 'aetherstack.example', projectId: state.projectId, verified: true, gitBranch: null };
  return {
    domains: [
      { ...common, name: PROJECT.domain, redirect: null },
      { ...common, name: `www.${PROJECT.domain}`, redirect: PROJECT.domain, redirectStatusCode: 308 },
    ],
    pagination: { count: 2, next: null, prev: null },
  };
}

function targetView(state: State, live: SimulatedDeployment) {
  return {
    ...common(live),
    id: live.id,
    createdAt: live.at,
    createdIn: 'sfo1',
    deploymentHostname: addressOf(live).replace('.vercel.app', ''),
    forced: false,
    plan: 'pro',
    private: true,
    readyAt: live.readyAt,
    teamId: state.teamId,
    type: 'LAMBDAS',
    url: addressOf(live),
    userId: `usr_${live.by}`,
    creator: { uid: `usr_${live.by}`, username: live.by, email: `${live.by}@aetherstack.example` },
    alias: [PROJECT.domain],
    aliasAssigned: live.aliasedAt,
    withCache: true,
  };
}

/** The build's lines so far, as `GET /v3/deployments/{id}/events` writes them. */
export function eventsView(deployment: SimulatedDeployment, now: number, since: number) {
  if (!deployment.buildingAt) return [];
  const end = deployment.readyAt || deployment.canceledAt || Number.POSITIVE_INFINITY;
  const every = 1_600;
  const texts =
    deployment.state === 'ERROR' ? [...LINES.slice(0, 7), 'Error: Command "npm run build" exited with 1'] : LINES;
  return texts
    .map((text, line) => ({ text, at: Math.min(deployment.buildingAt + line * every, end) }))
    .filter(({ at }) => at <= now && at >= since)
    .map(({ text, at }, line) => ({
      type: text.startsWith('Error') ? 'stderr' : 'stdout',
      created: at,
      payload: { deploymentId: deployment.id, id: `${at}${line}`, date: at, serial: `${at}${line}`, text },
    }));
}
