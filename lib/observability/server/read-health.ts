import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { freezes } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { describeError, log } from '@/lib/kernel/log';
import { windowsOf } from '../../gates/model/windows';
import type { HealthView } from '../model/health-view';
import { ownCharts, ownMarkers } from '../model/own-charts';
import type { HealthQuery } from '../model/schemas';
import type { HealthAsk, HealthSource, Marker, Span } from '../model/series';
import { spanNamed } from '../model/ticks';
import { measuredSources } from './measured-source';
import { MOST, readDeliveries } from './read-deliveries';
import { readPlace } from './read-place';
import { shared } from './shared-answer';

/** The console's own records: durations, success and waits, with what went live and what was frozen. */
export function ownSource(ctx: ServiceContext): HealthSource {
  return {
    id: 'deployments',
    label: 'Deployments',
    async read(ask) {
      const { before, environmentIds, componentId, named } = ask;
      const [{ deliveries, cut }, frozen] = await Promise.all([
        readDeliveries(ctx.db, { from: before.from, ...(named ? { to: ask.to } : {}), environmentIds, componentId }),
        freezesIn(ctx, ask),
      ]);
      const { markers, unmarked } = ownMarkers(deliveries, ask);
      return {
        charts: ownCharts(deliveries, ask, before),
        markers: [...frozen, ...markers],
        unmarked,
        cutAt: cut ? MOST : null,
      };
    },
  };
}

/** A freeze that a person ended held until then. */
async function freezesIn(ctx: ServiceContext, { from, to, environmentIds, componentId }: HealthAsk): Promise<Marker[]> {
  const rows = await ctx.db.select().from(freezes);
  const here = rows.filter(
    (row) =>
      (row.environmentId === null || environmentIds.includes(row.environmentId)) &&
      (row.componentId === null || componentId === null || row.componentId === componentId),
  );
  return here.flatMap((row) => {
    const end = row.endedAt?.getTime() ?? Number.POSITIVE_INFINITY;
    const began = row.createdAt.getTime();
    return windowsOf(row, from, to).flatMap((window): Marker[] => {
      const [at, until] = [Math.max(window.from, began, from), Math.min(window.to, end, to)];
      return until > at ? [{ kind: 'freeze', at, until, label: `Freeze: ${row.name}`, href: '/holds' }] : [];
    });
  });
}

/**
 * Charts over one time axis, of everybody who can measure. One source that does not answer takes nothing from the
 * others: it is named, with what to do.
 */
export async function readHealth(
  ctx: ServiceContext,
  query: HealthQuery,
  only?: readonly HealthSource[],
): Promise<HealthView> {
  const place = await readPlace(ctx, query);
  const { component, environments, choices } = place;
  const named = namedSpans(query, ctx.clock.now());
  const { span, before } = named ?? place;
  const ask: HealthAsk = {
    ...span,
    ...{ before, named: named !== null },
    componentId: component?.id ?? null,
    environmentIds: environments.map(({ id }) => id),
  };
  const measured = only ? { sources: [], unread: 0 } : await measuredSources(ctx, ask);
  const sources = only ?? [ownSource(ctx), ...measured.sources.map((each) => shared(ctx.db, each))];
  const answers = await Promise.all(sources.map((source) => askOne(source, ask)));
  return {
    days: query.days,
    ...span,
    before,
    component: component?.slug ?? null,
    environment: query.environment ?? null,
    charts: answers.flatMap(({ charts }) => charts),
    markers: answers.flatMap(({ markers }) => markers),
    sources: answers.map(({ id, label, problem }) => ({ id, label, problem })),
    cutAt: answers.find(({ cutAt }) => cutAt !== null)?.cutAt ?? null,
    unmarked: answers.reduce((sum, { unmarked = 0 }) => sum + unmarked, 0),
    unread: measured.unread,
    choices,
  };
}

const MINUTE_MS = 60_000;

/** What is looked at closer, and as long a time right before it. It ends with this minute: nobody has measured what is to come. */
function namedSpans({ from, to }: HealthQuery, now: number): { span: Span; before: Span } | null {
  const named = spanNamed(from, to);
  if (named === null) return null;
  const span = { from: named.from, to: Math.min(named.to, Math.ceil(now / MINUTE_MS) * MINUTE_MS) };
  if (span.from >= span.to) throw new ServiceError('invalid', 'span_to_come', TO_COME, { from: TO_COME });
  return { span, before: { from: 2 * span.from - span.to, to: span.from } };
}

const TO_COME = 'This time is still to come. Choose one that has begun.';

async function askOne(source: HealthSource, ask: HealthAsk) {
  const { id, label } = source;
  try {
    return { id, label, problem: null, unmarked: 0, ...(await source.read(ask)) };
  } catch (error) {
    log.warn('a source of charts did not answer', { source: id, ...describeError(error) });
    const missing = ask.named
      ? `${label} did not answer for this time. Try again in a moment.`
      : `${label} did not answer, so its charts are missing. Reload the page to ask again.`;
    const problem = error instanceof ServiceError ? error.sentence : missing;
    return { id, label, problem, unmarked: 0, charts: [], markers: [], cutAt: null };
  }
}
