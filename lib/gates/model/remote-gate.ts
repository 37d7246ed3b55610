import type { HeldBy } from './held-by';

export interface GateAnswered {
  decision: 'approved' | 'rejected';
  environments: string[];
  /** Who answered, by the provider's name for them. */
  login: string;
  /** It stood there already, from an earlier press. */
  already: boolean;
}

/** A run that its provider holds for people. Times are ISO 8601 in UTC. */
export interface RemoteGateView {
  providerLabel: string;
  since: string;
  /** When the provider fails the run if nobody answers; null where it never does. */
  until: string | null;
  gates: HeldBy[];
  /** The reader's own token there; null while they have none. */
  own: { login: string; problem: string | null } | null;
  /** Why the reader cannot answer from here; null when they may try. */
  refusal: { code: string; sentence: string } | null;
  /** Why the reader cannot approve, although they may reject; null when they may try. */
  notApproved: { code: string; sentence: string } | null;
}

const DAY_MS = 86_400_000;

export function endsAt(since: string, days: number | null): string | null {
  return days === null ? null : new Date(Date.parse(since) + days * DAY_MS).toISOString();
}

/**
 * Why a person who has (or has not) a token cannot be the one who answers, as far as it can be said without asking the
 * provider: members of a team are known to it alone.
 */
export function mayNotAnswer(
  gates: readonly HeldBy[],
  own: RemoteGateView['own'],
  { providerLabel, connectionName }: { providerLabel: string; connectionName: string },
): RemoteGateView['refusal'] {
  const asked = gates.flatMap(({ reviewers }) => reviewers);
  if (gates.length > 0 && asked.length === 0)
    return {
      code: 'nobody_asked',
      sentence: `${providerLabel} asks no person here: it goes on by itself when the time has passed or its other rules are met.`,
    };
  if (!own)
    return {
      code: 'own_token_missing',
      sentence: `${providerLabel} takes an answer only from a reviewer’s own token. Enter yours for “${connectionName}” under Members → Your tokens, or answer there.`,
    };
  if (own.problem) return { code: 'own_token_refused', sentence: own.problem };
  const isAsked = asked.some(({ kind, name }) => kind === 'team' || sameLogin(name, own.login));
  if (asked.length > 0 && !isAsked)
    return {
      code: 'not_reviewer',
      sentence: `${providerLabel} asks ${asked.map(({ name }) => name).join(' or ')}, and your token belongs to ${own.login}.`,
    };
  return null;
}

export function sameLogin(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
