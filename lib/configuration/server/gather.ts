import type { OpenConnection, ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { type ConfigurationPlace, type ConfigurationTraits, capability, ProviderError } from '@/lib/providers/port';
import { providers } from '@/lib/providers/registry.generated';
import type { PlaceReading, Reading, TargetReading } from '../model/reading';
import { settingDigest } from './digest';
import { type EstateTarget, estateTargets } from './estate';

/** A place with all that is needed to read and to write it. */
export interface GatheredPlace extends PlaceReading {
  connectionId: string;
  providerLabel: string;
  traits: ConfigurationTraits;
  place: ConfigurationPlace;
  problem: string | null;
  /** Slugs of all environments whose targets read it, whoever asks. */
  environments: Set<string>;
}

export interface Gathered extends Reading {
  places: ReadonlyMap<string, GatheredPlace>;
  targets: (TargetReading & { connectionId: string; problem: string | null })[];
  without: { id: string; name: string; environment: string; provider: string }[];
  /** Connections of which a target could not say what it reads: then a place there may have readers nobody knows of. */
  unsure: Set<string>;
}

/** At one time. Requests are few and small, and the vendor's etiquette asks for calm. */
const AT_ONCE = 4;

/** What every target's runs read at its provider. What fails for one target or place is a part of the answer. */
export async function gather(ctx: ServiceContext): Promise<Gathered> {
  const all = await estateTargets(ctx);
  const places = new Map<string, GatheredPlace>();
  const gathered: Gathered = { targets: [], places, without: [], unsure: new Set() };
  const opened = new Map<string, Promise<OpenConnection>>();
  const open = (id: string) => {
    const known = opened.get(id) ?? ctx.openConnection(id, undefined, 'look');
    opened.set(id, known);
    return known;
  };
  const able = all.filter((target) => {
    if (traitsOf(target)) return true;
    const provider = providers[target.provider_id]?.manifest.label ?? target.provider_id;
    gathered.without.push({ id: target.id, name: target.name, environment: target.environment, provider });
    return false;
  });
  const found = await inLanes(able, (target) => askTarget(open, target));
  for (const { target, reads } of found) addTarget(gathered, places, target, reads);
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
  failed: boolean;
}

async function askTarget(
  open: (id: string) => Promise<OpenConnection>,
  target: EstateTarget,
): Promise<{ target: EstateTarget; reads: Asked }> {
  try {
    const { provider, context } = await open(target.connection_id);
    const reads = await capability(provider, 'configuration').reads(context, target.config, target.environment);
    return { target, reads: { ...reads, failed: false } };
  } catch (error) {
    return { target, reads: { places: [], named: null, problem: sentenceOf(error), failed: true } };
  }
}

function addTarget(gathered: Gathered, places: Map<string, GatheredPlace>, target: EstateTarget, reads: Asked): void {
  const traits = traitsOf(target);
  if (!traits) return;
  if (reads.failed) gathered.unsure.add(target.connection_id);
  const keys = reads.places.map((place) => {
    const key = `${target.connection_id} ${place.id}`;
    const known = places.get(key) ?? {
      ...{ key, place, traits, entries: null, problem: null, environments: new Set<string>() },
      connectionId: target.connection_id,
      providerLabel: providers[target.provider_id]?.manifest.label ?? target.provider_id,
    };
    known.environments.add(target.environment);
    places.set(key, known);
    return key;
  });
  const { id, name, environment, connection_id: connectionId, live_number: number, sent_ms: sentMs } = target;
  const live = number === null || sentMs === null ? null : { number, sentAt: new Date(sentMs).toISOString() };
  const { named, problem } = reads;
  const { takesEffect } = traits;
  gathered.targets.push({ id, name, environment, connectionId, places: keys, named, problem, live, takesEffect });
}

async function fill(open: (id: string) => Promise<OpenConnection>, known: GatheredPlace): Promise<void> {
  if (known.place.absent) {
    known.entries = [];
    return;
  }
  try {
    const { provider, context } = await open(known.connectionId);
    const entries = await capability(provider, 'configuration').list(context, known.place.id);
    known.entries = entries.map(({ value, ...entry }) => ({
      ...entry,
      digest: value === null ? null : settingDigest(entry.name, value.reveal()),
    }));
  } catch (error) {
    known.problem = sentenceOf(error);
  }
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
