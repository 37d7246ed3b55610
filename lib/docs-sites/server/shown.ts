import { createHash } from 'node:crypto';
import type { Site, WantedSite } from '@/lib/providers/port';
import { settingsLines } from '../model/site';

/** Binds what is and what it would become, so that neither can change between the look and the press. */
export function shownOf(now: Site | null, wanted: WantedSite): string {
  return createHash('sha256')
    .update(JSON.stringify([settingsLines(now), settingsLines(wanted)]))
    .digest('hex');
}
