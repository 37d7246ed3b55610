import { z } from 'zod';
import { ProviderError, type ServiceIncident, type ServiceMaintenance, type ServiceStatus } from '@/lib/providers/port';
import { vendorText } from './vendor-text';

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
const summary = z.object({
  incidents: z.array(common),
  scheduled_maintenances: z
    .array(common.extend({ scheduled_for: time.nullish(), scheduled_until: time.nullish() }))
    .default([]),
});
type Notice = z.infer<typeof common>;

/** Whose page it is, and what of it matters to a release console. */
export interface PageOf {
  label: string;
  page: string;
  /** Hosts that a link may lead to; anything else is not made clickable. */
  hosts: readonly string[];
  /** Parts as the page names them; empty = all of it matters. */
  parts: readonly string[];
}

/**
 * The answer of `/api/v2/summary.json`, as pages by Statuspage give it: https://metastatuspage.com/api. What is over, and
 * what is about none of the parts, is left out. Throws `ProviderError` protocol for anything else.
 */
export function parseStatusPage(text: string, of: PageOf): ServiceStatus {
  const parsed = summary.safeParse(json(text));
  if (!parsed.success)
    throw new ProviderError(
      'protocol',
      'unexpected_answer',
      `${of.label}’s status page said something that is not understood.`,
    );
  const { incidents, scheduled_maintenances } = parsed.data;
  const matters = (notice: Notice) => partsNamed(notice).length === 0 || partsOf(notice, of).length > 0;
  return {
    page: of.page,
    incidents: incidents
      .filter((each) => isOpen(each) && matters(each))
      .slice(0, MAX_SHOWN)
      .map((each) => toIncident(each, of)),
    maintenance: scheduled_maintenances
      .filter((each) => isOpen(each) && matters(each))
      .slice(0, MAX_SHOWN)
      .map((each) => toMaintenance(each, of)),
  };
}

const isOpen = ({ status, resolved_at }: Notice) =>
  !resolved_at && !['resolved', 'postmortem', 'completed'].includes(status);
/** One that names no part may be about any. */
const partsOf = (notice: Notice, { parts }: PageOf) =>
  partsNamed(notice).filter((name) => parts.length === 0 || parts.includes(name));

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

function toIncident(notice: Notice, of: PageOf): ServiceIncident {
  const latest = notice.incident_updates[0]?.body;
  return {
    name: vendorText(notice.name),
    url: linkOf(notice.shortlink, of),
    impact: IMPACTS.get(notice.impact ?? '') ?? 'unrecognised',
    parts: partsOf(notice, of),
    since: notice.started_at ?? notice.created_at,
    latest: latest ? vendorText(latest) : null,
  };
}

function toMaintenance(
  notice: Notice & { scheduled_for?: string | null | undefined; scheduled_until?: string | null | undefined },
  of: PageOf,
): ServiceMaintenance {
  return {
    name: vendorText(notice.name),
    url: linkOf(notice.shortlink, of),
    parts: partsOf(notice, of),
    from: notice.scheduled_for ?? notice.created_at,
    until: notice.scheduled_until ?? null,
    running: notice.status === 'in_progress' || notice.status === 'verifying',
  };
}

/** Short links of the page's maker, or the page itself. */
function linkOf(link: string | null | undefined, { hosts }: PageOf): string | null {
  if (!link || !URL.canParse(link)) return null;
  const { protocol, hostname } = new URL(link);
  return protocol === 'https:' && ['stspg.io', ...hosts].includes(hostname) ? link : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
