import { RequestError } from 'octokit';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../port';
import { apiBase } from './client';
import { titleHas } from './deploy';
import { type About, translate } from './errors';
import { isRefName } from './refs';
import { shorten } from './vendor-text';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const ABOUT: About = { what: 'workflow', subject: 'deploy.yml' };

function answer(
  status: number,
  message: string,
  headers: Record<string, string> = {},
  mutation = true,
  errors: unknown = undefined,
): ProviderError {
  const request = {
    method: 'POST' as const,
    url: 'https://api.github.com/x',
    headers: { authorization: 'token s3cret' },
  };
  const response = { status, url: request.url, headers, data: { message, ...(errors ? { errors } : {}) } };
  return translate(new RequestError(message, status, { request, response }), { ...ABOUT, mutation, now: NOW });
}

describe('the reasons that GitHub gives beside “Validation Failed”', () => {
  const refused = (errors: unknown) => answer(422, 'Validation Failed', {}, true, errors);

  it.each([
    [
      [{ resource: 'Status', code: 'custom', field: 'state', message: 'state is not included in the list' }],
      /state is not/,
    ],
    [[{ resource: 'Label', code: 'missing_field', field: 'name' }], /name missing_field/],
    [['Head sha can’t be blank', 7, null, {}], /Head sha can’t be blank/],
    ['only a text', /only a text/],
  ])('%j is in the sentence', (errors, said) => {
    expect(refused(errors).message).toMatch(said);
  });

  it('are few, short, printable and without secrets', () => {
    const token = `gh${'p_'}${'Zx9c'.repeat(9)}`;
    const many = Array.from({ length: 50 }, (_, at) => ({ message: `${at}\n\u202e${token} ${'x'.repeat(500)}` }));
    const { message } = refused(many);
    expect(message.length).toBeLessThan(220);
    expect(message).not.toMatch(/[\n\u202e]|Zx9cZx9c/);
  });

  it('a version that is taken is told as that', () => {
    expect(refused([{ resource: 'Release', code: 'already_exists', field: 'tag_name' }])).toMatchObject({
      code: 'release_exists',
    });
  });
});

