import { iso } from './random';
import { API, notFound, ok, paged, problem, type Reply } from './respond';
import type { RepoCall, RepoRoute } from './router';
import { openBox, publicKeyOf } from './sealed';
import { digestOf, type Setting, type SettingKind, settingOn, settingsOn } from './settings';

const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i;
const MAX_BYTES = 49_152;

interface Shelved {
  /** Path below the repository. */
  path: string;
  shelfOf(call: RepoCall): string | null;
  /** Fine-grained permission for each kind. */
  needs: Record<SettingKind, string>;
  docs: string;
}

const IN_REPOSITORY: Shelved = {
  path: '/actions',
  shelfOf: () => '',
  needs: { secret: 'secrets', variable: 'actions_variables' },
  docs: '/actions/secrets',
};

const IN_ENVIRONMENT: Shelved = {
  path: '/environments/{environment}',
  shelfOf: ({ repo, params }) =>
    repo.environments.find(({ name }) => name.toLowerCase() === params.environment?.toLowerCase())?.name ?? null,
  needs: { secret: 'environments', variable: 'environments' },
  docs: '/actions/secrets',
};

function listView(call: RepoCall, kind: SettingKind, shelf: string): Reply {
  const all = settingsOn(call.state, call.world, call.repo, shelf).filter((each) => each.kind === kind);
  // Variables come 30 a page at most: https://docs.github.com/en/rest/actions/variables
  const url = new URL(call.url);
  const asked = Number(url.searchParams.get('per_page') ?? 10);
  if (kind === 'variable') url.searchParams.set('per_page', String(Math.min(asked, 30)));
  const { items, headers } = paged(url, all);
  return ok({ total_count: all.length, [`${kind}s`]: items.map(view) }, headers);
}

function view(setting: Setting) {
  const times = { created_at: iso(setting.createdAt), updated_at: iso(setting.updatedAt) };
  return setting.kind === 'secret'
    ? { name: setting.name, ...times }
    : { name: setting.name, value: setting.value, ...times };
}

async function keep(call: RepoCall, kind: SettingKind, shelf: string, set: { name: string; value: string }) {
  const data = { repo: call.repo.fullName, shelf, kind, ...set };
  await call.world.record({ at: call.now, kind: 'setting.kept', data });
}

async function putSecret(call: RepoCall, { docs }: Shelved, shelf: string): Promise<Reply> {
  const { encrypted_value, key_id } = call.body;
  const name = call.params.name ?? '';
  if (!NAME.test(name)) return problem(422, 'Secret names can only contain alphanumeric characters', docs);
  const place = placeOf(call, shelf);
  const { key_id: known } = await publicKeyOf(call.options.seed, place);
  if (key_id !== known) return problem(422, 'Bad request - key_id is not the current key', docs);
  const opened = typeof encrypted_value === 'string' ? await openBox(call.options.seed, place, encrypted_value) : null;
  if (opened === null) return problem(422, 'Improperly encrypted secret', docs);
  if (Buffer.byteLength(opened) > MAX_BYTES) return problem(422, 'Secret value is too large', docs);
  const before = settingOn(call.state, call.world, { repo: call.repo, shelf, kind: 'secret', name });
  await keep(call, 'secret', shelf, { name, value: digestOf(opened) });
  return before ? { status: 204 } : { status: 201, body: {} };
}

async function setVariable(call: RepoCall, { docs }: Shelved, shelf: string): Promise<Reply> {
  const creating = call.method === 'POST';
  const name = String((creating ? call.body.name : call.params.name) ?? '');
  const { value } = call.body;
  const before = settingOn(call.state, call.world, { repo: call.repo, shelf, kind: 'variable', name });
  if (creating && !NAME.test(name))
    return problem(422, 'Variable names can only contain alphanumeric characters', docs);
  if (creating && before) return problem(409, 'Already exists - Variable already exists', docs);
  if (!creating && !before) return notFound(docs);
  if (typeof value !== 'string' || Buffer.byteLength(value) > MAX_BYTES)
    return problem(422, 'Variable value is too large', docs);
  await keep(call, 'variable', shelf, { name, value });
  return creating ? { status: 201, body: {} } : { status: 204 };
}

async function remove(call: RepoCall, kind: SettingKind, { docs }: Shelved, shelf: string): Promise<Reply> {
  const name = call.params.name ?? '';
  if (!settingOn(call.state, call.world, { repo: call.repo, shelf, kind, name })) return notFound(docs);
  const data = { repo: call.repo.fullName, shelf, kind, name };
  await call.world.record({ at: call.now, kind: 'setting.removed', data });
  return { status: 204 };
}

const placeOf = (call: RepoCall, shelf: string) => `${API}/${call.repo.fullName}/${shelf}`;

type Work = (call: RepoCall, place: Shelved, shelf: string) => Reply | Promise<Reply>;

const publicKey: Work = async (call, _, shelf) => ok(await publicKeyOf(call.options.seed, placeOf(call, shelf)));
const listed =
  (kind: SettingKind): Work =>
  (call, _, shelf) =>
    listView(call, kind, shelf);
const removed =
  (kind: SettingKind): Work =>
  (call, place, shelf) =>
    remove(call, kind, place, shelf);

const WORK: readonly [RepoRoute['method'], string, SettingKind, Work][] = [
  ['GET', '/secrets', 'secret', listed('secret')],
  ['GET', '/secrets/public-key', 'secret', publicKey],
  ['PUT', '/secrets/{name}', 'secret', putSecret],
  ['DELETE', '/secrets/{name}', 'secret', removed('secret')],
  ['GET', '/variables', 'variable', listed('variable')],
  ['POST', '/variables', 'variable', setVariable],
  ['PATCH', '/variables/{name}', 'variable', setVariable],
  ['DELETE', '/variables/{name}', 'variable', removed('variable')],
];

/** An environment that is not there has nothing at all. */
function routesOf(place: Shelved): RepoRoute[] {
  const { path, docs, needs } = place;
  return WORK.map(([method, below, kind, work]) => ({
    method,
    path: `${path}${below}`,
    needs: `${needs[kind]}=${method === 'GET' ? 'read' : 'write'}`,
    docs,
    handle(call) {
      const shelf = place.shelfOf(call);
      return shelf === null ? notFound(docs) : work(call, place, shelf);
    },
  }));
}

/** Secrets and variables of Actions. Source: https://docs.github.com/en/rest/actions/secrets */
export const configurationRoutes: readonly RepoRoute[] = [
  ...routesOf(IN_REPOSITORY),
  ...routesOf(IN_ENVIRONMENT),
  {
    method: 'GET',
    path: '/actions/organization-secrets',
    needs: 'secrets=read',
    docs: '/actions/secrets#list-repository-organization-secrets',
    handle: (call) => listView(call, 'secret', '@'),
  },
  {
    method: 'GET',
    path: '/actions/organization-variables',
    needs: 'actions_variables=read',
    docs: '/actions/variables#list-repository-organization-variables',
    handle: (call) => listView(call, 'variable', '@'),
  },
];
