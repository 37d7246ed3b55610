import type { Simulator, SimulatorWorld, TruePackage } from '../port';
import { lostAfter, lostBefore, ok, problem } from './simulator/replies';
import { NAMESPACE, PUBLISHED, type ReadPackage, State } from './simulator/state';
import { clientView, extensionView } from './simulator/views';

export interface OpenVsxOptions {
  seed: number;
  /** Null = the bytes are no package. */
  readPackage(bytes: Uint8Array): ReadPackage | null;
  /** The registry's version; from 1.3.0 on it takes the token in a header. */
  version?: string;
}

interface Past {
  bytes: Uint8Array;
  at: number;
  fate: string;
}

export interface OpenVsxSimulator extends Simulator {
  /** `took` has it know of a package that it took in the past (`at`: milliseconds since 1970); `truth`: every version that exists, whatever is shown. */
  gallery: { provider: string; took(past: Past): Promise<void>; truth(): TruePackage[] };
}

const ORIGIN = 'https://open-vsx.org';
const PEOPLE = new Map([
  ['sandbox-token', 'release-console'],
  ['readonly-token', 'stranger'],
]);

/** Open VSX in miniature: two namespaces to begin with. Its whole state is a function of seed, facts and time. */
export function createOpenVsxSimulator(world: SimulatorWorld, options: OpenVsxOptions): OpenVsxSimulator {
  const state = new State(world);
  const truth = () => state.versions().map(({ id, sha256 }) => ({ id, sha256 }));
  return {
    hosts: ['open-vsx.org'],
    async handle(request) {
      const { down, rateLimited } = world.scenario();
      if (down) return new Response('Service Unavailable', { status: 503 });
      if (rateLimited)
        return Response.json({ error: 'Too many requests' }, { status: 429, headers: { 'retry-after': '45' } });
      return answer({ world, state, options }, request);
    },
    dueWebhooks: () => [],
    gallery: { provider: 'open-vsx', took: (past) => took({ world, state, options }, past), truth },
  };
}

interface Serving {
  world: SimulatorWorld;
  state: State;
  options: OpenVsxOptions;
}

async function answer(serving: Serving, request: Request): Promise<Response> {
  const { options, state } = serving;
  const url = new URL(request.url);
  const path = decodeURIComponent(url.pathname);
  if (path === '/api/version') return ok({ version: options.version ?? '1.3.1' });
  if (path === '/vscode/gallery/extensionquery') return clientView(ORIGIN, state, await request.json());
  const asset = /^\/vscode\/asset\/([^/]+)\/([^/]+)\/([^/]+)\/Microsoft\.VisualStudio\.Services\.VSIXPackage$/.exec(
    path,
  );
  if (asset) return download(state, asset, url.searchParams.get('targetPlatform') ?? 'universal');
  const who = whoOf(serving, request, url);
  if (path === '/api/-/publish') return publish(serving, request, who);
  if (path === '/api/-/namespace/create') return create(serving, request, who);
  const verified = /^\/api\/([^/]+)\/verify-pat$/.exec(path)?.[1];
  if (verified !== undefined) return verify(serving, verified, who);
  return read(serving, path);
}

/** In a header, or in the address where the registry is too old for that. */
function whoOf({ options }: Serving, request: Request, url: URL): string | null {
  const [major = 0, minor = 0] = (options.version ?? '1.3.1').split('.').map(Number);
  const isNew = major > 1 || (major === 1 && minor >= 3);
  const header = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
  return PEOPLE.get(isNew ? header : (url.searchParams.get('token') ?? '')) ?? null;
}

function read({ state }: Serving, path: string): Response {
  const [, namespace = '', name, platform, version] =
    /^\/api\/([^/]+)(?:\/([^/]+)(?:\/([^/]+)\/([^/]+))?)?$/.exec(path) ?? [];
  if (name === undefined) {
    const found = state.namespace(namespace);
    return found
      ? ok({ name: namespace, verified: found.owned, extensions: {} })
      : problem(404, `Namespace not found: ${namespace}`);
  }
  const shown = state
    .versions()
    .filter((each) => each.publisher === namespace && each.name === name && each.state === 'active');
  const found =
    version === undefined
      ? shown.at(-1)
      : shown.find((each) => each.version === version && each.targetPlatform === platform);
  return found ? ok(extensionView(ORIGIN, found)) : problem(404, `Extension not found: ${namespace}.${name}`);
}