describe('what GitHub refuses with, in our words', () => {
  it.each([
    [401, 'Bad credentials', {}, 'auth', 'credential_refused', /Store a new one/],
    [
      403,
      'Resource not accessible by personal access token',
      { 'x-accepted-github-permissions': 'actions=write' },
      'auth',
      'missing_permission',
      /“actions=write”/,
    ],
    [403, 'Resource not accessible by integration', {}, 'auth', 'missing_permission', /Grant it/],
    [
      403,
      'Must have admin rights to Repository.',
      { 'x-accepted-oauth-scopes': 'repo' },
      'auth',
      'missing_permission',
      /“repo”/,
    ],
    [
      403,
      'Resource protected by organization SAML enforcement.',
      { 'x-github-sso': 'required; url=https://github.com/orgs/x/sso' },
      'auth',
      'sso_required',
      /single sign-on/,
    ],
    [403, 'Repository was archived so is read-only.', {}, 'rejected', 'archived', /Unarchive/],
    [403, 'This workflow run cannot be retried', {}, 'rejected', 'not_retryable', /does not re-run/],
    [404, 'Not Found', {}, 'notFound', 'no_workflow', /GitHub hides what it may not see/],
    [409, 'Cannot cancel a workflow run that is completed.', {}, 'rejected', 'conflict', /completed/],
    [410, 'Gone', {}, 'notFound', 'gone', /no longer keeps/],
    [307, 'Moved', { location: 'https://api.github.com/repositories/1' }, 'rejected', 'moved', /has moved/],
    [451, 'Blocked', {}, 'rejected', 'http_451', /451/],
    [
      422,
      "Workflow does not have 'workflow_dispatch' trigger",
      {},
      'rejected',
      'no_dispatch_trigger',
      /Add “workflow_dispatch”/,
    ],
    [
      422,
      "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
      {},
      'rejected',
      'workflow_disabled',
      /Enable it/,
    ],
    [422, 'No ref found for: gone', {}, 'rejected', 'no_ref', /branch or tag gone/],
    [422, 'Unexpected inputs provided: ["nope"]', {}, 'rejected', 'unexpected_inputs', /\["nope"\]/],
    [422, "Required input 'env' not provided", {}, 'rejected', 'missing_input', /“env”/],
    [
      422,
      "Provided value 'x' for input 'env' not in the list of allowed values",
      {},
      'rejected',
      'value_not_allowed',
      /“env”/,
    ],
    [
      422,
      'you may only define up to 25 `inputs` for a `workflow_dispatch` event',
      {},
      'rejected',
      'too_many_inputs',
      /25/,
    ],
    [422, 'inputs are too large.', {}, 'rejected', 'inputs_too_large', /65,535/],
    [
      422,
      'failed to parse workflow: (Line: 5, Col: 3): Unexpected value',
      {},
      'rejected',
      'workflow_unreadable',
      /Mend its file/,
    ],
    [422, 'Something new', {}, 'rejected', 'refused', /Something new/],
    [500, 'Server Error', {}, 'unavailable', 'vendor_error', /githubstatus/],
  ] as const)('%d %s', (status, message, headers, kind, code, sentence) => {
    const error = answer(status, message, headers);
    expect(error).toMatchObject({ kind, code, ambiguous: status >= 500 });
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('s3cret');
  });

  it.each([
    [
      'the hourly quota',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 90) },
      'quota_used_up',
      90_000,
    ],
    ['too much at once', 403, { 'retry-after': '30' }, 'secondary_limit', 30_000],
    ['too many requests', 429, { 'retry-after': '5' }, 'secondary_limit', 5_000],
    ['a limit without a time', 429, {}, 'secondary_limit', 60_000],
  ] as const)('says until when %s lasts, and that nothing was started', (_, status, headers, code, retryAfterMs) => {
    expect(answer(status, 'You have exceeded a secondary rate limit', headers)).toMatchObject({
      kind: 'rateLimited',
      code,
      retryAfterMs,
      ambiguous: false,
    });
  });

  it('calls only mutations ambiguous', () => {
    expect(answer(502, 'Bad Gateway', {}, false).ambiguous).toBe(false);
    expect(answer(502, 'Bad Gateway', {}, true).ambiguous).toBe(true);
  });

  it('keeps the verdict of the transport', () => {
    const inner = new ProviderError('unavailable', 'network', 'x', { ambiguous: true });
    const wrapped = new Error('wrapped', { cause: inner });
    expect(translate(wrapped, { ...ABOUT, mutation: true, now: NOW })).toMatchObject({
      code: 'network',
      ambiguous: true,
    });
    expect(translate(wrapped, { ...ABOUT, mutation: false, now: NOW }).ambiguous).toBe(false);
    expect(translate('odd', { ...ABOUT, mutation: true, now: NOW })).toMatchObject({
      kind: 'protocol',
      ambiguous: true,
    });
  });

  it('shortens what the vendor says and makes it harmless to print', () => {
    expect(shorten(`a\u202Eb\0\n${'x'.repeat(500)}`)).toHaveLength(160);
    expect(shorten('a\u202Eb\0\nc')).toBe('a b c');
  });
});

describe('names that become part of an address', () => {
  it.each(['main', 'feature/rate-limits', 'v1.2.3', 'release-2026.01', 'ümlaut', 'a@b', 'a'.repeat(255)])(
    'takes %s',
    (name) => {
      expect(isRefName(name)).toBe(true);
    },
  );

  it.each([
    '',
    '.',
    '..',
    'a..b',
    '../x',
    '/x',
    'x/',
    'a//b',
    '-x',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    'a@{1}',
    '@',
    'x.lock',
    'a.lock/b',
    'a/.b',
    'x.',
    'a\0b',
    'a\nb',
    'a'.repeat(256),
  ])('refuses %j', (name) => {
    expect(isRefName(name)).toBe(false);
  });
});

it.each([
  ['Deploy by x aether-dep_1-1', true],
  ['[aether-dep_1-1]', true],
  ['aether-dep_1-10', false],
  ['xaether-dep_1-1', false],
  ['aether-dep_1-10 aether-dep_1-1', true],
  ['', false],
])('finds the marker in the title %j: %s', (title, found) => {
  expect(titleHas(title, 'aether-dep_1-1')).toBe(found);
});

it.each([
  ['https://api.github.com', 'https://api.github.com'],
  ['https://api.github.com/', 'https://api.github.com'],
  ['https://api.acme.ghe.com', 'https://api.acme.ghe.com'],
  ['https://git.acme.example', 'https://git.acme.example/api/v3'],
  ['https://git.acme.example/api/v3/', 'https://git.acme.example/api/v3'],
  ['http://127.0.0.1:4100/api.github.com', 'http://127.0.0.1:4100/api.github.com'],
])('finds the REST API of %s', (origin, base) => {
  expect(apiBase(origin)).toBe(base);
});
