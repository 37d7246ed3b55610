import type { Refusal } from '@/lib/kernel/errors';
import type { IncidentState } from './words';

/**
 * Why an incident may not go from one state to another; null when it may. Open ones go wherever the facts lead, also
 * back; what is resolved stays resolved, and only takes a note.
 */
export function problemOfStep(from: IncidentState, to: IncidentState): Refusal | null {
  if (from !== 'resolved' || to === 'resolved') return null;
  return {
    code: 'incident_resolved',
    sentence: 'This incident is resolved. Write a new one when the trouble is back; a note can be added as resolved.',
  };
}
