import 'server-only';
import type { ServiceContext } from '@/lib/auth/context';
import { whyNot } from '@/lib/auth/require';
import { axesOf, CLASS_WORDS, CLASSES } from '../model/classes';
import { type Delivery, type Judged, judge, type Metric } from '../model/dora';
import { countedIn, figuresOf } from '../model/dora-figures';
import { addsOf, RULES, whyCounted } from '../model/dora-rules';
import type { DoraRow, DoraRows, DoraView } from '../model/dora-view';
import type { DoraQuery, DoraRowsQuery } from '../model/schemas';
import { MOST, readDeliveries } from './read-deliveries';
import { readPlace } from './read-place';

const HOUR_MS = 3_600_000;
/** Rows behind a number that are sent at once. */
const SHOWN = 200;
/** Of these the few that speak against it are what people come for. */
const BAD_FIRST: readonly Metric[] = ['failure_rate', 'rework_rate'];

const iso = (ms: number) => new Date(ms).toISOString();

async function gather(ctx: ServiceContext, query: DoraQuery) {
  const place = await readPlace(ctx, query);
  const { deliveries, cut, countedFrom } = await readDeliveries(ctx.db, {
    from: place.before.from,
    environmentIds: place.environments.map(({ id }) => id),
    componentId: place.component?.id ?? null,
  });
  const withinMs = query.hours * HOUR_MS;
  // Of the time before the cut nobody knows everything, so nothing is said of it.
  const span = { ...place.span, from: Math.max(place.span.from, countedFrom ?? 0) };
  return { place, deliveries, judged: judge(deliveries, withinMs), withinMs, cutAt: cut ? MOST : null, span };
}

/** The five figures of the span and of the one before, for all and for each component. */
export async function readDora(ctx: ServiceContext, query: DoraQuery): Promise<DoraView> {
  const { place, judged, cutAt, span } = await gather(ctx, query);
  const { before, component, environments, choices } = place;
  return {
    days: query.days,
    from: iso(place.span.from),
    to: iso(span.to),
    hours: query.hours,
    environments: environments.map(({ slug, name }) => ({ slug, name })),
    component: component?.slug ?? null,
    figures: figuresOf(judged, span),
    before: cutAt === null ? figuresOf(judged, before) : null,
    byComponent: choices.components.flatMap((each) => {
      const own = judged.filter(({ delivery }) => delivery.component.slug === each.slug);
      return own.length > 0 ? [{ component: each, figures: figuresOf(own, span) }] : [];
    }),
    rules: rulesFor(query.hours),
    cutAt,
    countedFrom: iso(span.from),
    choices,
  };
}

function rulesFor(hours: number): DoraView['rules'] {
  const { failure_rate } = RULES;
  return { ...RULES, failure_rate: { ...failure_rate, rule: failure_rate.rule.replace('{hours}', String(hours)) } };
}

/** What stands behind one figure, with why each row counts as it does; of a rate what speaks against it first. */
export async function readDoraRows(ctx: ServiceContext, query: DoraRowsQuery): Promise<DoraRows> {
  const { place, judged, deliveries, withinMs, cutAt, span } = await gather(ctx, query);
  const { metric } = query;
  const ruled = ruleAlone(deliveries, withinMs);
  const isBad = (each: Judged) => BAD_FIRST.includes(metric) && addsOf(metric, each) === true;
  const counted = countedIn(metric, judged, span).sort(
    (a, b) => Number(isBad(b)) - Number(isBad(a)) || momentOf(b) - momentOf(a),
  );
  const out = deliveries.filter((each) => each.said.count && endOf(each) >= span.from);
  const byRule = (id: string) => {
    const each = ruled(id);
    return each ? whyCounted(metric, each) : '';
  };
  return {
    metric,
    rule: rulesFor(query.hours)[metric],
    from: iso(place.span.from),
    to: iso(span.to),
    hours: query.hours,
    ...{ total: counted.length, cutAt, countedFrom: iso(span.from) },
    rows: counted.slice(0, SHOWN).map((each) => {
      const why = whyCounted(metric, each);
      const said = Object.keys(each.delivery.said).length > 0;
      const row = {
        at: momentOf(each),
        value: addsOf(metric, each),
        why,
        byRule: said ? byRule(each.delivery.id) : why,
      };
      return toRow(ctx, each, row);
    }),
    leftOut: out.slice(0, SHOWN).flatMap((delivery) => {
      const each = ruled(delivery.id);
      if (!each) return [];
      const row = {
        at: endOf(delivery),
        value: null,
        why: 'Left out: it counts nowhere.',
        byRule: byRule(delivery.id),
      };
      return [toRow(ctx, { ...each, delivery }, row)];
    }),
  };
}

/** What the rule says of each where nobody had said anything; reckoned only when somebody asks. */
function ruleAlone(deliveries: readonly Delivery[], withinMs: number): (id: string) => Judged | undefined {
  let known: Map<string, Judged> | null = null;
  return (id) => {
    known ??= new Map(
      judge(
        deliveries.map((each) => ({ ...each, said: {} })),
        withinMs,
      ).map((each) => [each.delivery.id, each]),
    );
    return known.get(id);
  };
}

/** A drill that still runs is there from when it was sent. */
const endOf = ({ finishedAt, submittedAt }: Delivery) => finishedAt ?? submittedAt ?? 0;

const momentOf = ({ liveAt, reachedAt }: Judged) => liveAt ?? reachedAt ?? 0;

function toRow(
  ctx: ServiceContext,
  { delivery, isChange, reachedAt, liveAt }: Judged,
  row: Pick<DoraRow, 'value' | 'why' | 'byRule'> & { at: number },
): DoraRow {
  const { id, number, kind, status, component, environment, label, version, title, sha, said } = delivery;
  const refusal = whyNot(ctx.actor, 'deployment.resolve', environment.slug);
  const axes = axesOf({ isChange, hasReached: reachedAt !== null, wentLive: liveAt !== null });
  return {
    deployment: { id, number, kind, status },
    ...{ component, environment, label, version, title, sha, ...row },
    at: iso(row.at),
    words: CLASSES.filter((word) => axes.includes(CLASS_WORDS[word].axis)),
    said: Object.values(said).map((each) => ({ ...each, at: iso(each.at) })),
    classify: {
      allowed: refusal === null,
      refusal: refusal === null ? null : { code: 'forbidden', sentence: refusal },
    },
  };
}
