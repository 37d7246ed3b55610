import type { GithubSimulator } from '@/lib/providers/github/simulator';
import type { Simulator } from '@/lib/providers/port';
import { isScenarioName, type ScenarioOverride, scenario } from './scenarios';
import type { Services } from './services';
import type { SandboxWorld } from './world';

export interface LoggedRequest {
  at: string;
  method: string;
  path: string;
  status: number;
}

export interface ControlContext {
  world: SandboxWorld;
  github: GithubSimulator;
  services: Services;
  /** Where things can be hosted. */
  hosting: readonly Simulator[];
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
    case 'POST /live':
      return putLive(body, context);
    default:
      return refusal('Known are: GET state, GET requests, POST scenario, POST advance, POST push, POST live.', 404);
  }
}

function providerTruth({ world, github, services, seed }: ControlContext) {
  const runs = github.truth();
  const byMarker = new Map<string, number>();
  for (const run of runs) if (run.marker) byMarker.set(run.marker, (byMarker.get(run.marker) ?? 0) + 1);
  const doubled = [...byMarker].filter(([, count]) => count > 1).map(([marker]) => marker);
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
