import type { ConnectionFacts } from './facts';
import type { Finding, Mend } from './view';

/** Below this share of a limit the console holds back what can wait. */
const LOW = 0.1;
const DAY = 86_400_000;
const RECENT_DAYS = 7;
/** A webhook that is not there after so long does not come. */
const SILENT_MS = 10 * 60_000;

/** What is left at the provider. A figure whose hour is over says nothing. */
export function quotaFindings({ id, name, quotas, provider }: ConnectionFacts, now: string): Finding[] {
  const mend: Mend = { kind: 'link', label: 'Who uses it', to: `/connections/${id}/quota` };
  return quotas.flatMap<Finding>((quota) => {
    if (quota.blockedUntil && quota.blockedUntil > now) {
      const sentence = `${provider.label} asked “${name}” to pause until ${clock(quota.blockedUntil)}; nothing is sent before that.`;
      return [{ code: 'quota_paused', severity: 'warning', sentence, mend }];
    }
    if (quota.limit === 0 || quota.resetAt <= now || quota.remaining / quota.limit >= LOW) return [];
    const sentence = `“${name}” has ${quota.remaining} of ${quota.limit} requests left (${quota.resource}) until ${clock(quota.resetAt)}.`;
    return [{ code: 'quota_low', severity: 'warning', sentence, mend }];
  });
}

/** `14:05 UTC on 2026-11-26`. */
function clock(iso: string): string {
  return `${iso.slice(11, 16)} UTC on ${iso.slice(0, 10)}`;
}

/** Webhooks only make the console faster, so nothing here is `broken`. */
export function webhookFindings(facts: ConnectionFacts, now: string): Finding[] {
  const { id, name, webhook, uses } = facts;
  const mend: Mend = { kind: 'link', label: 'Webhook settings', to: `/connections/${id}` };
  const findings = setAsideFindings(facts, now);
  if (!webhook.supported) return findings;
  if (!webhook.configured) {
    const sentence = `“${name}” has no webhook secret, so the console learns of changes only by asking, which is slower.`;
    return uses === 0
      ? findings
      : [...findings, { code: 'webhook_secret_missing', severity: 'warning', sentence, mend }];
  }
  if (webhook.rotating) {
    const sentence = `The former webhook secret of “${name}” is still taken. End that once the provider has the new one.`;
    findings.push({ code: 'webhook_rotating', severity: 'note', sentence, mend });
  }
  if (isSilent(facts, now)) {
    const what = webhook.lastReceivedAt
      ? `came to “${name}” since ${webhook.lastReceivedAt.slice(0, 10)}, although something was deployed after that`
      : `ever came to “${name}”, although something was deployed through it`;
    const sentence = `No webhook ${what}. See at the provider whether it sends them, and what was answered.`;
    findings.push({ code: 'webhook_silent', severity: 'warning', sentence, mend });
  }
  return findings;
}

function isSilent({ webhook, lastSentAt }: ConnectionFacts, now: string): boolean {
  const since = lastSentAt ? Date.parse(now) - Date.parse(lastSentAt) : 0;
  // Deliveries are not kept for ever, so what was sent long ago proves nothing.
  if (!lastSentAt || since < SILENT_MS || since > RECENT_DAYS * DAY) return false;
  return webhook.lastReceivedAt === null || webhook.lastReceivedAt < lastSentAt;
}

function setAsideFindings({ id, name, webhook }: ConnectionFacts, now: string): Finding[] {
  const { recent, newest } = webhook.setAside;
  if (!newest || Date.parse(now) - Date.parse(newest.at) > RECENT_DAYS * DAY) return [];
  const many = `${recent} webhook${recent === 1 ? '' : 's'} of “${name}” could not be processed in the last ${RECENT_DAYS} days`;
  const sentence = newest.readable
    ? `${many}, the newest (${newest.event}) on ${newest.at.slice(0, 10)}. What ${recent === 1 ? 'it was' : 'they were'} about is looked at anyway.`
    : `${many}; the newest is signed but no payload that can be read. See at the provider what it sends.`;
  const mend: Mend = newest.readable
    ? { kind: 'replay', label: 'Replay the newest', to: newest.id }
    : { kind: 'link', label: 'See the deliveries', to: `/connections/${id}/deliveries?state=failed` };
  return [{ code: 'delivery_set_aside', severity: 'warning', sentence, mend }];
}
