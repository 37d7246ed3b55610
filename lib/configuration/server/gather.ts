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
import { settingDigest } from './digest';
import { type EstateTarget, environmentNames, estateTargets } from './estate';

/** A place with all that is needed to read and to write it. */
export interface GatheredPlace extends PlaceReading {
  connectionId: string;
  /** The provider and its server. */
  server: string;
  providerLabel: string;
  traits: ConfigurationTraits;
  place: ConfigurationPlace;
  problem: string | null;
  /** Slugs of all environments whose targets read it through any connection, and of those it is named after. */
  environments: Set<string>;
}

export interface Gathered extends Reading {
  places: ReadonlyMap<string, GatheredPlace>;
  targets: (TargetReading & { connectionId: string; problem: string | null })[];
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
  const [estate, slugs] = await Promise.all([estateTargets(ctx), environmentNames(ctx)]);
  const places = new Map<string, GatheredPlace>();
  const gathered: Gathered = { targets: [], places, without: [], unsure: estate.all ? new Set() : 'all' };
  const opened = new Map<string, Promise<OpenConnection>>();
  const open = (id: string) => {
    const known = opened.get(id) ?? ctx.openConnection(id, only?.consumer, 'look');
    opened.set(id, known);
    return known;
  };
  const able = estate.targets.filter((target) => {
    if (only && !only.targets.has(target.id)) return false;
    if (traitsOf(target)) return true;
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
  complete: boolean;
}

async function askTarget(
  open: (id: string) => Promise<OpenConnection>,
  target: EstateTarget,
): Promise<{ target: EstateTarget; reads: Asked }> {
  try {
    const { provider, context } = await open(target.connection_id);
    const reads = await capability(provider, 'configuration').reads(context, target.config, target.environment);
    return { target, reads };
  } catch (error) {
    return { target, reads: { places: [], named: null, problem: sentenceOf(error), complete: false } };
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
      connectionId: target.connection_id,
      providerLabel: providers[target.provider_id]?.manifest.label ?? target.provider_id,
    };
    // One connection may see what another calls absent.
    if (known.place.absent && !place.absent) Object.assign(known, { place, connectionId: target.connection_id });
    known.environments.add(target.environment);
    stores.set(store, known);
    return known.key;
  });
  const { id, name, environment, connection_id: connectionId, live_number: number, sent_ms: sentMs } = target;
  const live = number === null || sentMs === null ? null : { number, sentAt: new Date(sentMs).toISOString() };
  const { named, problem, complete } = reads;
  const { takesEffect } = traits;
  gathered.targets.push({
    id,
    name,
    environment,
    connectionId,
    places: keys,
    named,
    complete,
    problem,
    live,
    takesEffect,
  });
}

async function fill(open: (id: string) => Promise<OpenConnection>, known: GatheredPlace): Promise<void> {
  if (known.place.absent) {
    known.entries = [];
    return;
  }
  try {
    const { provider, context } = await open(known.connectionId);
    known.entries = await entriesIn(capability(provider, 'configuration'), context, known.place.id);
  } catch (error) {
    known.problem = sentenceOf(error);
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

async function inLanes<T, R>(rows: readonly T[], work: (row: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...rows.entries()];
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}
