import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import type { Consumer } from '@/lib/connections/model/consumer';
import { ServiceError } from '@/lib/kernel/errors';
import {
  type CapabilityMap,
  type ConfigurationPlace,
  type ConfigurationTraits,
  capability,
  type ProviderContext,
  ProviderError,
} from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { EntryReading, PlaceReading, Reading, TargetReading } from '../model/reading';
import { ownVariable } from './changed-since';
import { settingDigest } from './digest';
import { databaseMoment, type EstateTarget, environmentNames, estateTargets } from './estate';

/** A place with all that is needed to read and to write it. */
export interface GatheredPlace extends PlaceReading {
  connectionId: string;
  /** The provider and its server. */
  server: string;
  providerLabel: string;
  traits: ConfigurationTraits;
  place: ConfigurationPlace;
  problem: string | null;
  /** An accident: asked again, it may be no more so. */
  passing?: boolean;
  /** Slugs of all environments whose targets read it through any connection, and of those it is named after. */
  environments: Set<string>;
}

export interface Gathered extends Reading {
  /** The database's time before the first provider was asked. */
  beganAt: string;
  places: ReadonlyMap<string, GatheredPlace>;
  targets: (TargetReading & {
    connectionId: string;
    problem: string | null;
    passing?: boolean;
    live: ReturnType<typeof liveOf>;
    next: ReturnType<typeof nextOf>;
  })[];
  without: { id: string; name: string; environment: string; provider: string }[];
  /** Servers of which a target could not say what it reads: then a place there may have readers nobody knows of. */
  unsure: Set<string> | 'all';
}

/** At one time. Requests are few and small, and the vendor's etiquette asks for calm. */
const AT_ONCE = 4;

/** `targets`: no others are asked about, so nothing is said of who else reads a place. `consumer`: whose quota it is. */
export interface GatherOnly {
  targets: ReadonlySet<string>;
  consumer: Consumer;
}

/** What every target's runs read at its provider. What fails for one target or place is a part of the answer. */
export async function gather(ctx: ServiceContext, only?: GatherOnly): Promise<Gathered> {
  const [beganAt, estate, slugs] = await Promise.all([
    databaseMoment(ctx),
    estateTargets(ctx, only?.targets),
    environmentNames(ctx),
  ]);
  const places = new Map<string, GatheredPlace>();
  const gathered: Gathered = { beganAt, targets: [], places, without: [], unsure: estate.all ? new Set() : 'all' };
  const opened = new Map<string, Promise<OpenConnection>>();
  const open = (id: string) => {
    const known = opened.get(id) ?? ctx.openConnection(id, only?.consumer, 'look');
    opened.set(id, known);
    return known;
  };
  const able = estate.targets.filter((target) => {
    if (traitsOf(target)) return true;
    // What runs there is what its settings are asked about.
    if (target.has_runtime && !target.runtime) return false;
    const provider = providers[target.provider_id]?.manifest.label ?? target.provider_id;
    gathered.without.push({ id: target.id, name: target.name, environment: target.environment, provider });
    return false;
  });
  const found = await inLanes(able, (target) => askTarget(open, target));
  const stores = new Map<string, GatheredPlace>();
  for (const { target, reads } of found) addTarget(gathered, stores, target, reads);
  for (const known of stores.values()) {
    for (const slug of slugs.keys()) if (isNamedAfter(known.place, slug)) known.environments.add(slug);
    places.set(known.key, known);
  }
  await inLanes([...places.values()], (place) => fill(open, place));
  return gathered;
}

function traitsOf({ provider_id }: EstateTarget): ConfigurationTraits | undefined {
  return Object.hasOwn(providers, provider_id)
    ? providers[provider_id]?.manifest.capabilities.configuration
    : undefined;
}

interface Asked {
  places: ConfigurationPlace[];
  named: TargetReading['named'];
  problem: string | null;
  passing?: boolean;
  complete: boolean;
  readsAll?: true;
  running?: TargetReading['running'];
  liveNames?: TargetReading['liveNames'];
}

async function askTarget(
  open: (id: string) => Promise<OpenConnection>,
  target: EstateTarget,
): Promise<{ target: EstateTarget; reads: Asked }> {
  try {
    const { provider, context } = await open(target.connection_id);
    const reads = await capability(provider, 'configuration').reads(
      context,
      target.config,
      target.environment,
      target.runtime,
    );
    return { target, reads };
  } catch (error) {
    return {
      target,
      reads: { places: [], named: null, problem: sentenceOf(error), passing: isPassing(error), complete: false },
    };
  }
}

