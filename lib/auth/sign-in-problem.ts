const SENTENCES: Record<string, string> = {
  sign_in_failed: 'Login or password is wrong. Check both and try again.',
  CredentialsSignin: 'Login or password is wrong. Check both and try again.',
  rate_limited: 'Too many attempts. Wait a minute and try again.',
  not_invited: 'This account is not known here. Ask an administrator for an invitation and open its link first.',
  AccessDenied: 'This account is not known here. Ask an administrator for an invitation and open its link first.',
  identity_unreadable: 'The identity provider did not say who you are. Try again; if it stays, use your password.',
  OAuthSignin: 'The identity provider could not be reached. Try again in a minute, or use your password.',
  OAuthCallback: 'The identity provider did not finish the sign-in. Start it again from here.',
  SessionRequired: 'Sign in to see that page.',
};

/** The sentence for an error code in the address; an unknown code, which anybody can write there, says nothing of its own. */
export function signInProblem(code: unknown): string | null {
  if (typeof code !== 'string' || code === '') return null;
  return Object.hasOwn(SENTENCES, code) ? (SENTENCES[code] ?? null) : 'That did not work. Try again.';
}
