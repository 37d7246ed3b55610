import type { SimulatorWorld } from '../../port';

/** The page that says how Vercel itself is. It knows no credentials. */
export const STATUS_HOST = 'www.vercel-status.com';

/** `GET /api/v2/summary.json` of Statuspage, version 2, as far as it is read. */
export function serveStatus(request: Request, world: SimulatorWorld): Response {
  if (new URL(request.url).pathname !== '/api/v2/summary.json')
    return Response.json({ error: 'not found' }, { status: 404 });
  const { incident = false } = world.scenario();
  const started = new Date(
    world.facts().findLast(({ kind }) => kind === 'scenario.set')?.at ?? world.now(),
  ).toISOString();
  const times = {
    created_at: started,
    updated_at: started,
    started_at: started,
    monitoring_at: null,
    resolved_at: null,
  };
  const degraded = {
    ...{
      id: 'incident1',
      page_id: 'page1',
      name: 'Builds are slow',
      status: 'investigating',
      impact: 'major',
      ...times,
    },
    ...{
      shortlink: 'https://stspg.io/sandbox2',
      components: [{ id: 'part1', name: 'Builds', status: 'partial_outage' }],
    },
    incident_updates: [
      {
        ...{
          id: 'update1',
          incident_id: 'incident1',
          status: 'investigating',
          body: 'We are looking into slow builds.',
        },
        ...{ created_at: started, updated_at: started, display_at: started },
      },
    ],
  };
  return Response.json({
    page: { id: 'page1', name: 'Vercel', url: `https://${STATUS_HOST}`, time_zone: 'Etc/UTC', updated_at: started },
    components: [],
    incidents: incident ? [degraded] : [],
    scheduled_maintenances: [],
    status: { indicator: incident ? 'major' : 'none', description: '' },
  });
}
