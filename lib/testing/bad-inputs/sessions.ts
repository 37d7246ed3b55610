import type { RawRequest } from './framework';

/** D15, over the wire: cookies and credentials that are no session. `{name}` = the cookie's name. */
export const SESSION_COOKIES: { name: string; headers: Record<string, string> }[] = [
  { name: 'an unsigned token', headers: { cookie: '{name}=eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4In0.' } },
  { name: 'an unsigned token of five parts', headers: { cookie: '{name}=eyJhbGciOiJub25lIn0..a.b.c' } },
  {
    name: 'a token under another key',
    headers: { cookie: '{name}=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA' },
  },
  { name: 'nothing', headers: { cookie: '{name}=' } },
  { name: 'words', headers: { cookie: '{name}=forged' } },
  { name: 'dots', headers: { cookie: '{name}=....' } },
  { name: 'twelve kilobytes', headers: { cookie: `{name}=${'x'.repeat(12_000)}` } },
  { name: 'a quote and a semicolon', headers: { cookie: '{name}="a;b"' } },
  { name: 'a NUL, encoded', headers: { cookie: '{name}=%00' } },
  { name: 'broken escapes', headers: { cookie: '{name}=%E0%A4%A' } },
  { name: 'the cookie twice', headers: { cookie: '{name}=a; {name}=b' } },
  { name: 'a prototype as a cookie', headers: { cookie: '__proto__=x; constructor=y' } },
  {
    name: 'the name of the library',
    headers: { cookie: 'next-auth.session-token=x; __Secure-next-auth.session-token=y' },
  },
  { name: 'a bearer that is none', headers: { authorization: 'Bearer' } },
  { name: 'a bearer with broken escapes', headers: { authorization: 'Bearer %E0%A4%A' } },
  { name: 'a bearer of dots', headers: { authorization: 'Bearer ..' } },
  { name: 'a bearer of twelve kilobytes', headers: { authorization: `Bearer ${'x'.repeat(12_000)}` } },
  { name: 'a password in the address', headers: { authorization: 'Basic YWRtaW46YWRtaW4=' } },
];

const form = (fields: Record<string, string>): Pick<RawRequest, 'method' | 'headers' | 'body'> => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', origin: '{origin}', 'sec-fetch-site': 'same-origin' },
  body: new URLSearchParams(fields).toString(),
});
const CALLBACK = '/api/auth/callback/github';
const SIGNATURE_FREE = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiYXVkIjoieCIsImlzcyI6Imh0dHBzOi8vZXZpbC5leGFtcGxlIn0.';

/**
 * D15: ways to sign in that are none. None may fail, set a session, or lead elsewhere. `{name}` as above; `{origin}` = the
 * console's own, so that it is not the origin that stops them.
 */
export const SIGN_INS: RawRequest[] = [
  { name: 'a way back that nobody went', target: CALLBACK },
  { name: 'a code without a state', target: `${CALLBACK}?code=stolen` },
  { name: 'a state that nobody was given', target: `${CALLBACK}?code=stolen&state=forged` },
  {
    name: 'a state with a cookie to match, both made up',
    target: `${CALLBACK}?code=stolen&state=forged`,
    headers: { cookie: 'next-auth.state=forged; __Secure-next-auth.state=forged; next-auth.pkce.code_verifier=forged' },
  },
  { name: 'a state of another provider', target: '/api/auth/callback/google?code=stolen&state=forged' },
  { name: 'an issuer that is another', target: `${CALLBACK}?code=c&state=s&iss=https%3A%2F%2Fevil.example` },
  { name: 'a code twice', target: `${CALLBACK}?code=a&code=b&state=s&state=t` },
  { name: 'a code of ten kilobytes', target: `${CALLBACK}?state=s&code=${'x'.repeat(10_000)}` },
  {
    name: 'an error with a script in it',
    target: `${CALLBACK}?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E`,
  },
  { name: 'a token without a signature', target: CALLBACK, ...form({ id_token: SIGNATURE_FREE, state: 's' }) },
  {
    name: 'a name and a password where none are taken',
    target: '/api/auth/callback/credentials',
    ...form({ login: 'admin', password: 'admin', csrfToken: 'x' }),
  },
  {
    name: 'a full-width @ in an address',
    target: '/api/auth/signin/email',
    ...form({ email: 'admin\uFF20evil.example', csrfToken: 'x' }),
  },
  {
    name: 'a sign-in that leads elsewhere',
    target: '/api/auth/signin/github',
    ...form({ callbackUrl: 'https://evil.example/', csrfToken: 'x' }),
  },
  {
    name: 'a session that is written by its holder',
    method: 'POST',
    target: '/api/auth/session',
    headers: { 'content-type': 'application/json', origin: '{origin}', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ csrfToken: 'x', data: { user: { id: 'usr_1', role: 'admin' }, sid: 'chosen' } }),
  },
  {
    name: 'a session id that was chosen before the sign-in',
    target: '/sign-in',
    headers: { cookie: '{name}=chosen-by-somebody-else' },
  },
  { name: 'a cookie of twenty kilobytes', target: '/sign-in', headers: { cookie: `{name}=${'x'.repeat(20_000)}` } },
];
