import { ServiceError } from '@/lib/kernel/errors';

export interface OriginFacts {
  origin: string | null;
  secFetchSite: string | null;
}

/**
 * Refuses a mutation that another site could have sent. Next lets a request without `Origin` through; we do not:
 * absent and `null` are refused, and the value must be exactly our own origin.
 */
export function assertSameOrigin(facts: OriginFacts, ownOrigin: string): void {
  if (facts.origin === null || facts.origin === '' || facts.origin === 'null') {
    throw new ServiceError(
      'forbidden',
      'origin_missing',
      'The browser did not say which page sent this. Reload the page and try again.',
    );
  }
  if (facts.secFetchSite !== null && facts.secFetchSite !== 'same-origin') {
    throw new ServiceError(
      'forbidden',
      'origin_foreign',
      `This was sent from another site. Open ${ownOrigin} and try again there.`,
    );
  }
  if (facts.origin !== ownOrigin) {
    throw new ServiceError(
      'forbidden',
      'origin_foreign',
      `This page was opened under another address. Open ${ownOrigin} and try again there.`,
    );
  }
}