function verify({ state }: Serving, namespace: string, who: string | null): Response {
  if (who === null) return problem(400, 'Invalid access token.');
  const found = state.namespace(namespace);
  if (!found) return problem(404, `Namespace not found: ${namespace}`);
  if (!found.members.includes(who)) return problem(400, `Insufficient access rights for namespace: ${namespace}`);
  return ok({ success: 'Valid token' });
}

async function create({ world, state, options }: Serving, request: Request, who: string | null): Promise<Response> {
  if (who === null) return problem(400, 'Invalid access token.');
  const { name } = (await request.json()) as { name?: string };
  if (!name) return problem(400, "Missing required property 'name'.");
  if (state.namespace(name)) return problem(400, `Namespace already exists: ${name}`);
  const serial = world.facts().length;
  await world.record({ at: world.now(), kind: NAMESPACE, data: { name, by: who } });
  return lostAfter(world, options.seed, serial, ok({ success: `Created namespace ${name}` }, 201));
}

async function took({ world, options }: Serving, { bytes, at, fate }: Past): Promise<void> {
  const read = options.readPackage(bytes);
  if (!read) throw new Error('The bytes are no package.');
  const ends = { pace: 1, fate, liveLagMs: 0, neverLive: false };
  const data = { ...read, bytes: Buffer.from(bytes).toString('base64'), by: 'release-console', ...ends };
  await world.record({ at, kind: PUBLISHED, data });
}

async function publish({ world, state, options }: Serving, request: Request, who: string | null): Promise<Response> {
  if (who === null) return problem(400, 'Invalid access token.');
  const serial = world.facts().length;
  const lost = lostBefore(world, options.seed, serial);
  if (lost) return lost;
  const bytes = new Uint8Array(await request.arrayBuffer());
  const read = options.readPackage(bytes);
  if (!read) return problem(400, 'Failed to read extension file');
  const refusal = whyRefused(state, read, who);
  if (refusal) return problem(400, refusal);
  const { pace, outcome, gallery, liveLagMs, neverLive } = world.scenario();
  const fate = gallery ?? (outcome === 'failure' ? 'rejects' : 'passes');
  if (fate === 'rejects') return problem(400, 'Validation failed: a secret was found in extension/out/main.js');
  const data = { ...read, bytes: Buffer.from(bytes).toString('base64'), by: who, pace, fate, liveLagMs, neverLive };
  await world.record({ at: world.now(), kind: PUBLISHED, data });
  const made = state.versions().at(-1);
  const body = made ? { ...extensionView(ORIGIN, made), success: 'It can take a couple minutes' } : {};
  return lostAfter(world, options.seed, serial, ok(body, 201));
}

function whyRefused(state: State, read: ReadPackage, who: string): string | null {
  const namespace = state.namespace(read.publisher);
  if (!namespace) return `Unknown publisher: ${read.publisher}`;
  if (!namespace.members.includes(who)) return `Insufficient access rights for publisher: ${read.publisher}`;
  const there = state.find(read);
  if (!there) return null;
  const end = there.state === 'active' ? '.' : ", but currently isn't active and therefore not visible.";
  return `Extension ${read.publisher}.${read.name} ${read.version} is already published${end}`;
}

function download(state: State, [, publisher, name, version]: RegExpExecArray, targetPlatform: string): Response {
  const found = state.find({ publisher: publisher ?? '', name: name ?? '', version: version ?? '', targetPlatform });
  if (found?.state !== 'active') return new Response('Not Found', { status: 404 });
  const bytes = new Uint8Array(Buffer.from(found.bytes, 'base64'));
  return new Response(bytes, { headers: { 'content-type': 'application/vsix' } });
}
