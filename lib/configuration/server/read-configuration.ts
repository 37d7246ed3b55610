import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requirePermission } from '@/lib/auth/require';
import { SETTING_KINDS } from '@/lib/providers/port';
import { judge } from '../model/judge';
import type { ReadConfigurationInput } from '../model/schemas';
import { type ConfigurationView, type PlaceView, type SettingRules, STALE_DAYS } from '../model/view';
import { whyNotInto } from './authority';
import { databaseNow, environmentBy, environmentNames } from './estate';
import { type Gathered, type GatheredPlace, gather } from './gather';
import { keepReadings } from './keep-readings';

/**
 * Every setting that the targets of an environment read or name, by name, age and digest; never a value. What a provider
 * refuses is part of the answer; throws for who asks and for an unknown environment. Costs provider quota.
 */
export async function readConfiguration(
  ctx: ServiceContext,
  input: ReadConfigurationInput,
): Promise<ConfigurationView> {
  const environment = await environmentBy(ctx, input.environment);
  requirePermission(ctx.actor, 'deployment.read', environment.slug);
  const [gathered, readAt, names] = await Promise.all([gather(ctx), databaseNow(ctx), environmentNames(ctx)]);
  await keepReadings(ctx, gathered);
  const seen = visible(ctx, gathered);
  const here = seen.targets.filter((each) => each.environment === environment.slug);
  const keys = new Set(here.flatMap((each) => each.places));
  const places = nearestFirst([...seen.places.values()].filter(({ key }) => keys.has(key)));
  const others = [...new Set(seen.targets.map((each) => each.environment))].filter((slug) => slug !== environment.slug);
  return {
    environment,
    readAt,
    staleDays: STALE_DAYS,
    others: others.map((slug) => ({ slug, name: names.get(slug) ?? slug })),
    places: places.map((place) => placeView(ctx, place, gathered)),
    targets: here.map(({ id, name, places: own, named, problem, live }) => ({
      ...{ id, name, problem, live, places: own },
      named: named?.length ?? null,
    })),
    rows: judge(seen, environment.slug, readAt),
    rules: rulesOf(places),
    without: gathered.without
      .filter((each) => each.environment === environment.slug)
      .map(({ id, name, provider }) => ({ id, name, provider })),
  };
}

/** Targets in environments that this person may not see, and what only those read, stay out. */
function visible(ctx: ServiceContext, { targets, places }: Gathered): Pick<Gathered, 'targets' | 'places'> {
  const seen = targets.filter((each) => isPermitted(ctx.actor, 'deployment.read', each.environment));
  const keys = new Set(seen.flatMap((each) => each.places));
  return { targets: seen, places: new Map([...places].filter(([key]) => keys.has(key))) };
}

function nearestFirst(places: GatheredPlace[]): GatheredPlace[] {
  const rank = ({ traits, place }: GatheredPlace) => traits.scopes.findIndex(({ id }) => id === place.scope);
  return places.sort((a, b) => rank(a) - rank(b) || (a.place.label < b.place.label ? -1 : 1));
}

function placeView(ctx: ServiceContext, known: GatheredPlace, gathered: Gathered): PlaceView {
  const { key, place, traits, problem, providerLabel } = known;
  const scope = traits.scopes.find(({ id }) => id === place.scope);
  return {
    key,
    scope: scope?.word ?? place.scope,
    label: place.label,
    shared: scope?.shared ?? true,
    url: place.url,
    provider: providerLabel,
    absent: place.absent,
    problem,
    refusal: whyNotInto(ctx.actor, known, gathered),
  };
}

/** Of the first provider that takes anything here; another one's rules are asked when it is written. */
function rulesOf(places: GatheredPlace[]): SettingRules | null {
  const traits = places.find((each) => each.traits.scopes.some(({ writable }) => writable))?.traits;
  if (!traits) return null;
  const kinds = SETTING_KINDS.flatMap((kind) => {
    const rule = traits.kinds[kind];
    return rule ? [{ kind, ...rule }] : [];
  });
  return { kinds, name: { ...traits.name } };
}
