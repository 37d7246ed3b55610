import { withLabel } from '@/lib/targets/model/label';
import 'server-only';
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { components, environments, targets } from '@/lib/db/schema';
import { ServiceError } from '@/lib/kernel/errors';
import { ProviderError } from '@/lib/providers/port';
import { fillIn, type HealthSettings, type Place } from '../model/health-settings';
import { measuredCharts, stepOfCharts } from '../model/measured-charts';
import type { ChartLink, HealthAsk, HealthSource, Span } from '../model/series';
import { readSignals } from './read-signals';

/** More at once would ask a metrics server dozens of questions for each open page. */
const MOST_TARGETS = 4;

/** Everything that measures what is looked at, each target a source of its own: one that is away takes nothing from the others. */
export async function measuredSources(
  ctx: ServiceContext,
  { environmentIds, componentId }: Pick<HealthAsk, 'environmentIds' | 'componentId'>,
): Promise<{ sources: HealthSource[]; unread: number }> {
  if (environmentIds.length === 0) return { sources: [], unread: 0 };
  const rows = await ctx.db
    .select({ target: targets, component: components, environment: environments })
    .from(targets)
    .innerJoin(components, eq(components.id, targets.componentId))
    .innerJoin(environments, eq(environments.id, targets.environmentId))
    .where(
      and(
        isNotNull(targets.health),
        inArray(targets.environmentId, [...environmentIds]),
        componentId === null ? undefined : eq(targets.componentId, componentId),
      ),
    )
    .orderBy(asc(environments.position), asc(components.position), asc(targets.id));
  const sources = rows.slice(0, MOST_TARGETS).map((row) => sourceOf(ctx, row));
  return { sources, unread: rows.length - sources.length };
}

type Row = {
  target: typeof targets.$inferSelect;
  component: typeof components.$inferSelect;
  environment: typeof environments.$inferSelect;
};

function sourceOf(ctx: ServiceContext, { target, component, environment }: Row): HealthSource {
  const name = `${component.name} in ${withLabel(environment.name, target.label)}`;
  return {
    id: target.id,
    label: `What measures ${name}`,
    async read({ from, to, before }) {
      const span = { from, to };
      const stepMs = stepOfCharts(span, before);
      const settings = target.health;
      if (settings === null) return { charts: [], markers: [], cutAt: null };
      const place = { component: component.slug, environment: environment.slug };
      const both = { from: before.from, to, stepMs };
      const [readings, dashboards] = await Promise.all([
        readSignals(ctx, { targetId: target.id, place, settings }, both),
        dashboardsOf(ctx, settings, place, span),
      ]);
      return {
        charts: measuredCharts({ id: target.id, name }, readings, { span, before, stepMs }, dashboards),
        markers: [],
        cutAt: null,
      };
    },
  };
}

/** The vendors' own pages over a span, of those to whom deployments are written; who cannot be opened has none. */
async function dashboardsOf(
  ctx: ServiceContext,
  { notes = [], values }: HealthSettings,
  place: Place,
  span: Span,
): Promise<ChartLink[]> {
  const links = await Promise.all(
    notes.map(async ({ connectionId, scope }): Promise<ChartLink | null> => {
      try {
        const { provider, context } = await ctx.openConnection(connectionId, 'watch');
        const href = provider.methods.notes?.page(context, fillIn(scope, values, place), span) ?? null;
        return href === null ? null : { label: `Dashboard at ${provider.manifest.label}`, href };
      } catch (error) {
        if (error instanceof ProviderError || error instanceof ServiceError) return null;
        throw error;
      }
    }),
  );
  return links.filter((each) => each !== null);
}