/** Whatever its readers say of themselves: what bears an environment's name is that one's too. */
function isNamedAfter({ environment }: ConfigurationPlace, slug: string): boolean {
  return environment?.toLowerCase() === slug.toLowerCase();
}

/** `stores`: by what they are at the provider, so that neither a second connection nor a spelling makes two of one. */
function addTarget(gathered: Gathered, stores: Map<string, GatheredPlace>, target: EstateTarget, reads: Asked): void {
  const traits = traitsOf(target);
  if (!traits) return;
  const server = `${target.provider_id} ${URL.parse(target.origin)?.origin ?? target.origin}`;
  if (!reads.complete && gathered.unsure !== 'all') gathered.unsure.add(server);
  const keys = reads.places.map((place) => {
    const store = `${target.provider_id} ${place.identity}`;
    const known = stores.get(store) ?? {
      ...{ key: `${target.connection_id} ${place.id}`, server, place, traits },
      ...{ entries: null, problem: null, environments: new Set<string>() },
      shared: traits.scopes.find(({ id }) => id === place.scope)?.shared ?? false,
      connectionId: target.connection_id,
      providerLabel: providers[target.provider_id]?.manifest.label ?? target.provider_id,
    };
    // One connection may see what another calls absent, and one target's settings write what another's only show.
    if (isBetter(traits, place, known.place)) Object.assign(known, { place, connectionId: target.connection_id });
    known.environments.add(target.environment);
    stores.set(store, known);
    return known.key;
  });
  const { id, name, environment, connection_id: connectionId } = target;
  const { named, problem, passing = false, complete, readsAll, running, liveNames } = reads;
  const ours = target.runtime ? undefined : ownVariable(providers[target.provider_id], target.rendering);
  gathered.targets.push({
    ...{ id, name, environment, connectionId, places: keys, named, complete, problem, passing, readsAll, running },
    liveNames,
    ...(target.runtime ? { runtime: true as const } : {}),
    ...{ live: liveOf(target), next: nextOf(target), takesEffect: traits.takesEffect, ours },
  });
}

/** What is shown before what is not, what is there before what is not, then what may be written before what is only shown. */
function isBetter({ scopes }: ConfigurationTraits, one: ConfigurationPlace, other: ConfigurationPlace): boolean {
  if (!one.notInPlan !== !other.notInPlan) return !one.notInPlan;
  if ((one.absent === null) !== (other.absent === null)) return one.absent === null;
  const rank = ({ scope }: ConfigurationPlace) => Number(scopes.find(({ id }) => id === scope)?.writable ?? false);
  return rank(one) > rank(other);
}

function liveOf({ live_id: id, live_number: number, live_ref: ref, live_sha: sha, sent_ms: ms }: EstateTarget) {
  if (id === null || number === null || ref === null || sha === null || ms === null) return null;
  return { id, number, ref, sha, sentAt: new Date(ms).toISOString() };
}

function nextOf({ next_id: id, next_number: number }: EstateTarget): { id: string; number: number } | null {
  return id === null || number === null ? null : { id, number };
}

async function fill(open: (id: string) => Promise<OpenConnection>, known: GatheredPlace): Promise<void> {
  if (known.place.absent) {
    known.entries = [];
    return;
  }
  if (known.place.notInPlan) {
    known.problem = known.place.notInPlan;
    return;
  }
  try {
    const { provider, context } = await open(known.connectionId);
    known.entries = await entriesIn(capability(provider, 'configuration'), context, known.place.id);
  } catch (error) {
    known.problem = sentenceOf(error);
    known.passing = isPassing(error);
  }
}

/** What is in one place; values become digests here and go no further. Throws `ProviderError`. */
export async function entriesIn(
  methods: CapabilityMap['configuration']['methods'],
  context: ProviderContext,
  place: string,
): Promise<EntryReading[]> {
  const entries = await methods.list(context, place);
  return entries.map(({ value, ...entry }) => ({
    ...entry,
    digest: value === null ? null : settingDigest(entry.name, value.reveal()),
  }));
}

/** An expected refusal as a sentence; anything else is a bug and is thrown on. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ProviderError) return error.message;
  if (error instanceof ServiceError) return error.sentence;
  throw error;
}

const isPassing = (error: unknown) =>
  error instanceof ProviderError && error.kind !== 'auth' && error.kind !== 'notFound' && error.kind !== 'rejected';

async function inLanes<T, R>(rows: readonly T[], work: (row: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...rows.entries()];
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}
