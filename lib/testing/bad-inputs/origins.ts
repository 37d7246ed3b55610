export const OWN_ORIGIN = 'https://deploy.team.dev';

type Verdict = 'let through' | 'origin_missing' | 'origin_foreign';

/** D10, as headers say it: [Origin, Sec-Fetch-Site, what becomes of it]. */
export const ORIGINS: [string | null, string | null, Verdict][] = [
  [OWN_ORIGIN, 'same-origin', 'let through'],
  [OWN_ORIGIN, null, 'let through'],
  [null, 'same-origin', 'origin_missing'],
  [null, null, 'origin_missing'],
  ['', null, 'origin_missing'],
  ['null', 'same-origin', 'origin_missing'],
  ['NULL', null, 'origin_foreign'],
  [OWN_ORIGIN, 'same-site', 'origin_foreign'],
  [OWN_ORIGIN, 'cross-site', 'origin_foreign'],
  [OWN_ORIGIN, 'none', 'origin_foreign'],
  [OWN_ORIGIN, 'Same-Origin', 'origin_foreign'],
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
];

/** D10, as a browser or a script sends it; e2e/hostile-requests.spec.ts plays them against the running console. */
export const ORIGIN_REQUESTS: { name: string; method: string; headers: Record<string, string>; body?: string }[] = [
  {
    name: 'a spoofed forwarded host',
    method: 'POST',
    headers: { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
  },
  {
    name: 'a list of forwarded hosts',
    method: 'POST',
    headers: { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example, 127.0.0.1' },
  },
  { name: 'PUT', method: 'PUT', headers: {} },
  { name: 'a method override', method: 'GET', headers: { 'x-http-method-override': 'POST' } },
  { name: 'plain text', method: 'POST', headers: { 'content-type': 'text/plain' }, body: '[]' },
  {
    name: 'a form without script',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '$ACTION_ID_00=',
  },
];
