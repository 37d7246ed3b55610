import type { SimulatorWorld } from '../../port';

type Sent = Record<string, unknown>;

const now = ({ now: at }: SimulatorWorld) => new Date(at()).toISOString();
const facts = (world: SimulatorWorld, kind: string, version: string) =>
  world.facts().filter((fact) => fact.kind === kind && fact.data.version === version);

const wrong = (field: string, said: string) => Response.json({ [field]: [said] }, { status: 400 });

/** 201 for a new one, 208 for one that is there. */
export async function makeRelease(world: SimulatorWorld, { version, projects, ref }: Sent): Promise<Response> {
  if (typeof version !== 'string' || !/^[^\s/\\]{1,200}$/.test(version))
    return wrong('version', 'Invalid release name');
  if (!Array.isArray(projects) || projects.length === 0) return wrong('projects', 'This field is required.');
  const known = facts(world, 'sentry.release', version).length > 0;
  if (!known) await world.record({ at: world.now(), kind: 'sentry.release', data: { version, projects, ref } });
  const body = {
    ...{ id: 1, version, shortVersion: version.slice(0, 12), status: 'open', versionInfo: null, ref: ref ?? null },
    ...{ url: null, dateReleased: null, dateCreated: now(world), authors: [], commitCount: 0, data: {}, newGroups: 0 },
    ...{ deployCount: facts(world, 'sentry.deploy', version).length, projects: [] },
  };
  return Response.json(body, { status: known ? 208 : 201 });
}

const shown = ({ id, environment, name, url, dateStarted, dateFinished }: Sent) => ({
  ...{ id, environment, name: name ?? null, url: url ?? null, dateStarted: dateStarted ?? null, dateFinished },
});

const missing = () => Response.json({ detail: 'The requested resource does not exist' }, { status: 404 });

export function deploys(world: SimulatorWorld, version: string): Response {
  if (facts(world, 'sentry.release', version).length === 0) return missing();
  const { listLagMs } = world.scenario();
  const listed = facts(world, 'sentry.deploy', version).filter(({ at }) => at + listLagMs <= world.now());
  return Response.json(listed.map(({ data }) => shown(data)).reverse());
}

export async function makeDeploy(world: SimulatorWorld, version: string, sent: Sent): Promise<Response> {
  if (facts(world, 'sentry.release', version).length === 0) return missing();
  if (typeof sent.environment !== 'string' || sent.environment === '')
    return wrong('environment', 'This field is required.');
  const { refuse, acceptThen502 } = world.scenario();
  if (refuse > 0) return new Response('Bad Gateway', { status: 502 });
  const id = String(world.facts().filter(({ kind }) => kind === 'sentry.deploy').length + 1);
  const data = { dateFinished: now(world), ...sent, version, id };
  await world.record({ at: world.now(), kind: 'sentry.deploy', data });
  if (acceptThen502 > 0) return new Response('Bad Gateway', { status: 502 });
  return Response.json(shown(data), { status: 201 });
}
