import type { ConnectionFacts } from './facts';
import type { Finding, Mend } from './view';

const DAY = 86_400_000;
/** From then on there is still time to make a new one without haste. */
const EXPIRES_SOON_DAYS = 14;
const CHECK_OLD_DAYS = 30;

const atConnection = (id: string, label: string): Mend => ({ kind: 'link', label, to: `/connections/${id}` });
/** A new one of its kind would be refused as well. */
const MIGRATE: Mend = { kind: 'link', label: 'See what to do', to: '/extensions/credentials' };
const check = (id: string): Mend => ({ kind: 'check', label: 'Check again', to: id });

/** The credential: is it there, was it taken, what does it lack, how long does it hold? */
export function credentialFindings(facts: ConnectionFacts, now: string): Finding[] {
  const { id, name, provider } = facts;
  if (!facts.hasCredential)
    return [
      {
        code: 'credential_missing',
        severity: 'broken',
        sentence: `“${name}” has no credential, so nothing can be asked or sent through it.`,
        mend: atConnection(id, 'Enter a credential'),
      },
    ];
  if (facts.state === 'unchecked' || !facts.report)
    return [
      {
        code: 'credential_unchecked',
        severity: 'warning',
        sentence: `${provider.label} was never asked whether it takes the credential of “${name}”.`,
        mend: check(id),
      },
    ];
  return [...problemFindings(facts, now), ...expiryFindings(facts, now), ...ageFindings(facts, now)];
}

/** What the provider said when it was asked: each sentence names what is lost by it and what to do. */
function problemFindings(facts: ConnectionFacts, now: string): Finding[] {
  const { id, name, state, report, provider, wayOut } = facts;
  const refused = state === 'failing';
  // A date is told once, by `expiryFindings`.
  const end = endOf(facts);
  const day = end?.slice(0, 10);
  const said = (report?.problems ?? []).filter((problem) => !day || !problem.includes(day));
  const code = refused ? 'credential_refused' : 'credential_lacks';
  const severity = refused ? 'broken' : 'warning';
  if (refused && said.length === 0) said.push(`${provider.label} did not take the credential of “${name}”.`);
  // Checking again stands at the head of every connection; what is not taken has to be another one.
  const another =
    wayOut && end && Date.parse(end) <= Date.parse(now) ? MIGRATE : atConnection(id, 'Replace the credential');
  const mend = refused ? another : check(id);
  return said.map((sentence) => ({ code, severity, sentence, mend }));
}

const endOf = ({ endsAt, report }: ConnectionFacts) => endsAt ?? report?.expiresAt ?? null;

function expiryFindings(facts: ConnectionFacts, now: string): Finding[] {
  const { id, name, wayOut } = facts;
  const end = endOf(facts);
  if (!end) return [];
  const left = (Date.parse(end) - Date.parse(now)) / DAY;
  const day = end.slice(0, 10);
  const mend = wayOut ? MIGRATE : atConnection(id, 'Replace the credential');
  const instead = wayOut ? ` ${wayOut}` : '';
  if (left <= 0) {
    const sentence = `The credential of “${name}” expired on ${day}.${instead}`;
    return [{ code: 'credential_expired', severity: 'broken', sentence, mend }];
  }
  if (left >= EXPIRES_SOON_DAYS) return [];
  const days = Math.floor(left);
  const when = days === 0 ? 'within a day' : `in ${days} day${days === 1 ? '' : 's'}`;
  const sentence = `The credential of “${name}” expires ${when}, on ${day}.${instead}`;
  return [{ code: 'credential_expires', severity: 'warning', sentence, mend }];
}

function ageFindings({ id, name, checkedAt }: ConnectionFacts, now: string): Finding[] {
  const days = Math.floor((Date.parse(now) - Date.parse(checkedAt ?? now)) / DAY);
  if (days < CHECK_OLD_DAYS) return [];
  const sentence = `“${name}” was last checked ${days} days ago; what it may do can have changed since.`;
  return [{ code: 'check_old', severity: 'note', sentence, mend: check(id) }];
}
