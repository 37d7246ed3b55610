import type { Tone } from '@/components/ui/tone';
import type { PublicStatus } from '@/lib/public-status/model/status';
import { IMPACT_WORDS, type Impact, worseOf } from '@/lib/status/model/words';

/** How all of it stands, in one line: what was said by people, and never that all is well because nobody looked. */
export function standingOf({ incidents, maintenances }: Pick<PublicStatus, 'incidents' | 'maintenances'>): {
  tone: Tone;
  says: string;
} {
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === null);
  const worst = open.reduce<Impact | null>((last, { impact }) => worseOf(impact, last ?? impact), null);
  if (worst !== null) {
    const { label, tone } = IMPACT_WORDS[worst];
    return { tone, says: open.length === 1 ? label : `${label}: ${open.length} incidents go on` };
  }
  if (maintenances.some(({ state }) => state === 'in_progress')) return { tone: 'busy', says: 'Maintenance goes on' };
  return { tone: 'neutral', says: 'No incident is known' };
}
