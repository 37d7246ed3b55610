import { APP, APP_PERMISSIONS, INSTALLATION_ID } from './auth';
import { BOT } from './history';
import { ORGANIZATION, organizationUser } from './people-view';
import { iso, nodeId, objectId } from './random';
import { repository } from './repo-view';
import { API, notFound, ok, paged, problem, type Reply, WEB } from './respond';
import type { Call, Route } from './router';

const EVENTS = ['deployment_review', 'push', 'workflow_job', 'workflow_run'];
const CREATED = iso(Date.UTC(2026, 3, 14, 9));
const TOKEN_MS = 3_600_000;

function installation() {
  return {
    id: INSTALLATION_ID,
    client_id: APP.clientId,
    account: organizationUser,
    repository_selection: 'all',
    access_tokens_url: `${API}/app/installations/${INSTALLATION_ID}/access_tokens`,
    repositories_url: `${API}/installation/repositories`,
    html_url: `${WEB}/organizations/${ORGANIZATION.login}/settings/installations/${INSTALLATION_ID}`,
    app_id: APP.id,
    app_slug: APP.slug,
    target_id: ORGANIZATION.id,
    target_type: 'Organization',
    permissions: APP_PERMISSIONS,
    events: EVENTS,
    created_at: CREATED,
    updated_at: CREATED,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}

/** `integration` of the REST contract. */
export function appView(app: { id: number; slug: string; name: string }) {
  return {
    id: app.id,
    client_id: APP.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: organizationUser,
    name: app.name,
    description: '',
    external_url: 'https://aetherstack.example.com',
    html_url: `${WEB}/apps/${app.slug}`,
    created_at: CREATED,
    updated_at: CREATED,
    permissions: APP_PERMISSIONS,
    events: EVENTS,
  };
}

export const appRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/app',
    needs: null,
    who: 'app',
    docs: '/apps/apps#get-the-authenticated-app',
    handle: () => ok({ ...appView({ ...APP, name: 'AetherStack release' }), installations_count: 1 }),
  },
  {
    method: 'GET',
    path: '/app/installations',
    needs: null,
    who: 'app',
    docs: '/apps/apps#list-installations-for-the-authenticated-app',
    handle: () => ok([installation()]),
  },
  {
    method: 'GET',
    path: '/app/installations/{installation}',
    needs: null,
    who: 'app',
    docs: '/apps/apps#get-an-installation-for-the-authenticated-app',
    handle: ({ params }) => (Number(params.installation) === INSTALLATION_ID ? ok(installation()) : notFound()),
  },
  {
    method: 'POST',
    path: '/app/installations/{installation}/access_tokens',
    needs: null,
    who: 'app',
    docs: '/apps/apps#create-an-installation-access-token-for-an-app',
    handle: issueToken,
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/installation',
    needs: null,
    who: 'app',
    docs: '/apps/apps#get-a-repository-installation-for-the-authenticated-app',
    handle: ({ params, state }) =>
      state.repos.has(`${params.owner}/${params.repo}`) ? ok(installation()) : notFound(),
  },
  {
    method: 'GET',
    path: '/installation/repositories',
    needs: null,
    who: 'installation',
    docs: '/apps/installations#list-repositories-accessible-to-the-app-installation',
    handle({ state, url }) {
      const all = [...state.repos.values()];
      const { items, headers } = paged(url, all);
      return ok(
        {
          total_count: all.length,
          repository_selection: 'all',
          repositories: items.map((repo) => repository(repo, false)),
        },
        headers,
      );
    },
  },
];

async function issueToken({ params, body, world, now, options }: Call): Promise<Reply> {
  const docs = '/apps/apps#create-an-installation-access-token-for-an-app';
  if (Number(params.installation) !== INSTALLATION_ID) return notFound(docs);
  const asked = (body.permissions ?? {}) as Record<string, string>;
  const tooMuch = Object.entries(asked).some(
    ([name, level]) => APP_PERMISSIONS[name] !== 'write' && APP_PERMISSIONS[name] !== level,
  );
  if (tooMuch) return problem(422, 'The permissions requested are not granted to this installation.', docs);
  const permissions = Object.keys(asked).length ? { ...asked, metadata: 'read' } : APP_PERMISSIONS;
  const token = `ghs_${objectId('token', options.seed, now, world.facts().length).slice(0, 36)}`;
  const expiresAt = now + TOKEN_MS;
  await world.record({
    at: now,
    kind: 'token.issued',
    data: { token, kind: 'installation', login: BOT.login, scopes: '', permissions, expiresAt },
  });
  return { status: 201, body: { token, expires_at: iso(expiresAt), permissions, repository_selection: 'all' } };
}
