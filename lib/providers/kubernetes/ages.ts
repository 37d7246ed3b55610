import type { Metadata } from './schema';

/** Each key has a manager of its own, so that its age is exact. */
export const OWN_MANAGER = 'aetherstack:';

/**
 * When each key of `data` was last written, as ISO 8601: by the newest of the managers that own it. A manager's time is when
 * it last changed anything of the object, so a key may look newer than it is and never older. Keys that nobody owns are left out.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function agesOf({ managedFields }: Pick<Metadata, 'managedFields'>): Map<string, string> {
  const ages = new Map<string, number>();
  for (const { time, fieldsV1 } of managedFields ?? []) {
    const ms = Date.parse(time ?? '');
    if (Number.isNaN(ms)) continue;
    for (const key of keysIn(fieldsV1)) ages.set(key, Math.max(ms, ages.get(key) ?? ms));
  }
  return new Map([...ages].map(([key, ms]) => [key, new Date(ms).toISOString()]));
}

/**
 * Who else owns each key by a server-side apply, by key: once somebody wrote it over them, their next apply is refused for a
 * conflict. What is written from here is not among them.
 */
export function appliersOf({ managedFields }: Pick<Metadata, 'managedFields'>): Map<string, string> {
  const others = (managedFields ?? []).filter(
    ({ manager, operation }) => operation === 'Apply' && manager && !manager.startsWith(OWN_MANAGER),
  );
  return new Map(others.flatMap(({ manager, fieldsV1 }) => keysIn(fieldsV1).map((key) => [key, manager ?? ''])));
}

type Fields = Record<string, unknown> | null | undefined;

function keysIn(fields: Fields): string[] {
  const named = ['f:data', 'f:binaryData'].flatMap((part) => Object.keys(objectAt(fields, part)));
  return named.filter((field) => field.startsWith('f:')).map((field) => field.slice(2));
}

function objectAt(fields: Fields, name: string): object {
  const found = fields?.[name];
  return typeof found === 'object' && found !== null ? found : {};
}
