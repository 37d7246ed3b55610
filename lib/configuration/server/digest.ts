import { keyedDigest } from '@/lib/connections/server/keyed-digest';

/** Bound to the name, so that two settings of one value do not look alike. */
export function settingDigest(name: string, value: string): string {
  return keyedDigest('configuration', JSON.stringify([name, value])).slice(0, 12);
}
