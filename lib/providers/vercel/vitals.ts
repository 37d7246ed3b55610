import { type ProviderContext, ProviderError, type VitalsReading } from '../port';
import { call } from './client';
import { readProject } from './deploy';
import { manifest } from './manifest';
import { metricSchema, type Project } from './schema';
import type { Place } from './target';

/** Source: https://vercel.com/docs/speed-insights/accessing-metrics-with-vercel-cli */
const METRICS = {
  lcpMs: 'vercel.speed_insights.lcp_ms',
  inpMs: 'vercel.speed_insights.inp_ms',
  cls: 'vercel.speed_insights.cls',
} as const;
const DAY_MS = 86_400_000;

/** Four requests; one where the plan, or a right that is missing, forbids it. Of previews no branch is told apart. */
export async function readVitals(c: ProviderContext, place: Place): Promise<VitalsReading> {
  const project = await readProject(c, place);
  const lcpMs = await percentile(c, place, project, METRICS.lcpMs);
  const [inpMs, cls] = await Promise.all([
    percentile(c, place, project, METRICS.inpMs),
    percentile(c, place, project, METRICS.cls),
  ]);
  const of = place.production ? `production of ${project.name}` : `all previews of ${project.name}`;
  const isEmpty = [lcpMs, inpMs, cls].every((each) => each === null);
  return { lcpMs, inpMs, cls, of, none: isEmpty ? whyNone(project, of) : null };
}

/**
 * The 75th percentile over the last days; null where nobody was measured. Description and command line name the fields:
 * `createObservabilityQuery` of @vercel/sdk, and packages/cli/src/commands/metrics of https://github.com/vercel/vercel
 */
async function percentile(c: ProviderContext, place: Place, project: Project, metric: string): Promise<number | null> {
  const { id, accountId } = project;
  const end = c.now();
  const body = {
    scope: { type: 'project', ownerId: accountId, projectIds: [id] },
    ...{ metric, aggregation: 'p75' },
    startTime: new Date(end - manifest.capabilities.vitals.days * DAY_MS).toISOString(),
    endTime: new Date(end).toISOString(),
    granularity: { days: 1 },
    filter: `environment eq '${place.production ? 'production' : 'preview'}'`,
    limit: 1,
  };
  const query: Record<string, string> = accountId.startsWith('team_') ? { teamId: accountId } : {};
  const wanted = { method: 'POST', path: '/v2/observability/query', query, body, asksOnly: true } as const;
  const about = `measurements of project ${place.project}`;
  const { summary } = await call(c, { ...wanted, about }, metricSchema);
  const [row] = summary;
  if (!row) return null;
  const figure = row[`${metric}_p75`.replaceAll('.', '_')];
  if (figure === null || (typeof figure === 'number' && figure >= 0)) return figure;
  const sentence = `Vercel answered ${metric} in a form that this version does not understand. Please report it.`;
  throw new ProviderError('protocol', 'unexpected_answer', sentence);
}

function whyNone({ speedInsights, name }: Project, of: string): NonNullable<VitalsReading['none']> {
  const { enabledAt, dataReceivedAt, disabledAt, canceledAt } = speedInsights ?? {};
  const { by, days } = manifest.capabilities.vitals;
  const began = enabledAt ?? dataReceivedAt;
  if (!began || Math.max(disabledAt ?? 0, canceledAt ?? 0) > began) {
    const sentence = `${by} is not enabled for ${name}. Enable it at Vercel (project → ${by}), and add @vercel/speed-insights to the app.`;
    return { code: 'not_enabled', sentence };
  }
  const sentence = `${by} measured no visit in ${of} in the last ${days} days. It counts from a deployment on that has @vercel/speed-insights in its pages.`;
  return { code: 'no_data', sentence };
}
