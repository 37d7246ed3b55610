import { describeError, log } from '@/lib/kernel/log';
import { requestIdOf } from '@/lib/kernel/request-of';

interface FailedRequest {
  path: string;
  method: string;
}

interface Failing {
  routePath: string;
  routeType: string;
}

/** Refusals are thrown too, and are nobody's bug. */
const REFUSALS = ['ServiceError', 'ProviderError'];

/** One line of what a page, a route or an action threw past us: masked, and heard by whoever hears errors. */
export function logFailedRequest(error: unknown, { path, method }: FailedRequest, of: Failing): void {
  const digest = typeof error === 'object' && error !== null && 'digest' in error ? String(error.digest) : null;
  const said = describeError(error);
  const requestId = requestIdOf(error);
  const fields = {
    ...{ method, path: path.split('?')[0], route: of.routePath, kind: of.routeType, digest },
    ...(requestId === null ? {} : { requestId }),
    ...said,
  };
  if (REFUSALS.includes(String(said.error))) log.warn('a page was refused', fields);
  else log.error(of.routeType === 'render' ? 'a page failed' : 'a request failed', fields);
}
