import type { Simulator, SimulatorWorld, TruePackage } from '../port';
import { lostAfter, lostBefore, ok, problem } from './simulator/replies';
import { PUBLISHED, REMOVED, type ReadPackage, State } from './simulator/state';
import { extensionView } from './simulator/views';

export interface MarketplaceOptions {
  seed: number;
  /** Null = the bytes are no package. */
  readPackage(bytes: Uint8Array): ReadPackage | null;
}

interface Past {
  bytes: Uint8Array;
  at: number;
  fate: string;
}

export interface MarketplaceSimulator extends Simulator {
  /** `took` has it know of a package that it took in the past (`at`: milliseconds since 1970); `truth`: every version that exists, whatever is shown. */
  gallery: { provider: string; took(past: Past): Promise<void>; truth(): TruePackage[] };
}

const PUBLISHERS = ['aetherstack', 'acme'];
const PEOPLE = new Map([
  ['sandbox-token', PUBLISHERS],
  ['readonly-token', [] as string[]],
]);
const CDN_HOST = 'aetherstack.gallerycdn.vsassets.io';

/** The Marketplace in miniature: two publishers. Its whole state is a function of seed, facts and time. */
export function createMarketplaceSimulator(world: SimulatorWorld, options: MarketplaceOptions): MarketplaceSimulator {
  const state = new State(world);
  const truth = () => state.versions().map(({ id, sha256 }) => ({ id, sha256 }));
  return {
    hosts: ['marketplace.visualstudio.com', CDN_HOST],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited) return new Response('', { status: 429, headers: { 'retry-after': '45' } });
      return answer({ world, state, options }, request);
    },
    dueWebhooks: () => [],
    gallery: { provider: 'vs-marketplace', took: (past) => took({ world, state, options }, past), truth },
  };
}

interface Serving {
  world: SimulatorWorld;
  state: State;
  options: MarketplaceOptions;
}

async function answer(serving: Serving, request: Request): Promise<Response> {
  const { state } = serving;
  const url = new URL(request.url);
  if (url.host === CDN_HOST) return packageAt(state, url.pathname);
  const path = decodeURIComponent(url.pathname).replace(/^\/_apis/, '');
  if (path === '/public/gallery/extensionquery') return query(state, await request.json());
  const fetched = /^\/public\/gallery\/publishers\/([^/]+)\/vsextensions\/([^/]+)\/([^/]+)\/vspackage$/.exec(path);
  if (fetched) return sendOn(state, fetched, url.searchParams.get('targetPlatform') ?? 'universal');
  const publishers = publishersOf(request);
  if (!publishers) return problem(401, 'Access denied');
  const scope = /^\/securityroles\/scopes\/gallery\.publisher\/roleassignments\/resources\/([^/]+)$/.exec(path)?.[1];
  if (scope !== undefined)
    return publishers.includes(scope) ? ok([{ role: { name: 'Contributor' } }]) : problem(403, 'Access denied');
  if (path === '/gallery/extensions' && request.method === 'POST') return publish(serving, request, publishers, null);
  const [, publisher = '', name = ''] = /^\/gallery\/publishers\/([^/]+)\/extensions\/([^/]+)$/.exec(path) ?? [];
  const versions = state.of(publisher, name);
  if (request.method !== 'GET' && !publishers.includes(publisher)) return problem(403, 'Access denied');
  if (versions.length === 0) return problem(404, `The extension '${publisher}.${name}' does not exist.`);
  if (request.method === 'PUT') return publish(serving, request, publishers, { publisher, name });
  if (request.method === 'DELETE') return remove(serving, { publisher, name });
  return ok(extensionView(versions, state.installs(publisher, name), 'publisher'));
}

function publishersOf(request: Request): string[] | undefined {
  const basic = /^Basic (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  const [user, token = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return user === 'OAuth' ? PEOPLE.get(token) : undefined;
}

interface Query {
  filters?: { criteria?: { filterType: number; value: string }[] }[];
}

function query(state: State, asked: Query): Response {
  const wanted = asked.filters?.[0]?.criteria?.find(({ filterType }) => filterType === 7)?.value ?? '';
  const [publisher = '', name = ''] = wanted.split('.');
  const found = extensionView(state.of(publisher, name), state.installs(publisher, name), 'client');
  return ok({ results: [{ extensions: found ? [found] : [] }] });
}

async function took({ world, options }: Serving, { bytes, at, fate }: Past): Promise<void> {
  const read = options.readPackage(bytes);
  if (!read) throw new Error('The bytes are no package.');
  const ends = { pace: 1, fate, liveLagMs: 0, neverLive: false };
  const data = { ...read, bytes: Buffer.from(bytes).toString('base64'), ...ends };
  await world.record({ at, kind: PUBLISHED, data });
}

async function publish(
  { world, state, options }: Serving,
  request: Request,
  publishers: string[],
  updates: { publisher: string; name: string } | null,
): Promise<Response> {
  const serial = world.facts().length;
  const lost = lostBefore(world, options.seed, serial);
  if (lost) return lost;
  const bytes = new Uint8Array(await request.arrayBuffer());
  const read = options.readPackage(bytes);
  if (!read) return problem(400, 'The package is not valid.');
  if (!publishers.includes(read.publisher)) return problem(403, 'Access denied');
  if (updates && (updates.publisher !== read.publisher || updates.name !== read.name))
    return problem(400, 'The package is of another extension.');
  const there = state.of(read.publisher, read.name);
  if (!updates && there.length > 0) return problem(409, 'The extension already exists.');
  if (there.some((each) => each.version === read.version && each.targetPlatform === read.targetPlatform))
    return problem(409, `The version ${read.version} already exists.`);
  const { pace, outcome, gallery, liveLagMs, neverLive } = world.scenario();
  const fate = gallery ?? (outcome === 'failure' ? 'rejects' : 'passes');
  const data = { ...read, bytes: Buffer.from(bytes).toString('base64'), pace, fate, liveLagMs, neverLive };
  await world.record({ at: world.now(), kind: PUBLISHED, data });
  const view = extensionView(state.of(read.publisher, read.name), 0, 'publisher');
  return lostAfter(world, options.seed, serial, ok(view, updates ? 200 : 201));
}

async function remove({ world, options }: Serving, extension: { publisher: string; name: string }): Promise<Response> {
  const serial = world.facts().length;
  await world.record({ at: world.now(), kind: REMOVED, data: extension });
  return lostAfter(world, options.seed, serial, new Response(null, { status: 204 }));
}

/** Packages lie at the content network; the gallery sends on to it. */
function sendOn(state: State, [, publisher, name, version]: RegExpExecArray, platform: string): Response {
  const found = state
    .of(publisher ?? '', name ?? '')
    .find((each) => each.version === version && each.targetPlatform === platform && each.state === 'active');
  if (!found) return problem(404, 'Not Found');
  const location = `https://${CDN_HOST}/extensions/${publisher}/${name}/${version}/${found.at}/Microsoft.VisualStudio.Services.VSIXPackage`;
  return new Response(null, { status: 302, headers: { location } });
}

function packageAt(state: State, path: string): Response {
  const [, publisher, name, version, at] = /^\/extensions\/([^/]+)\/([^/]+)\/([^/]+)\/(\d+)\//.exec(path) ?? [];
  const found = state
    .of(publisher ?? '', name ?? '')
    .find((each) => each.version === version && String(each.at) === at);
  if (!found) return new Response('Not Found', { status: 404 });
  const bytes = new Uint8Array(Buffer.from(found.bytes, 'base64'));
  return new Response(bytes, { headers: { 'content-type': 'application/vsix' } });
}
