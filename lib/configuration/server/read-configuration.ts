import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requirePermission } from '@/lib/auth/require';
import { deployGate } from '@/lib/deployments/model/eligibility';
import { readGateFacts } from '@/lib/deployments/server/gate';
import { requireTarget } from '@/lib/deployments/server/rows';
import { SETTING_KINDS } from '@/lib/providers/port';
import { judge } from '../model/judge';
import type { EntryReading } from '../model/reading';
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
  const running = [...new Set(here.flatMap(({ id, live }) => (live ? [id] : [])))];
  const notAgain = await whyNotAgain(ctx, environment.slug, running);
  const keys = new Set(here.flatMap((each) => each.places));
  const places = nearestFirst([...seen.places.values()].filter(({ key }) => keys.has(key)));
  const others = [...new Set(seen.targets.map((each) => each.environment))].filter((slug) => slug !== environment.slug);
  return {
    environment,
    readAt,
    staleDays: STALE_DAYS,
    others: others.map((slug) => ({ slug, name: names.get(slug) ?? slug })),
    places: places.map((place) => placeView(ctx, place, gathered)),
    targets: here.map(({ id, name, runtime = false, running, places: own, named, problem, live, next }) => ({
      ...{ id, name, runtime, renew: running?.renew ?? null, problem, live, next, places: own },
      named: named?.length ?? null,
      notAgain: notAgain.get(id) ?? null,
    })),
    rows: judge(seen, environment.slug, readAt),
    rules: rulesOf(places),
    without: gathered.without
      .filter((each) => each.environment === environment.slug)
      .map(({ id, name, provider }) => ({ id, name, provider })),
  };
}

/** By target, why what is live is not deployed again: the gates that the matrix and the press ask. */
async function whyNotAgain(ctx: ServiceContext, slug: string, targetIds: string[]): Promise<Map<string, string>> {
  const asked = { mayRequest: isPermitted(ctx.actor, 'deployment.request', slug), ticked: null };
  const refusals = targetIds.map(async (id) => {
    const facts = await readGateFacts(ctx.db, await requireTarget(ctx.db, id), null, asked);
    const { refusal } = deployGate(facts);
    return refusal ? ([[id, refusal.sentence]] as const) : [];
  });
  return new Map((await Promise.all(refusals)).flat());
}

/** Targets in environments that this person may not see, and what only those read, stay out; so do digests of others' secrets. */
function visible(ctx: ServiceContext, gathered: Gathered): Pick<Gathered, 'targets' | 'places'> {
  const { targets, places } = gathered;
  const seen = targets.filter((each) => isPermitted(ctx.actor, 'deployment.read', each.environment));
  const keys = new Set(seen.flatMap((each) => each.places));
  const own = [...places].filter(([key]) => keys.has(key));
  return { targets: seen, places: new Map(own.map(([key, place]) => [key, asKnownTo(ctx, place, gathered)])) };
}

/**
 * A secret's digest is for who may write all that reads it. To others it would tell whether a value of their own is the same
 * there; where one side has none, `judge` says no more than that both are there.
 */
function asKnownTo(ctx: ServiceContext, known: GatheredPlace, gathered: Gathered): GatheredPlace {
  const { entries } = known;
  if (!entries?.some(isSecretWithDigest) || whyNotInto(ctx.actor, known, gathered) === null) return known;
  return { ...known, entries: entries.map((each) => (isSecretWithDigest(each) ? { ...each, digest: null } : each)) };
}

const isSecretWithDigest = ({ kind, digest }: EntryReading) => kind === 'secret' && digest !== null;

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
    refusal: whyNotInto(ctx.actor, known, gathered) ?? place.notNow ?? null,
  };
}

/** Of the first provider that takes anything here, with the kinds that others add; theirs are asked when it is written. */
function rulesOf(places: GatheredPlace[]): SettingRules | null {
  const all = places.map((each) => each.traits).filter(({ scopes }) => scopes.some(({ writable }) => writable));
  const [traits] = all;
  if (!traits) return null;
  const kinds = SETTING_KINDS.flatMap((kind) => {
    const rule = all.find(({ kinds }) => kinds[kind])?.kinds[kind];
    return rule ? [{ kind, ...rule }] : [];
  });
  return { kinds, name: { ...traits.name } };
}
