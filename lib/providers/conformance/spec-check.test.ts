import { expect, test } from 'vitest';
import { fromDiscovery } from './discovery';
import { OpenApi } from './openapi';
import { checkedFetch, createSpecCheck } from './spec-check';
import { githubOverlay } from './spec-overlay';

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

test('a discovery document is a contract as well: paths written out, names and words that it does not know are wrong', () => {
  const item = { type: 'object', properties: { name: { type: 'string' }, size: { type: 'string', format: 'int64' } } };
  const patch = {
    ...{ id: 'shelf.items.patch', httpMethod: 'PATCH', path: 'v1/{+name}', flatPath: 'v1/shelves/{shelvesId}' },
    parameters: { name: { location: 'path' }, view: { location: 'query', type: 'string', enum: ['FULL'] } },
    ...{ request: { $ref: 'Item' }, response: { $ref: 'Item' } },
  };
  const parameters = { fields: { location: 'query', type: 'string' } };
  const resources = { shelf: { resources: { items: { methods: { patch } } } } };
  const api = new OpenApi(fromDiscovery({ servicePath: '', parameters, schemas: { Item: item }, resources }));
  const { check } = createSpecCheck(api, { ...githubOverlay, generalStatuses: [403] });
  const exchange = (path: string, body: unknown, answer: unknown = {}) =>
    check({ method: 'PATCH', path, body }, { status: 200, headers: json, body: answer });
  expect(exchange('/v1/shelves/a?view=FULL&fields=name', { name: 'x', size: '5' }, { size: '9' })).toEqual([]);
  for (const wrong of [
    exchange('/v1/shelves/a?view=ALL', {}),
    exchange('/v1/shelves/a?views=FULL', {}),
    exchange('/v1/shelves/a', { nam: 'x' }),
    exchange('/v1/shelves/a', { size: 5 }),
    exchange('/v1/shelves/a', {}, { other: 1 }),
    exchange('/v1/shelves/a/b', {}),
  ])
    expect(wrong).toHaveLength(1);
});
