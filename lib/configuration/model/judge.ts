import { SETTING_KINDS, type SettingName } from '@/lib/providers/port';
import type { EntryReading, LackedName, Reading, TakenIn, TargetReading } from './reading';
import { type Parity, type SettingRow, STALE_DAYS } from './view';

const DAY_MS = 86_400_000;

const keyOf = ({ kind, name }: SettingName) => `${kind} ${name}`;

/** Every name that one environment has, needs, or has not although another one has it. `now` is ISO 8601 in UTC. */
export function judge(reading: Reading, environment: string, now: string): SettingRow[] {
  const here = reading.targets.filter((each) => each.environment === environment);
  const others = [...new Set(reading.targets.map((each) => each.environment))].filter((each) => each !== environment);
  const names = namesOf(reading);
  for (const target of here)
    for (const { kind, name } of target.liveNames ?? [])
      if (removed(reading, target, { kind, name }).length > 0) names.set(keyOf({ kind, name }), { kind, name });
  return [...names.values()]
    .map((setting) => rowOf(reading, here, setting, { environment, others, now }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/**
 * Names that the targets' workflows ask for and that are nowhere for them, or only where they are refused because several
 * environments would share them: what the doctor tells.
 */
export function missingFor(reading: Reading, target: TargetReading): LackedName[] {
  return (target.named ?? []).flatMap(({ kind, name, unshared, because }): LackedName[] => {
    if (unshared && isShared(reading, target, { kind, name })) return [{ kind, name, shared: true }];
    return lacks(reading, target, { kind, name }) ? [{ kind, name, ...(because && { because }) }] : [];
  });
}

function isShared(reading: Reading, { places }: TargetReading, setting: SettingName): boolean {
  return places.some((place) => reading.places.get(place)?.shared && entryIn(reading, place, setting));
}

function namesOf({ targets, places }: Reading): Map<string, SettingName> {
  const all = new Map<string, SettingName>();
  const add = ({ kind, name }: SettingName) => all.set(keyOf({ kind, name }), { kind, name });
  for (const { named } of targets) for (const each of named ?? []) add(each);
  for (const { entries } of places.values()) for (const each of entries ?? []) add(each);
  return all;
}

function rowOf(
  reading: Reading,
  here: TargetReading[],
  setting: SettingName,
  { environment, others, now }: { environment: string; others: string[]; now: string },
): SettingRow {
  const at = placesOf(here).flatMap((place) => {
    const entry = entryIn(reading, place, setting);
    return entry ? [{ place, ...shown(entry), stale: isStale(entry, now) }] : [];
  });
  const naming = here.filter((target) => askedBy(target, setting));
  return {
    ...setting,
    at,
    namedBy: naming.map(idAndName),
    missingFor: naming
      .filter((target) => lacks(reading, target, setting))
      .map((target) => ({ ...idAndName(target), because: askedBy(target, setting)?.because ?? null })),
    notLiveFor: here.flatMap((target) => notLive(reading, target, setting)),
    removedFor: here.flatMap((target) => removed(reading, target, setting)),
    elsewhere: others.map((other) => ({ environment: other, parity: parity(reading, setting, environment, other) })),
  };
}

const idAndName = ({ id, name }: TargetReading) => ({ id, name });
const shown = ({ createdAt, updatedAt, digest }: EntryReading) => ({ createdAt, updatedAt, digest });

function placesOf(targets: TargetReading[]): string[] {
  return [...new Set(targets.flatMap(({ places }) => places))];
}

function entryIn({ places }: Reading, place: string, setting: SettingName): EntryReading | undefined {
  return places.get(place)?.entries?.find((each) => keyOf(each) === keyOf(setting));
}

/** What a target really gets: the nearest of that name. */
function effective(reading: Reading, target: TargetReading, setting: SettingName): EntryReading | undefined {
  for (const place of target.places) {
    const entry = entryIn(reading, place, setting);
    if (entry) return entry;
  }
  return undefined;
}

/** Only what was read in full proves that something is not there. */
function isMissing(reading: Reading, target: TargetReading, setting: SettingName): boolean {
  const known = target.places.every((place) => reading.places.get(place)?.entries !== null);
  return target.complete && known && effective(reading, target, setting) === undefined;
}

const askedBy = ({ named }: TargetReading, setting: SettingName) =>
  named?.find((each) => keyOf(each) === keyOf(setting));

/** It asks for it, and has neither it nor what will do in its place. */
function lacks(reading: Reading, target: TargetReading, setting: SettingName): boolean {
  const asked = askedBy(target, setting);
  if (!asked || asked.optional) return false;
  const names = [setting.name, ...(asked.or ?? [])];
  return names.every((name) => isMissing(reading, target, { kind: setting.kind, name }));
}

/** Rotating is about what can leak; a variable may stay as it is for ever. */
function isStale({ kind, updatedAt }: EntryReading, now: string): boolean {
  return kind === 'secret' && updatedAt !== null && Date.parse(now) - Date.parse(updatedAt) > STALE_DAYS * DAY_MS;
}

/** All that a target's next deployment takes in, where a change counts from a deployment on; the newest change first. */
export function takenIn(reading: Reading, target: TargetReading): TakenIn[] {
  if (target.takesEffect === 'next-start') return [];
  return [...namesOf(reading).values()]
    .flatMap((setting) => {
      const changedAt = takenInAt(reading, target, setting);
      return changedAt === null ? [] : [{ ...setting, changedAt }];
    })
    .sort((a, b) => Date.parse(b.changedAt) - Date.parse(a.changedAt));
}

/** When the nearest entry changed; null where the workflow does not name it, it counts at once, or nobody knows. */
function takenInAt(reading: Reading, target: TargetReading, setting: SettingName): string | null {
  const { named, takesEffect, ours, readsAll } = target;
  if (takesEffect === 'at-once' || setting.name === ours) return null;
  if (named && !readsAll && !named.some((each) => keyOf(each) === keyOf(setting))) return null;
  return effective(reading, target, setting)?.updatedAt ?? null;
}

function notLive(reading: Reading, target: TargetReading, setting: SettingName): SettingRow['notLiveFor'] {
  const { id, name, live, running, takesEffect } = target;
  // What a restart takes in is not live before one, whatever was deployed meanwhile.
  const since = takesEffect === 'next-start' ? running?.since : live?.sentAt;
  const changedAt = takenInAt(reading, target, setting);
  if (!since || changedAt === null || Date.parse(changedAt) <= Date.parse(since)) return [];
  const number = takesEffect === 'next-start' ? null : (live?.number ?? null);
  return [{ id, name, runtime: target.runtime ?? false, number, since, changedAt }];
}

/** What is live was started with it, and none of the target's places has it any more, as a secret or as a variable. */
function removed(reading: Reading, target: TargetReading, setting: SettingName): SettingRow['removedFor'] {
  const { id, name, liveNames, takesEffect, passing, runtime = false, ours } = target;
  if (setting.name === ours || !liveNames?.some((each) => keyOf(each) === keyOf(setting))) return [];
  if (!SETTING_KINDS.every((kind) => isMissing(reading, target, { kind, name: setting.name }))) return [];
  // Where a change counts at once, what was asked for does not serve yet: what is on its way takes it away, or the next one.
  const rollOut = passing && takesEffect === 'at-once' ? 'roll-out' : 'next-deployment';
  return [{ id, name, runtime, until: takesEffect === 'next-start' ? takesEffect : rollOut }];
}

/** By what the targets of both get, whichever place it comes from. */
function parity(reading: Reading, setting: SettingName, here: string, there: string): Parity {
  const own = found(reading, setting, here);
  const other = found(reading, setting, there);
  if (other.entries.length === 0) return other.complete ? 'missing' : 'unreadable';
  if (own.entries.length === 0) return 'there';
  const digests = (entries: EntryReading[]) => [...new Set(entries.map((each) => each.digest))].sort();
  const [left, right] = [digests(own.entries), digests(other.entries)];
  // The very same entry, in a place that both read, is the same whatever it holds.
  if (own.entries.every((each) => other.entries.includes(each)) && own.entries.length === other.entries.length)
    return 'same';
  if (left.includes(null) || right.includes(null)) return 'there';
  return JSON.stringify(left) === JSON.stringify(right) ? 'same' : 'different';
}

function found(reading: Reading, setting: SettingName, environment: string) {
  const targets = reading.targets.filter((each) => each.environment === environment);
  const entries = targets.flatMap((target) => effective(reading, target, setting) ?? []);
  const complete = placesOf(targets).every((place) => reading.places.get(place)?.entries !== null);
  return { entries: [...new Set(entries)], complete };
}
