import { expect, test } from 'vitest';
import { checkedFetch, createSpecCheck } from './spec-check';

const json = new Headers({ 'content-type': 'application/json; charset=utf-8' });
const ref = {
  ref: 'refs/heads/main',
  node_id: 'x',
  url: 'https://api.github.com/x',
  object: { type: 'commit', sha: 'a'.repeat(40), url: 'https://api.github.com/y' },
};
const path = '/repos/o/r/git/ref/heads/main';

test('an exchange that fits passes, and its operation is counted', () => {
  const spec = createSpecCheck();
  expect(spec.check({ method: 'GET', path }, { status: 200, headers: json, body: ref })).toEqual([]);
  expect([...spec.operations]).toEqual(['git/get-ref']);
});

test('a planted fault in an answer is found', () => {
  const { check } = createSpecCheck();
  const broken = { ...ref, object: { ...ref.object, sha: 7 } };
  expect(check({ method: 'GET', path }, { status: 200, headers: json, body: broken })).toEqual([
    expect.stringContaining('/object/sha must be string'),
  ]);
  const { url: _url, ...without } = ref;
  expect(check({ method: 'GET', path }, { status: 200, headers: json, body: without })).toEqual([
    expect.stringContaining("must have required property 'url'"),
  ]);
  expect(check({ method: 'GET', path }, { status: 299, headers: json, body: ref })).toEqual([
    expect.stringContaining('status 299'),
  ]);
  expect(
    check({ method: 'GET', path }, { status: 200, headers: new Headers({ 'content-type': 'text/html' }), body: '' }),
  ).toEqual([expect.stringContaining('content type "text/html"')]);
  expect(check({ method: 'GET', path }, { status: 404, headers: json, body: {} })).toEqual([
    expect.stringContaining('lacks message'),
  ]);
});

test('a planted fault in a request is found', () => {
  const { check } = createSpecCheck();
  const dispatches = '/repos/o/r/actions/workflows/x.yml/dispatches';
  const done = { status: 204, headers: new Headers(), body: null };
  const inputs = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`i${i}`, 'x']));
  expect(check({ method: 'POST', path: dispatches, body: { ref: 'main', return_run_details: true } }, done)).toEqual(
    [],
  );
  expect(check({ method: 'POST', path: dispatches, body: {} }, done)).toEqual([expect.stringContaining("'ref'")]);
  expect(check({ method: 'POST', path: dispatches, body: { ref: 'main', inputs } }, done)).toEqual([
    expect.stringContaining('more than 25'),
  ]);
  expect(
    check({ method: 'GET', path: '/repos/o/r/commits?pages=2' }, { status: 304, headers: json, body: null }),
  ).toEqual([expect.stringContaining('"pages" is unknown')]);
  expect(
    check({ method: 'GET', path: '/repos/o/r/actions/runs/abc' }, { status: 304, headers: json, body: null }),
  ).toEqual([expect.stringContaining('"run_id" may not be "abc"')]);
  expect(check({ method: 'GET', path: '/repos/o/r/made/up' }, { status: 200, headers: json, body: {} })).toEqual([
    expect.stringContaining('not in the contract'),
  ]);
});

test('null is allowed exactly where the contract says nullable', () => {
  const { check } = createSpecCheck();
  const emails = (visibility: unknown, email: unknown) =>
    check(
      { method: 'GET', path: '/user/emails' },
      { status: 200, headers: json, body: [{ email, primary: true, verified: true, visibility }] },
    );
  expect(emails(null, 'a@example.com')).toEqual([]);
  expect(emails(null, null)).not.toEqual([]);
});

test('the fetch wrapper throws on a violation and lets other hosts alone', async () => {
  const fetch = checkedFetch(async () => Response.json({ ref: 1 }));
  await expect(fetch(`https://api.github.com${path}`)).rejects.toThrow(/contract is violated/);
  await expect(fetch('https://example.com/')).resolves.toHaveProperty('status', 200);
});
