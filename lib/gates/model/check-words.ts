import type { UnpassedCheck } from '@/lib/providers/port';

const WORDS: Record<UnpassedCheck['stands'], string> = {
  failed: 'failed',
  running: 'has not finished',
  skipped: 'was skipped or came out neutral',
  missing: 'is missing on this commit',
  unread: 'cannot be read',
};

/** Each check that has not passed with how it stands, those that failed first; '' where nobody said. */
export function unpassedSays(unpassed: readonly UnpassedCheck[]): string {
  const order = Object.keys(WORDS);
  const sorted = [...unpassed].sort((a, b) => order.indexOf(a.stands) - order.indexOf(b.stands));
  return sorted.map(({ name, stands }) => `${name.replace(/[.!?\s]+$/, '')} ${WORDS[stands]}`).join('; ');
}

/** What can be done about those that hold it. */
export function adviceFor(holding: readonly UnpassedCheck[]): string {
  return holding.length > 0 && holding.every(({ stands }) => stands === 'unread')
    ? 'Give the credential of the connection the right to read it.'
    : 'Choose a commit that was checked, or correct the names in the policy.';
}
