import { REQUESTS_PER_LOOK, SLOWEST_SECONDS } from '@/lib/deployments/model/pace';
import type { GateView } from './gate';

/** What later steps of a deployment need of the connection. Moments are epoch milliseconds. */
export interface PreflightFact {
  connection: string;
  provider: string;
  /** When the credential ends, as the provider said at the last check or its kind does for everybody; null = unknown. */
  expiresAt: number | null;
  /** What to do about that end where a new credential would end as well; null = a new one will do. */
  wayOut?: string | null;
  /** How long nine of ten deployments there take; null without enough of them. */
  usualMs: number | null;
  /** Rights that a later step needs and that the credential does not list, with what they are for. */
  lacks: { rights: string[]; what: string } | null;
  /** What is left of the requests that the provider allows; null where it does not say. */
  quota: { limit: number; remaining: number; resetAt: number; blockedUntil: number | null } | null;
}

type Asked = { preflight?: PreflightFact | null; kind?: string; now?: number; environmentName: string };
export type Weather = { tone: 'good' | 'warn' | 'bad'; sentence: string };

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Sending, finding and verifying it, at the least. */
const FIXED_REQUESTS = 10;
/** However short the quota is, a run is looked at so often, with so many requests. */
const SLOWEST_LOOK_MS = SLOWEST_SECONDS * 1_000;
const SOON_DAYS = 14;
const LOW_PART = 0.1;
/** A smaller allowance is that of one verb, not of the account; what it says of the others nobody knows. */
const SMALLEST = 100;

const view = (state: GateView['state'], code: string, sentence: string, until: number | null = null): GateView => ({
  ...{ kind: 'preflight', state, code, sentence, overridable: false },
  until: until === null ? null : new Date(until).toISOString(),
});

const clock = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const minutes = (ms: number) => {
  const count = Math.max(1, Math.round(ms / MINUTE));
  return `${count} minute${count === 1 ? '' : 's'}`;
};

/** Requests that a deployment cannot do without until the quota is full again. */
export function requestsNeeded(usualMs: number | null, untilResetMs: number): number {
  const looked = Math.min(usualMs ?? 0, Math.max(0, untilResetMs));
  return FIXED_REQUESTS + Math.ceil(looked / SLOWEST_LOOK_MS) * REQUESTS_PER_LOOK;
}

/**
 * Refuses what begins well and cannot end well: a credential that ends before the deployment does, a right that a later step
 * lacks, requests that do not last. A roll-back is an emergency and goes on what is certain only: a credential that has
 * ended refuses it, everything that is reckoned ahead is a warning.
 */
export function preflight({ preflight: fact, kind, now, environmentName }: Asked): GateView | null {
  if (!fact || now === undefined) return null;
  const closed = credentialEnds(fact, now) ?? rightMissing(fact, environmentName) ?? quotaShort(fact, now);
  if (!closed) return view('open', 'preflight_passed', 'Credential, rights and requests last for a usual deployment.');
  const hasEnded = fact.expiresAt !== null && fact.expiresAt <= now;
  if (kind !== 'rollback' || hasEnded) return closed;
  const warns = `A roll-back does not wait for this: ${closed.sentence}`;
  return { ...closed, state: 'open', code: 'preflight_warns', sentence: warns, until: null };
}

function credentialEnds({ connection, expiresAt, usualMs, wayOut }: PreflightFact, now: number): GateView | null {
  if (expiresAt === null || expiresAt > now + (usualMs ?? 0)) return null;
  const mend = wayOut ?? 'An administrator can enter a new one under Connections.';
  if (expiresAt <= now)
    return view('closed', 'credential_ends', `The credential of “${connection}” ended at ${clock(expiresAt)}. ${mend}`);
  const sentence = `The credential of “${connection}” ends at ${clock(expiresAt)}, and a deployment there usually takes ${minutes(usualMs ?? 0)}: it would end in the middle. ${mend}`;
  return view('closed', 'credential_ends', sentence);
}

function rightMissing({ connection, lacks }: PreflightFact, environment: string): GateView | null {
  if (!lacks || lacks.rights.length === 0) return null;
  const sentence = `${environment} needs it ${lacks.what}, and the credential of “${connection}” does not list the right. Grant ${lacks.rights.join(', ')}, then have the connection checked.`;
  return view('closed', 'right_missing', sentence);
}

function quotaShort({ provider, quota, usualMs }: PreflightFact, now: number): GateView | null {
  if (!quota) return null;
  if (quota.blockedUntil !== null && quota.blockedUntil > now) {
    const sentence = `${provider} has asked for a pause until ${clock(quota.blockedUntil)}. Deploy then.`;
    return view('closed', 'quota_short', sentence, quota.blockedUntil);
  }
  if (quota.resetAt <= now || quota.limit < SMALLEST) return null;
  const needed = requestsNeeded(usualMs, quota.resetAt - now);
  if (quota.remaining >= needed) return null;
  const sentence = `${provider} allows ${quota.remaining} more requests until ${clock(quota.resetAt)}, and a deployment needs ${needed} at least. Deploy then.`;
  return view('closed', 'quota_short', sentence, quota.resetAt);
}

/** How credential and quota stand, for people; worst first. */
export function preflightWeather(fact: PreflightFact, now: number): Weather[] {
  const gate = preflight({ preflight: fact, now, environmentName: 'The environment' });
  const lines: Weather[] = gate?.state === 'closed' ? [{ tone: 'bad', sentence: gate.sentence }] : [];
  if (fact.expiresAt !== null && gate?.code !== 'credential_ends') {
    const soon = fact.expiresAt - now < SOON_DAYS * DAY;
    const sentence = `The credential of “${fact.connection}” holds until ${clock(fact.expiresAt)}.`;
    lines.push({ tone: soon ? 'warn' : 'good', sentence });
  }
  const { quota } = fact;
  if (quota && quota.resetAt > now && quota.limit >= SMALLEST && gate?.code !== 'quota_short') {
    const low = quota.remaining < quota.limit * LOW_PART;
    const sentence = `${fact.provider} allows ${quota.remaining} of ${quota.limit} requests until ${clock(quota.resetAt)}.`;
    lines.push({ tone: low ? 'warn' : 'good', sentence });
  }
  const rank = { bad: 0, warn: 1, good: 2 };
  return lines.sort((a, b) => rank[a.tone] - rank[b.tone]);
}
