import type { SimulatorWorld } from '@/lib/providers/port';
import { iso } from './random';

/** The page that says how GitHub itself is. It knows no credentials. */
export const STATUS_HOST = 'www.githubstatus.com';

const PARTS = ['Git Operations', 'Webhooks', 'API Requests', 'Issues', 'Pull Requests', 'Actions', 'Pages', 'Copilot'];

/** `GET /api/v2/summary.json` of Statuspage, version 2. */
export function serveStatus(request: Request, world: SimulatorWorld): Response {
  const { pathname } = new URL(request.url);
  if (pathname !== '/api/v2/summary.json') return Response.json({ error: 'not found' }, { status: 404 });
  const { incident = false } = world.scenario();
  const started = iso(beganAt(world));
  const components = PARTS.map((name, position) => ({
    id: `part${position}`,
    name,
    status: incident && name === 'Actions' ? 'degraded_performance' : 'operational',
    ...{ created_at: started, updated_at: started, position, description: null, showcase: false, start_date: null },
    ...{ group_id: null, page_id: 'kctbh9vrtdwd', group: false, only_show_if_degraded: false },
  }));
  return Response.json({
    page: {
      id: 'kctbh9vrtdwd',
      name: 'GitHub',
      url: `https://${STATUS_HOST}`,
      time_zone: 'Etc/UTC',
      updated_at: started,
    },
    components,
    incidents: incident ? [degraded(started, components)] : [],
    scheduled_maintenances: [],
    status: incident
      ? { indicator: 'minor', description: 'Minor Service Outage' }
      : { indicator: 'none', description: 'All Systems Operational' },
  });
}

/** When somebody chose the present scenario. */
function beganAt(world: SimulatorWorld): number {
  const facts = world.facts();
  return (facts.findLast(({ kind }) => kind === 'scenario.set') ?? facts[0])?.at ?? world.now();
}

function degraded(started: string, components: { name: string }[]) {
  return {
    ...{
      id: 'incident1',
      name: 'Incident with Actions',
      status: 'investigating',
      impact: 'minor',
      page_id: 'kctbh9vrtdwd',
    },
    ...{ created_at: started, updated_at: started, started_at: started, monitoring_at: null, resolved_at: null },
    shortlink: 'https://stspg.io/sandbox1',
    incident_updates: [
      {
        ...{
          id: 'update1',
          incident_id: 'incident1',
          status: 'investigating',
          created_at: started,
          updated_at: started,
        },
        body: 'We are investigating reports of degraded performance for Actions.',
        display_at: started,
      },
    ],
    components: components.filter(({ name }) => name === 'Actions'),
  };
}
