// The HTTP of the agent: each address, who may use it, and what it does. Described in openapi.mjs.
import { cancel, run } from './agent.mjs';
import { jsonBody, send, sendFailure } from './http.mjs';
import { digestOfRequest } from './journal.mjs';
import { openapi, VERSION } from './openapi.mjs';
import { Refusal } from './refusal.mjs';
import { deploymentBody, keyOf, restoreBody } from './requests.mjs';
import { requireRole, whoIs } from './tokens.mjs';
import { takeUpload } from './uploads.mjs';
import { deploymentView, liveView } from './views.mjs';

const PAGE = 100;

/** Method, path, role, work. `:app`, `:id` and `:name` are parts of the path, decoded. */
const ROUTES = [
  [
    'GET',
    '/v1',
    'read',
    ({ agent, token }) => [
      200,
      {
        agent: 'aetherstack-agent',
        version: VERSION,
        token: { name: token.name, role: token.role },
        apps: [...agent.apps.keys()].sort(),
      },
    ],
  ],
  ['POST', '/v1/apps/:app/deployments', 'deploy', deploy],
  ['GET', '/v1/apps/:app/deployments', 'read', list],
  ['GET', '/v1/apps/:app/deployments/:id', 'read', (c) => [200, deploymentView(recordOf(c))]],
  [
    'GET',
    '/v1/apps/:app/deployments/:id/log',
    'read',
    (c) => [200, c.app.journal.readLog(recordOf(c), c.query.get('cursor'))],
  ],
  [
    'POST',
    '/v1/apps/:app/deployments/:id/cancel',
    'deploy',
    (c) => {
      const record = recordOf(c);
      cancel(c.app, record);
      return [202, deploymentView(record)];
    },
  ],
  ['GET', '/v1/apps/:app/live', 'read', async ({ app }) => [200, await liveView(app)]],
  ['POST', '/v1/apps/:app/restore', 'deploy', restore],
  ['PUT', '/v1/apps/:app/uploads/:name', 'upload', upload],
  [
    'GET',
    '/v1/apps/:app/environment',
    'read',
    ({ app }) => [200, { variables: app.environment.list(app.running(app.current())?.env ?? null) }],
  ],
  [
    'PUT',
    '/v1/apps/:app/environment/:name',
    'deploy',
    async ({ app, request, params }) => {
      const { value } = await jsonBody(request);
      const { created } = app.environment.write(params.name, value, app.now());
      return [created ? 201 : 200, { name: params.name }];
    },
  ],
  [
    'DELETE',
    '/v1/apps/:app/environment/:name',
    'deploy',
    ({ app, params }) => {
      if (!app.environment.remove(params.name))
        throw new Refusal(404, 'not_found', `There is no variable ${params.name.slice(0, 60)}.`);
      return [204, null];
    },
  ],
].map(([method, path, role, work]) => ({ method, role, work, parts: path.split('/').slice(1) }));

function recordOf({ app, params }) {
  const record = app.journal.get(params.id);
  if (record?.kind === 'deploy') return record;
  throw new Refusal(404, 'not_found', `There is no deployment ${params.id.slice(0, 60)} of ${app.name}.`);
}

async function deploy({ app, request, token }) {
  const key = keyOf(request);
  const { wanted, header } = deploymentBody(await jsonBody(request), app.config);
  const content = { ...wanted, hasHeader: header !== null };
  const digest = digestOfRequest(content);
  const { record, created } = app.journal.open({ kind: 'deploy', key, digest, by: token.name, ...content }, app.now());
  if (created) {
    if (header) app.headers.set(record.id, header);
    app.journal.say(record, `Asked for by “${token.name}”${wanted.commit ? `, the commit ${wanted.commit}` : ''}.`);
    run(app, record);
  }
  return [created ? 201 : 200, deploymentView(record)];
}

function list({ app, query }) {
  const key = query.get('key');
  const all = app.journal
    .all()
    .filter(({ kind }) => kind === 'deploy')
    .reverse();
  const found = key === null ? all : all.filter((record) => record.key === key);
  const before = query.get('before');
  const from = before === null ? 0 : found.findIndex(({ id }) => id < before);
  const page = from < 0 ? [] : found.slice(from, from + PAGE);
  const more = from >= 0 && found.length > from + PAGE;
  return [200, { deployments: page.map(deploymentView), next: more ? page.at(-1).id : null }];
}

