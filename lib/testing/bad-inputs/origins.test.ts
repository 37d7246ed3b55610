import { describe, expect, test } from 'vitest';
import { ServiceError } from '@/lib/kernel/errors';
import { assertSameOrigin } from '@/lib/pipeline/origin';
import { ORIGINS, OWN_ORIGIN } from './origins';

function verdict(origin: string | null, secFetchSite: string | null): string {
  try {
    assertSameOrigin({ origin, secFetchSite }, OWN_ORIGIN);
    return 'let through';
  } catch (error) {
    return error instanceof ServiceError ? error.code : 'crashed';
  }
}

describe('D10: where a mutation may come from', () => {
  test.each(ORIGINS)('origin %s, sec-fetch-site %s: %s', (origin, site, expected) => {
    expect(verdict(origin, site)).toBe(expected);
  });
});
