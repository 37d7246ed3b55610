import { ProviderError } from '@/lib/providers/port';
import type { Hold } from './quota';

/** Why nothing is sent for now, and when it goes on. */
export function tooSoon(host: string, { until, why }: Hold, now: number): ProviderError {
  const at = new Date(until).toISOString().slice(11, 19);
  const more = { retryAfterMs: until - now };
  if (why === 'budget') {
    const sentence = `Looking without being asked has used its share of ${host}'s limit; it goes on at ${at} UTC. Clicks and deployments are not held up.`;
    return new ProviderError('rateLimited', 'budget_used', sentence, more);
  }
  if (why === 'reserve') {
    const sentence = `What is left of ${host}'s limit is kept for deployments. Looking goes on at ${at} UTC; deploying and rolling back are not held up.`;
    return new ProviderError('rateLimited', 'quota_reserved', sentence, more);
  }
  if (why === 'low') {
    const sentence = `Less than a fifth of ${host}'s limit is left, and that is for people and their other tools. Measuring goes on at ${at} UTC.`;
    return new ProviderError('rateLimited', 'limit_low', sentence, more);
  }
  if (why === 'share') {
    const sentence = `You have used your share of ${host}'s limit for this hour. Looking goes on at ${at} UTC; deploying and rolling back are not held up.`;
    return new ProviderError('rateLimited', 'share_used', sentence, more);
  }
  if (why === 'telling') {
    const sentence = `Telling ${host} about deployments has had its part of this hour, so that deploying is never refused for it. It goes on at ${at} UTC; deployments are not held up.`;
    return new ProviderError('rateLimited', 'telling_used', sentence, more);
  }
  const sentence = `${host} asked for a pause. Nothing is sent before ${at} UTC; it goes on by itself then.`;
  return new ProviderError('rateLimited', 'rate_limited', sentence, more);
}
