const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/**
 * `localhost` and `127.0.0.1` are one machine but two origins, and cookies and origin checks know only one of them.
 * Returns the origin to move to when `host` is the other name of a console on this machine, else null.
 */
export function otherLoopbackOrigin(host: string | null, publicUrl: string): string | null {
  if (!host || !URL.canParse(publicUrl)) return null;
  const own = new URL(publicUrl);
  return host !== own.host && LOOPBACK.test(host) && LOOPBACK.test(own.host) ? own.origin : null;
}
