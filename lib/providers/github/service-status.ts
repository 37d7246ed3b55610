import { z } from 'zod';
import { ProviderError, type ServiceIncident, type ServiceMaintenance, type ServiceStatus } from '../port';
import { manifest } from './manifest';
import { shorten } from './vendor-text';

/** Its address, and the parts of GitHub that a release console stands on, as the page names them. */
const { page: STATUS_PAGE, parts: STATUS_PARTS } = manifest.capabilities.serviceStatus;

const MAX_SHOWN = 10;
const time = z.string().max(40);
const update = z.object({ body: z.string().default(''), created_at: time });
const part = z.object({ name: z.string() });
const common = z.object({
  name: z.string(),
  shortlink: z.string().nullish(),
  impact: z.string().nullish(),
  status: z.string(),
  created_at: time,
  started_at: time.nullish(),
  resolved_at: time.nullish(),
  components: z.array(part).default([]),
  incident_updates: z.array(update.extend({ affected_components: z.array(part).nullish() })).default([]),
});
/** Statuspage, version 2: https://www.githubstatus.com/api/v2/summary.json, documented at https://www.githubstatus.com/api */
const summary = z.object({
  incidents: z.array(common),
  scheduled_maintenances: z
    .array(common.extend({ scheduled_for: time.nullish(), scheduled_until: time.nullish() }))
    .default([]),
});
type Notice = z.infer<typeof common>;

export function parseServiceStatus(text: string): ServiceStatus {
  const parsed = summary.safeParse(json(text));
  if (!parsed.success)
    throw new ProviderError(
      'protocol',
      'unexpected_answer',
      'GitHub’s status page said something that is not understood.',
    );
  const { incidents, scheduled_maintenances } = parsed.data;
  return {
    page: STATUS_PAGE,
    incidents: incidents.filter(isOpen).filter(matters).slice(0, MAX_SHOWN).map(toIncident),
    maintenance: scheduled_maintenances.filter(isOpen).filter(matters).slice(0, MAX_SHOWN).map(toMaintenance),
  };
}

const isOpen = ({ status, resolved_at }: Notice) =>
  !resolved_at && !['resolved', 'postmortem', 'completed'].includes(status);
/** One that names no part may be about any. */
const matters = (notice: Notice) => partsNamed(notice).length === 0 || partsOf(notice).length > 0;
const partsOf = (notice: Notice) => partsNamed(notice).filter((name) => STATUS_PARTS.includes(name));

function partsNamed(notice: Notice): string[] {
  const named =
    notice.components.length > 0 ? notice.components : (notice.incident_updates[0]?.affected_components ?? []);
  return [...new Set(named.map(({ name }) => name))];
}

const IMPACTS = new Map<string, ServiceIncident['impact']>([
  ['minor', 'minor'],
  ['major', 'major'],
  ['critical', 'critical'],
]);

function toIncident(notice: Notice): ServiceIncident {
  const latest = notice.incident_updates[0]?.body;
  return {
    name: shorten(notice.name),
    url: linkOf(notice.shortlink),
    impact: IMPACTS.get(notice.impact ?? '') ?? 'unrecognised',
    parts: partsOf(notice),
    since: notice.started_at ?? notice.created_at,
    latest: latest ? shorten(latest) : null,
  };
}

function toMaintenance(
  notice: Notice & { scheduled_for?: string | null | undefined; scheduled_until?: string | null | undefined },
): ServiceMaintenance {
  return {
    name: shorten(notice.name),
    url: linkOf(notice.shortlink),
    parts: partsOf(notice),
    from: notice.scheduled_for ?? notice.created_at,
    until: notice.scheduled_until ?? null,
    running: notice.status === 'in_progress' || notice.status === 'verifying',
  };
}

/** Statuspage's short links, or the page itself; anything else is not made clickable. */
function linkOf(link: string | null | undefined): string | null {
  if (!link || !URL.canParse(link)) return null;
  const { protocol, hostname } = new URL(link);
  return protocol === 'https:' && ['stspg.io', 'www.githubstatus.com'].includes(hostname) ? link : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
