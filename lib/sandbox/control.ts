import type { GithubSimulator } from '@/lib/providers/github/simulator';
import type { ExampleSite, SimulatedHost, Simulator, TruePackage } from '@/lib/providers/port';
import { isScenarioName, type ScenarioOverride, scenario } from './scenarios';
import type { Services } from './services';
import type { SandboxWorld } from './world';

export interface LoggedRequest {
  at: string;
  method: string;
  path: string;
  status: number;
}

/** A maker of tokens that can be asked for the key of an account. */
export interface ExampleAccounts {
  /** The key's file. */
  keyFor(account: { email: string; project: string }): Promise<string>;
}

/** A gallery that can be told of a package that it took before anybody looked. */
export interface ExampleGallery {
  provider: string;
  /** `at`: milliseconds since 1970; `fate`: what its own inspection came to. */
  took(past: { bytes: Uint8Array; at: number; fate: string }): Promise<void>;
  truth(): TruePackage[];
}

export interface ControlContext {
  world: SandboxWorld;
  github: GithubSimulator;
  services: Services;
  /** Where things can be hosted, and where packages go. */
  hosting: readonly (Simulator & {
    host?: SimulatedHost;
    example?: ExampleSite;
    gallery?: ExampleGallery;
  } & Partial<ExampleAccounts>)[];
  seed: number;
  /** Multiplies the pace of a scenario that is chosen by name. */
  pace: number;
  log: readonly LoggedRequest[];
}

/** The sandbox's own plane, under `/__sandbox/`: what no provider would offer. */
export async function control(request: Request, context: ControlContext): Promise<Response> {
  const { pathname } = new URL(request.url);
  const verb = `${request.method} ${pathname.replace('/__sandbox', '')}`;
  const body = request.method === 'POST' ? await readJson(request) : {};
  if (body === null) return refusal('Send a JSON object.');
  switch (verb) {
    case 'GET /state':
      return Response.json(providerTruth(context));
    case 'GET /requests':
      return Response.json({ requests: context.log });
    case 'POST /scenario':
      return setScenario(body, context);
    case 'POST /advance':
      return advance(body, context);
    case 'POST /push':
      return push(body, context);
    case 'POST /rename':
      return rename(body, context);
    case 'POST /live':
      return putLive(body, context);
    case 'GET /examples':
      return Response.json(examplesOf(context));
    case 'POST /built':
      return wasBuilt(body, context);
    case 'POST /took':
      return wasTaken(body, context);
    case 'POST /packed':
      return wasPacked(body, context);
    case 'POST /key':
      return keyMade(body, context);
    default:
      return refusal(
        'Known are: GET state, GET requests, GET examples, POST scenario, POST advance, POST push, POST rename, POST live, POST built, POST took, POST packed, POST key.',
        404,
      );
  }
}

/** How often each marker is there. */
function countMarkers(all: readonly { marker: string | null }[]): Map<string, number> {
  const byMarker = new Map<string, number>();
  for (const { marker } of all) if (marker) byMarker.set(marker, (byMarker.get(marker) ?? 0) + 1);
  return byMarker;
}

const doubledOf = (byMarker: ReadonlyMap<string, number>) =>
  [...byMarker].filter(([, count]) => count > 1).map(([marker]) => marker);

function hostTruth({ provider, target, builds, repointed, live }: SimulatedHost) {
  const all = builds();
  const doubled = doubledOf(countMarkers(all));
  return { provider, target, doubled, builds: all, repointed: repointed(), live: live() };
}

function providerTruth({ world, github, services, hosting, seed }: ControlContext) {
  const runs = github.truth();
  const byMarker = countMarkers(runs);
  const doubled = doubledOf(byMarker);
  return {
    now: new Date(world.now()).toISOString(),
    seed,
    scenario: world.scenario(),
    counts: {
      runs: runs.length,
      markers: byMarker.size,
      doubled: doubled.length,
      unmarked: runs.filter((run) => !run.marker).length,
    },
    doubled,
    runs,
    hosts: hosting.flatMap(({ host }) => (host ? [hostTruth(host)] : [])),
    galleries: hosting.flatMap(({ gallery }) =>
      gallery ? [{ provider: gallery.provider, packages: gallery.truth() }] : [],
    ),
    services: services.truth(),
  };
}

async function setScenario(body: Record<string, unknown>, { world, pace }: ControlContext): Promise<Response> {
  const { name, ...override } = body as ScenarioOverride;
  if (name !== undefined && !isScenarioName(name)) return refusal(message(() => scenario(name)));
  const present = world.scenario();
  const named = name === undefined ? scenario(present.name, override, present) : scenario(name, override);
  const next = name !== undefined && override.pace === undefined ? { ...named, pace: named.pace * pace } : named;
  await world.setScenario(next);
  return Response.json({ scenario: next });
}

async function advance(body: Record<string, unknown>, { world }: ControlContext): Promise<Response> {
  const ms = Number(body.ms);
  if (!Number.isFinite(ms) || ms < 0) return refusal('Send {"ms": <milliseconds, not negative>}.');
  await world.advance(ms);
  return Response.json({ now: new Date(world.now()).toISOString() });
}

