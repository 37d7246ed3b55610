import type { RawRequest } from './framework';

/** `head`, `body`: it never ends, one byte after the other. `times` at once. */
export interface Flood extends RawRequest {
  times: number;
  slow?: 'head' | 'body';
  /** What each of them may be answered; 0 = nothing, for what does not end. */
  answered: readonly number[];
}

const get = (name: string, target: string, times: number, answered: readonly number[], more: Partial<Flood> = {}) => ({
  ...{ name, target, times, answered },
  ...more,
});
const post = (name: string, target: string, times: number, answered: readonly number[], more: Partial<Flood> = {}) =>
  get(name, target, times, answered, { method: 'POST', ...more });

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-flood-${n}`, 'x'.repeat(20)]));

/** D18: using up what there is, by somebody who is signed out. Meanwhile everybody else is answered. `{n}` counts. */
export const FLOODS: Flood[] = [
  get('a page of a million', '/api/v1/deployments?limit=1000000', 5, [401]),
  get('a page of a number beyond all', '/api/v1/audit?limit=1e999', 5, [401]),
  get('a page of less than nothing', '/api/v1/audit?limit=-1', 5, [401]),
  get('a cursor of four kilobytes', `/api/v1/deployments?cursor=${'x'.repeat(4_000)}`, 5, [401]),
  get('a filter that a search by pattern would not survive', `/api/v1/deployments?q=${'(a+)+'.repeat(200)}!`, 5, [401]),
  get('addresses that nobody asked for before', `/nothing-{n}?${'q='.repeat(50)}{n}`, 60, [404]),
  get('payloads of a page, each for another key', '/now?_rsc={n}', 20, [303, 307, 308, 200, 404], {
    headers: { rsc: '1' },
  }),
  get('an address of 12 kilobytes', `/${'a/'.repeat(6_000)}`, 5, [308, 404, 414, 431]),
  get('two hundred headers', '/sign-in', 5, [200, 400, 431], { headers: many(200) }),
  get('headers of 24 kilobytes', '/sign-in', 5, [431], { headers: { 'x-flood': 'x'.repeat(24_000) } }),
  get('live views without a session', '/api/events', 30, [401]),
  get('upgrades', '/now', 20, [0, 303, 307, 400, 426], { headers: { connection: 'Upgrade', upgrade: 'websocket' } }),
  get('requests that never come to their end', '/now', 60, [0], { slow: 'head' }),
  post('bodies that never come to their end', '/api/webhooks/github', 40, [0], { slow: 'body' }),
  post('webhooks of a megabyte that nobody signed', '/api/webhooks/github', 6, [401], { body: 'x'.repeat(1_048_576) }),
  post('a webhook larger than any', '/api/webhooks/github', 2, [413, 0], { body: 'x'.repeat(5 * 1_048_576 + 1) }),
  post('changes without a token, a quarter of a megabyte each', '/api/v1/deployments', 8, [401], {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ note: 'x'.repeat(250_000) }),
  }),
  post('actions that nobody has', '/sign-in', 20, [404, 409], {
    headers: { 'next-action': '7f'.padEnd(42, '0'), origin: '{origin}', 'content-type': 'text/plain;charset=UTF-8' },
    body: '[]',
  }),
  post('proofs for a scheduler', '/api/jobs/tick', 20, [401, 405, 503], {
    headers: { authorization: 'Bearer guess-{n}' },
  }),
  post('ways to a sign-in', '/api/auth/signin/github', 20, [200, 302, 400, 403], {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: '{origin}',
      'sec-fetch-site': 'same-origin',
    },
    body: 'csrfToken=guess-{n}',
  }),
];
