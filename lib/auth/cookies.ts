const isHttps = (publicUrl: string) => publicUrl.startsWith('https:');

/**
 * Cookies do not know ports: two installations on one machine would sign each other out, so over http the port is part
 * of the name. Over https the `__Host-` prefix pins the cookie to exactly this host.
 */
export function sessionCookieName(publicUrl: string): string {
  if (isHttps(publicUrl)) return '__Host-aether-session';
  return `aether-session-${URL.canParse(publicUrl) ? new URL(publicUrl).port || '80' : '80'}`;
}

/** HttpOnly, SameSite=Lax, whole site; Secure exactly when the site is served over https. */
export function cookieOptions(publicUrl: string) {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps(publicUrl) } as const;
}
