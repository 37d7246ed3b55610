import { describe, expect, test } from 'vitest';
import { ServiceError } from '@/lib/kernel/errors';
import { assertSameOrigin } from './origin';

const OWN = 'https://deploy.team.dev';

function codeFor(origin: string | null, secFetchSite: string | null): string {
  try {
    assertSameOrigin({ origin, secFetchSite }, OWN);
    return 'let through';
  } catch (error) {
    return error instanceof ServiceError ? error.code : 'crashed';
  }
}

describe('where a mutation may come from', () => {
  test.each([
    [OWN, 'same-origin', 'let through'],
    [OWN, null, 'let through'],
    [null, 'same-origin', 'origin_missing'],
    [null, null, 'origin_missing'],
    ['', null, 'origin_missing'],
    ['null', 'same-origin', 'origin_missing'],
    [OWN, 'same-site', 'origin_foreign'],
    [OWN, 'cross-site', 'origin_foreign'],
    [OWN, 'none', 'origin_foreign'],
    [OWN, 'Same-Origin', 'origin_foreign'],
    ['https://evil.example', 'cross-site', 'origin_foreign'],
    ['https://evil.example', null, 'origin_foreign'],
    ['http://deploy.team.dev', null, 'origin_foreign'],
    ['https://deploy.team.dev:8443', null, 'origin_foreign'],
    ['https://deploy.team.dev.', null, 'origin_foreign'],
    ['https://deploy.team.dev/', null, 'origin_foreign'],
    ['HTTPS://DEPLOY.TEAM.DEV', null, 'origin_foreign'],
    ['https://x.deploy.team.dev', null, 'origin_foreign'],
    ['https://deploy.team.dev, https://evil.example', null, 'origin_foreign'],
    ['https://deploy.team.dev@evil.example', null, 'origin_foreign'],
    ['not an origin', null, 'origin_foreign'],
  ])('origin %s, sec-fetch-site %s: %s', (origin, site, expected) => {
    expect(codeFor(origin, site)).toBe(expected);
  });
});
