import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { whyNot } from '@/lib/auth/require';
import { type Delivery, type Judged, judge } from '../model/dora';
import { countedIn, figuresOf } from '../model/dora-figures';
import { addsOf, RULES, whyCounted } from '../model/dora-rules';
import type { DoraRow, DoraRows, DoraView } from '../model/dora-view';
import type { DoraQuery, DoraRowsQuery } from '../model/schemas';
import { MOST, readDeliveries } from './read-deliveries';
import { readPlace } from './read-place';

const HOUR_MS = 3_600_000;
/** Rows behind a number that are sent at once. */
const SHOWN = 200;

const iso = (ms: number) => new Date(ms).toISOString();

async function gather(ctx: ServiceContext, query: DoraQuery) {
  const place = await readPlace(ctx, query);
  const { deliveries, cut } = await readDeliveries(ctx.db, {
    from: place.before.from,
    environmentIds: place.environments.map(({ id }) => id),
    componentId: place.component?.id ?? null,
  });
  return { place, deliveries, judged: judge(deliveries, query.hours * HOUR_MS), cut };
}

/** The five figures of the span and of the one before, for all and for each component. */
export async function readDora(ctx: ServiceContext, query: DoraQuery): Promise<DoraView> {
  const { place, judged, cut } = await gather(ctx, query);
  const { span, before, component, environments, choices } = place;
  return {
    days: query.days,
    from: iso(span.from),
    to: iso(span.to),
    hours: query.hours,
    environments: environments.map(({ slug, name }) => ({ slug, name })),
    component: component?.slug ?? null,
    figures: figuresOf(judged, span),
    before: figuresOf(judged, before),
    byComponent: choices.components.flatMap((each) => {
      const own = judged.filter(({ delivery }) => delivery.component.slug === each.slug);
      return own.length > 0 ? [{ component: each, figures: figuresOf(own, span) }] : [];
    }),
    rules: rulesFor(query.hours),
    cutAt: cut ? MOST : null,
    choices,
  };
}

function rulesFor(hours: number): DoraView['rules'] {
  const { failure_rate } = RULES;
  return { ...RULES, failure_rate: { ...failure_rate, rule: failure_rate.rule.replace('{hours}', String(hours)) } };
}

/** What stands behind one figure, newest first, with why each row counts as it does. */
export async function readDoraRows(ctx: ServiceContext, query: DoraRowsQuery): Promise<DoraRows> {
  const { place, judged, deliveries } = await gather(ctx, query);
  const { span } = place;
  const { metric } = query;
  const counted = countedIn(metric, judged, span).sort((a, b) => momentOf(b) - momentOf(a));
  const out = deliveries.filter(({ said, finishedAt }) => said.count && (finishedAt ?? 0) >= span.from);
  return {
    metric,
    rule: rulesFor(query.hours)[metric],
    from: iso(span.from),
    to: iso(span.to),
    hours: query.hours,
    rows: counted
      .slice(0, SHOWN)
      .map((each) => toRow(ctx, each.delivery, momentOf(each), addsOf(metric, each), whyCounted(metric, each))),
    total: counted.length,
    leftOut: out
      .slice(0, SHOWN)
      .map((each) => toRow(ctx, each, each.finishedAt ?? 0, null, 'Left out: it counts nowhere.')),
  };
}

const momentOf = ({ liveAt, reachedAt }: Judged) => liveAt ?? reachedAt ?? 0;

function toRow(ctx: ServiceContext, delivery: Delivery, at: number, value: DoraRow['value'], why: string): DoraRow {
  const { id, number, kind, status, component, environment, version, title, sha, said } = delivery;
  const refusal = whyNot(ctx.actor, 'deployment.resolve', environment.slug);
  return {
    deployment: { id, number, kind, status },
    ...{ component, environment, version, title, sha, value, why },
    at: iso(at),
    said: Object.values(said).map((each) => ({ ...each, at: iso(each.at) })),
    classify: {
      allowed: refusal === null,
      refusal: refusal === null ? null : { code: 'forbidden', sentence: refusal },
    },
  };
}
