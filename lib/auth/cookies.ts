const isHttps = (publicUrl: string) => publicUrl.startsWith('https:');

/**
 * Cookies do not know ports: two installations on one machine would sign each other out, so over http the port is part
 * of the name. Over https the `__Host-` prefix pins the cookie to exactly this host.
 */
export function cookieName(publicUrl: string, what: string): string {
  if (isHttps(publicUrl)) return `__Host-aether-${what}`;
  return `aether-${what}-${URL.canParse(publicUrl) ? new URL(publicUrl).port || '80' : '80'}`;
}

export function sessionCookieName(publicUrl: string): string {
  return cookieName(publicUrl, 'session');
}

/** HttpOnly, SameSite=Lax, whole site; Secure exactly when the site is served over https. */
export function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps(publicUrl) } as const;
}