/** Asked twice, it changes nothing more: what is live already is live. */
async function restore({ app, request, token }) {
  const { release, as } = restoreBody(await jsonBody(request));
  const built = app.journal.get(release);
  if (built?.kind !== 'deploy')
    throw new Refusal(404, 'not_found', `There is no deployment ${release.slice(0, 60)} of ${app.name}.`);
  if (!built.servedAt)
    throw new Refusal(
      409,
      'not_ready',
      `${release} never was live, so it cannot be restored. Deploy its commit again.`,
    );
  if (!app.kept().has(release))
    throw new Refusal(
      409,
      'not_kept',
      `${release} is not kept here any more (the last ${app.settings.keep} are). Deploy its commit again.`,
    );
  const going = app.journal.current();
  const isGoing = going?.kind === 'restore' && going.release === release;
  if (!isGoing && (app.current() !== release || going)) {
    const key = `restore-${release}-${app.now()}`;
    const { record } = app.journal.open({ kind: 'restore', as, key, digest: key, by: token.name, release }, app.now());
    app.journal.say(record, `“${token.name}” restores ${release}.`);
    run(app, record);
  }
  return [202, await liveView(app)];
}

async function upload({ app, request, params, token, query }) {
  const size = Number(request.headers['content-length']);
  if (!Number.isInteger(size) || size <= 0) throw new Refusal(411, 'length_required', 'Send Content-Length.');
  const most = app.config.limits.artifactBytes;
  if (size > most) throw new Refusal(413, 'too_large', `A build has at most ${most} bytes (limits.artifactBytes).`);
  const commit = query.get('commit');
  if (commit !== null && !/^[0-9a-f]{40}$/.test(commit))
    throw new Refusal(400, 'bad_commit', 'A commit is 40 hexadecimal digits.');
  const mode = query.get('mode');
  if (mode !== null && mode !== 'server' && mode !== 'static')
    throw new Refusal(400, 'bad_mode', '“mode” is server or static.');
  const { freeBytes } = app.config.limits;
  const about = {
    sha256: params.name,
    size,
    commit,
    mode,
    by: token.name,
    most,
    freeBytes,
    now: app.now(),
    needed: () => app.digests(),
  };
  const { created, upload: taken } = await takeUpload(app.folder('uploads'), about, request);
  return [created ? 201 : 200, taken];
}

function match(method, pathname) {
  const parts = pathname.split('/').slice(1);
  let known = false;
  for (const route of ROUTES) {
    if (route.parts.length !== parts.length) continue;
    const params = {};
    const fits = route.parts.every((part, at) => {
      if (!part.startsWith(':')) return part === parts[at];
      params[part.slice(1)] = decodeURIComponent(parts[at]);
      return parts[at] !== '';
    });
    if (fits && route.method === method) return { route, params };
    known ||= fits;
  }
  throw known
    ? new Refusal(405, 'bad_method', 'This address does not know that method.')
    : new Refusal(404, 'not_found', 'There is nothing at this address.');
}

async function answer(agent, config, request, response) {
  const url = new URL(request.url ?? '/', 'http://agent.invalid');
  if (request.method === 'GET' && url.pathname === '/openapi.json') return send(response, 200, openapi);
  if (request.method === 'GET' && url.pathname === '/healthz') return send(response, 200, { ok: true });
  const token = whoIs(config.tokens, request.headers.authorization);
  const { route, params } = match(request.method, url.pathname);
  const app = params.app === undefined ? null : agent.apps.get(params.app);
  if (params.app !== undefined && !app)
    throw new Refusal(404, 'no_app', `This agent has no app ${params.app.slice(0, 60)}. Its configuration lists them.`);
  requireRole(token, route.role);
  const [status, body] = await route.work({ agent, app, request, params, token, query: url.searchParams });
  send(response, status, body);
}

function known(error) {
  if (error instanceof URIError) return new Refusal(400, 'bad_path', 'This address cannot be read.');
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    return new Refusal(507, 'disk_full', 'The disk of the server is full. Make room on it, then ask again.');
  return error;
}

/** A listener for `http.createServer`. */
export function requestListener(agent, config, report = (error) => process.stderr.write(`${error.stack}\n`)) {
  return (request, response) => {
    answer(agent, config, request, response).catch((error) => {
      sendFailure(response, known(error), report);
    });
  };
}
