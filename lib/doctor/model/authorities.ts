import type { AuthorityView } from '@/lib/connections/model/authority';
import type { ConnectionFacts } from './facts';
import type { Finding } from './view';

const DAY = 86_400_000;
/** Longer than for a credential: servers have to be given new certificates, too. */
const ENDS_SOON_DAYS = 30;

/** Who vouches for the server: does it hold, and is there another one by then? `now` is ISO 8601 in UTC. */
export function authorityFindings({ id, name, authorities }: ConnectionFacts, now: string): Finding[] {
  const left = ({ expiresAt }: AuthorityView) => (Date.parse(expiresAt) - Date.parse(now)) / DAY;
  const over = authorities.filter((each) => left(each) <= 0);
  const ending = authorities.filter((each) => left(each) > 0 && left(each) < ENDS_SOON_DAYS);
  const lasting = authorities.length > over.length + ending.length;
  const mend = { kind: 'link', label: 'Replace the authority', to: `/connections/${id}` } as const;
  const findings: Finding[] = [];
  if (over.length > 0) {
    const rest = over.length === authorities.length ? 'broken' : 'note';
    const sentence = `“${name}”: ${named(over, 'expired on')}. What it has signed is not believed any more.`;
    findings.push({ code: 'authority_expired', severity: rest, sentence, mend });
  }
  if (ending.length > 0) {
    const then = lasting
      ? 'Another one stays; the server needs a certificate of that one by then.'
      : 'Nothing can be asked or sent from then on: enter the next one beside it, before the server’s certificate changes.';
    const sentence = `“${name}”: ${named(ending, 'expires on')}. ${then}`;
    findings.push({ code: 'authority_expires', severity: lasting ? 'note' : 'warning', sentence, mend });
  }
  return findings;
}

function named(authorities: readonly AuthorityView[], verb: string): string {
  const words = authorities.slice(0, 3).map(({ subject, expiresAt }) => `${subject} ${verb} ${expiresAt.slice(0, 10)}`);
  const list = `the certificate authority ${words.join(', ')}`;
  return authorities.length > 3 ? `${list} and ${authorities.length - 3} more` : list;
}
