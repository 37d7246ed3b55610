import type { WaitingGate } from '../../providers/port';

/** A gate of the provider as a deployment remembers it; who may answer depends on who asks, so that is left out. */
export type HeldBy = Omit<WaitingGate, 'mayAnswer'>;

/** "staging: Release managers or mara-lindqvist" */
export function gateWords({ environment, reviewers, waitMinutes }: HeldBy): string {
  const asked = reviewers.map(({ name, kind }) => (kind === 'team' ? `the team ${name}` : name));
  const whom = asked.length > 0 ? asked.join(' or ') : 'no person';
  return `${environment}: ${whom}${waitMinutes > 0 ? `; and ${waitMinutes} min have to pass` : ''}`;
}
