import type { Instrumentation } from 'next';

/** Next calls it once per server process, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') await (await import('./lib/boot')).boot();
}

/** Next calls it for whatever a page, a route or an action threw; it prints that by itself, too. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  (await import('./lib/telemetry/failed-request')).logFailedRequest(error, request, context);
};
