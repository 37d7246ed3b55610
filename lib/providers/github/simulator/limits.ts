import { problem, type Reply } from './respond';

const HOUR = 3_600_000;

export interface Quota {
  limit: number;
  used: number;
  resetAt: number;
}

/**
 * Counts requests per token and hour. In memory on purpose: a restart gives a fresh hour, as a new token would.
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export class Limits {
  readonly #limit: number;
  readonly #windows = new Map<string, { used: number; resetAt: number }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  peek(key: string, now: number): Quota {
    const window = this.#windows.get(key);
    if (!window || window.resetAt <= now) return { limit: this.#limit, used: 0, resetAt: now + HOUR };
    return { limit: this.#limit, ...window };
  }

  charge(key: string, now: number): Quota {
    const quota = this.peek(key, now);
    const window = { used: Math.min(quota.used + 1, this.#limit), resetAt: quota.resetAt };
    this.#windows.set(key, window);
    return { limit: this.#limit, ...window };
  }
}

export function quotaHeaders(quota: Quota, resource = 'core'): Record<string, string> {
  return {
    'x-ratelimit-limit': String(quota.limit),
    'x-ratelimit-remaining': String(Math.max(0, quota.limit - quota.used)),
    'x-ratelimit-used': String(quota.used),
    'x-ratelimit-reset': String(Math.ceil(quota.resetAt / 1000)),
    'x-ratelimit-resource': resource,
  };
}

const DOCS = '/using-the-rest-api/rate-limits-for-the-rest-api';

/** The hourly quota is used up. */
export function primaryLimit(quota: Quota): Reply {
  return {
    ...problem(403, 'API rate limit exceeded for user ID 8210411.', DOCS),
    headers: quotaHeaders({ ...quota, used: quota.limit }),
  };
}

/** Too much at once: nothing to do with the hourly quota. */
export function secondaryLimit(quota: Quota, waitMs: number): Reply {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return {
    ...problem(403, message, DOCS),
    headers: { ...quotaHeaders(quota), 'retry-after': String(Math.max(1, Math.round(waitMs / 1000))) },
  };
}
