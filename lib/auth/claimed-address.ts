import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/**
 * Without a trusted proxy, `X-Forwarded-For` is the caller's own word, and Next would believe it: it fills in the
 * socket's address only where the header is missing. So it is taken away before anybody reads it.
 * Source: https://nodejs.org/api/diagnostics_channel.html#event-httpserverrequeststart
 */
export function ignoreClaimedAddresses(trustedHops: number): void {
  if (trustedHops > 0) return;
  channel('http.server.request.start').subscribe(forget);
}

function forget(message: unknown): void {
  delete (message as { request: IncomingMessage }).request.headers['x-forwarded-for'];
}