async function push(body: Record<string, unknown>, { github }: ControlContext): Promise<Response> {
  const { branch, message: text, author, files, repository } = body;
  if (typeof branch !== 'string')
    return refusal('Send {"branch": "…", "message"?: "…", "author"?: "…", "files"?: {path: text or null}}.');
  const optional = (value: unknown) => (typeof value === 'string' ? value : undefined);
  try {
    const sha = await github.push({
      branch,
      ...(optional(repository) ? { repository: String(repository) } : {}),
      ...(optional(text) ? { message: String(text) } : {}),
      ...(optional(author) ? { author: String(author) } : {}),
      ...(files && typeof files === 'object' ? { files: files as Record<string, string | null> } : {}),
    });
    return Response.json({ sha, branch }, { status: 201 });
  } catch (error) {
    return refusal(error instanceof Error ? error.message : 'The push failed.');
  }
}

/** A repository gets another name; its former one leads on to it. */
async function rename({ repository, name }: Record<string, unknown>, { github }: ControlContext): Promise<Response> {
  if (typeof repository !== 'string' || typeof name !== 'string' || !/^[a-z0-9._-]{1,100}$/.test(name))
    return refusal('Send {"repository": "owner/name", "name": "new-name"}, in small letters.');
  try {
    await github.rename({ repository, name });
    return Response.json({ repository: `${repository.split('/')[0]}/${name}` }, { status: 201 });
  } catch (error) {
    return refusal(error instanceof Error ? error.message : 'Nothing was renamed.');
  }
}

/** Somebody changes what is live without a run: by hand, from a laptop, by another tool. */
async function putLive(body: Record<string, unknown>, { services }: ControlContext): Promise<Response> {
  const { environment, component, sha } = body;
  try {
    await services.put({ environment: String(environment), component: String(component), sha: String(sha) });
    return Response.json({ environment, component, sha }, { status: 201 });
  } catch (error) {
    return refusal(error instanceof Error ? error.message : 'Nothing was changed.');
  }
}

/** A build that a host made and published before anybody looked: the past of the example team. */
async function wasBuilt(body: Record<string, unknown>, context: ControlContext): Promise<Response> {
  const { provider, branch, sha, marker, at } = body;
  const site = examplesOf(context).find((each) => each.provider === provider);
  if (!site || [branch, sha, marker].some((each) => typeof each !== 'string') || typeof at !== 'number')
    return refusal(
      'Send {"provider": "a host of GET examples", "branch": "…", "sha": "…", "marker": "…", "at": <milliseconds since 1970>}.',
    );
  const { id, baked } = await site.built({ branch: String(branch), sha: String(sha), marker: String(marker), at });
  return Response.json({ id, baked }, { status: 201 });
}

/** A package that a gallery took in the past of the example team. */
async function wasTaken(body: Record<string, unknown>, { hosting }: ControlContext): Promise<Response> {
  const { provider, bytes, at, fate } = body;
  const found = hosting.find(({ gallery }) => gallery?.provider === provider)?.gallery;
  if (!found || typeof bytes !== 'string' || typeof at !== 'number' || typeof fate !== 'string')
    return refusal(
      'Send {"provider": "a gallery’s", "bytes": "base64 of a .vsix", "at": <milliseconds since 1970>, "fate": "passes"}.',
    );
  await found.took({ bytes: new Uint8Array(Buffer.from(bytes, 'base64')), at, fate });
  return Response.json({ provider, at }, { status: 201 });
}

/** The package that a workflow makes of a commit: what a run of the past has kept. */
function wasPacked(body: Record<string, unknown>, { github }: ControlContext): Response {
  const { workflow, sha, inputs = {} } = body;
  const given = Object.entries(inputs ?? {}).map(([name, value]) => [name, String(value)]);
  const bytes = github.packed({
    workflow: String(workflow),
    sha: String(sha),
    inputs: Object.fromEntries(given),
  });
  if (!bytes)
    return refusal('Send {"workflow": "….yml", "sha": "<a commit>", "inputs"?: {…}} of one that keeps a .vsix.');
  return Response.json({ bytes: bytes.toString('base64') }, { status: 201 });
}

/** As an administrator of the project makes one, and hands the file over. */
async function keyMade(body: Record<string, unknown>, { hosting }: ControlContext): Promise<Response> {
  const accounts = hosting.find(({ keyFor }) => keyFor !== undefined);
  const [, project] =
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]@([a-z][a-z0-9-]{4,28}[a-z0-9])\.iam\.gserviceaccount\.com$/.exec(
      String(body.email),
    ) ?? [];
  if (!accounts?.keyFor || !project) return refusal('Send {"email": "<account>@<project>.iam.gserviceaccount.com"}.');
  const file = await accounts.keyFor({ email: String(body.email), project });
  return new Response(file, { status: 201, headers: { 'content-type': 'application/json' } });
}

const examplesOf = ({ hosting }: ControlContext): ExampleSite[] => hosting.flatMap(({ example }) => example ?? []);

async function readJson(request: Request): Promise<Record<string, unknown> | null> {
  const text = await request.text();
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function message(run: () => unknown): string {
  try {
    run();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const refusal = (sentence: string, status = 400): Response => Response.json({ error: sentence }, { status });
