/** How an incident stands, in the order in which it goes. */
export const INCIDENT_STATES = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** How much of it users feel, least first. */
export const IMPACTS = ['none', 'minor', 'major', 'critical'] as const;
export type Impact = (typeof IMPACTS)[number];

/** `cancelled`: it was called off before it began. */
export const MAINTENANCE_STATES = ['scheduled', 'in_progress', 'done', 'cancelled'] as const;
export type MaintenanceState = (typeof MAINTENANCE_STATES)[number];

/** The tones are those of components/ui/tone.tsx. */
interface Word {
  label: string;
  tone: 'good' | 'warn' | 'bad' | 'busy' | 'neutral';
}

export const INCIDENT_WORDS: Readonly<Record<IncidentState, Word>> = {
  investigating: { label: 'Investigating', tone: 'warn' },
  identified: { label: 'Cause known', tone: 'warn' },
  monitoring: { label: 'Mended, being watched', tone: 'busy' },
  resolved: { label: 'Resolved', tone: 'good' },
};

export const IMPACT_WORDS: Readonly<Record<Impact, Word>> = {
  none: { label: 'No impact', tone: 'neutral' },
  minor: { label: 'Minor trouble', tone: 'warn' },
  major: { label: 'Major trouble', tone: 'bad' },
  critical: { label: 'Down', tone: 'bad' },
};

export const MAINTENANCE_WORDS: Readonly<Record<MaintenanceState, Word>> = {
  scheduled: { label: 'Planned', tone: 'neutral' },
  in_progress: { label: 'Going on now', tone: 'busy' },
  done: { label: 'Done', tone: 'good' },
  cancelled: { label: 'Called off', tone: 'neutral' },
};

export function worseOf(one: Impact, other: Impact): Impact {
  return IMPACTS.indexOf(one) >= IMPACTS.indexOf(other) ? one : other;
}
