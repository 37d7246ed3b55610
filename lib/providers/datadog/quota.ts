import type { QuotaReading } from '../port';

const SECOND = 1_000;

const figure = (headers: Headers, name: string) => {
  const told = /^\d{1,9}$/.exec(headers.get(`x-ratelimit-${name}`)?.trim() ?? '');
  return told ? Number(told[0]) : null;
};

/**
 * Each address has a limit of its own, for `Period` seconds; `Reset` is how many seconds of them are left, no moment.
 * Source: https://docs.datadoghq.com/api/latest/rate-limits/
 */
export const quota: QuotaReading = {
  read(headers, url, now) {
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => figure(headers, name));
    if (limit == null || remaining == null || reset == null) return null;
    return { resource: quota.resourceOf(url), limit, remaining, resetAt: now + reset * SECOND };
  },
  // `/api/v1/query` and what lies below it; the name that an answer gives its limit is not known before it.
  resourceOf: ({ pathname }) => pathname.split('/')[3] || 'core',
};
