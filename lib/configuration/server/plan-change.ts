import { createHash } from 'node:crypto';
import type { ServiceContext } from '@/lib/auth/context';
import { isPermitted, requirePermission } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import type { SettingKind } from '@/lib/providers/port';
import { nameFor, sizeProblem } from '../model/names';
import type { PlanRemovalInput, PlanSettingInput } from '../model/schemas';
import type { ChangePlan, PlannedStep } from '../model/view';
import { whyNotInto } from './authority';
import { settingDigest } from './digest';
import { type EstateEnvironment, environmentBy } from './estate';
import { type Gathered, type GatheredPlace, gather } from './gather';

export interface Wanted {
  environment: string;
  kind: SettingKind;
  name: string;
  places: readonly string[];
  /** Null = remove it. */
  value: string | null;
}

/** A plan, and what carries it out: the place and the name as it is kept there. */
export interface Prepared {
  environment: EstateEnvironment;
  plan: ChangePlan;
  work: { step: PlannedStep; place: GatheredPlace; name: string }[];
  /** All that was read for it. */
  gathered: Gathered;
}

/** What setting it would do in each place; nothing is written. Throws `ServiceError` for who asks and what is no setting. */
export async function planSetting(ctx: ServiceContext, input: PlanSettingInput): Promise<ChangePlan> {
  return (await prepare(ctx, input)).plan;
}

export async function planRemoval(ctx: ServiceContext, input: PlanRemovalInput): Promise<ChangePlan> {
  return (await prepare(ctx, { ...input, value: null })).plan;
}

/** Reads all places anew. The value is looked at here and kept nowhere. */
export async function prepare(ctx: ServiceContext, wanted: Wanted): Promise<Prepared> {
  const environment = await environmentBy(ctx, wanted.environment);
  requirePermission(ctx.actor, 'configuration.manage', environment.slug);
  const gathered = await gather(ctx);
  const places = [...new Set(wanted.places)].map((key) => placeBy(gathered, environment.slug, key));
  const work = places.map((place) => {
    const name = nameIn(place, wanted);
    return { place, name, step: stepFor(ctx, gathered, { wanted, place, name, here: environment.slug }) };
  });
  const { kind } = wanted;
  const name = work[0]?.name ?? wanted.name;
  const steps = work.map(({ step }) => step);
  const action = wanted.value === null ? 'remove' : 'set';
  const shown = createHash('sha256')
    .update(JSON.stringify([action, kind, name, steps]))
    .digest('hex');
  const told = kind === 'secret' ? steps.map(withoutDigests) : steps;
  return { environment, plan: { action, kind, name, steps: told, shown }, work, gathered };
}

/** Of a secret none leaves: beside one of another place it would tell whether a guess of one's own is what is there. */
export function withoutDigests(step: PlannedStep): PlannedStep {
  return { ...step, before: null, after: null };
}

function placeBy(gathered: Gathered, environment: string, key: string): GatheredPlace {
  const place = gathered.places.get(key);
  // One that only another environment reads is that one's page's business.
  if (place?.environments.has(environment)) return place;
  const sentence = 'One of these places is not read by this environment any more. Load the page again.';
  throw new ServiceError('conflict', 'place_unknown', sentence, { places: 'Choose the places again.' });
}

function nameIn({ traits }: GatheredPlace, wanted: Wanted): string {
  const name = nameFor(traits, wanted.name);
  if (name === null) throw new ServiceError('invalid', 'bad_name', traits.name.says, { name: traits.name.says });
  const tooLarge = wanted.value === null ? null : sizeProblem(traits, wanted.kind, wanted.value);
  if (tooLarge) throw new ServiceError('invalid', 'bad_value', tooLarge, { value: tooLarge });
  return name;
}

interface Step {
  wanted: Wanted;
  place: GatheredPlace;
  name: string;
  here: string;
}

/** What is there already may be taken away all the same, unless that is done elsewhere too. */
function otherKinds({ traits, place }: GatheredPlace, { kind, value }: Wanted): string | null {
  const { kinds: takes, instead, fixed } = traits.scopes.find(({ id }) => id === place.scope) ?? {};
  if (value === null) return fixed?.[kind] ?? null;
  if (!takes || takes.includes(kind)) return null;
  return instead ?? `No ${kind} is kept there. Choose a narrower place.`;
}

function stepFor(ctx: ServiceContext, gathered: Gathered, { wanted, place, name, here }: Step): PlannedStep {
  const entry = place.entries?.find((each) => each.kind === wanted.kind && each.name === name);
  const readable = place.traits.kinds[wanted.kind]?.readable ?? false;
  const after = wanted.value === null || !readable ? null : settingDigest(name, wanted.value);
  const before = entry?.digest ?? null;
  const about = {
    ...{ place: place.key, label: place.place.label, before, after, changedAt: entry?.updatedAt ?? null },
    scope: place.traits.scopes.find(({ id }) => id === place.place.scope)?.word ?? place.place.scope,
    atOnce: place.traits.takesEffect === 'at-once',
    alsoDoes: place.traits.alsoDoes ?? null,
    alsoReadBy: [...place.environments].filter(
      (slug) => slug !== here && isPermitted(ctx.actor, 'deployment.read', slug),
    ),
  };
  const refusal = whyNotInto(ctx.actor, place, gathered) ?? place.problem ?? otherKinds(place, wanted);
  // Digests of one's own guesses beside the digest that is there would tell what may not be read.
  if (refusal) return { ...about, before: null, after: null, step: 'refused', because: refusal };
  const { notNow } = place.place;
  if (wanted.value === null && !entry) return { ...about, step: 'leave', because: 'It is not there.' };
  if (entry && after !== null && before === after)
    return { ...about, step: 'leave', because: 'It has this value already.' };
  if (notNow) return { ...about, before: null, after: null, step: 'refused', because: notNow };
  if (wanted.value === null) return { ...about, step: 'remove', because: null };
  return { ...about, step: entry ? 'replace' : 'create', because: null };
}
