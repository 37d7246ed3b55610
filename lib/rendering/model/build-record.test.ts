import { describe, expect, test } from 'vitest';
import { type BuildRecord, MAX_BUILD_RECORD_BYTES, readBuildRecord } from './build-record';

const RECORD: BuildRecord = {
  schema: 1,
  mode: 'ssr',
  sha: 'a'.repeat(40),
  builtAt: '2026-11-27T03:50:00.000Z',
  basePath: '/stack',
  marker: 'dep_1',
  routes: [
    { path: '/', kind: 'static' },
    { path: '/api/[...rest]', kind: 'handler', methods: ['GET', 'POST'] },
  ],
  features: ['handlers'],
  baked: [{ name: 'NEXT_PUBLIC_API_URL', hash: 'b'.repeat(64) }],
};

const read = (change: object) => readBuildRecord(JSON.stringify({ ...RECORD, ...change }));

describe('the record of a build', () => {
  test('is read as it was written', () => {
    expect(read({})).toEqual(RECORD);
    expect(read({ sha: null, marker: null, basePath: '', routes: [], features: [], baked: [] })).not.toBeNull();
  });

  test('may have fields that a later script adds', () => expect(read({ framework: 'next' })).toEqual(RECORD));

  test.each([
    ['another schema', { schema: 2 }],
    ['no mode', { mode: undefined }],
    ['a mode nobody knows', { mode: 'spa' }],
    ['half a commit', { sha: 'abc' }],
    ['a local time', { builtAt: '2026-11-27T03:50:00+01:00' }],
    ['a base path that ends in a slash', { basePath: '/stack/' }],
    ['a base path elsewhere', { basePath: 'https://evil.example' }],
    ['a route elsewhere', { routes: [{ path: 'evil', kind: 'static' }] }],
    ['a value instead of its hash', { baked: [{ name: 'NEXT_PUBLIC_A', hash: 'https://api.example' }] }],
    ['a name that is not public', { baked: [{ name: 'DATABASE_URL', hash: 'b'.repeat(64) }] }],
    ['more routes than a build has', { routes: Array(5_001).fill({ path: '/', kind: 'static' }) }],
  ])('is refused with %s', (_what, change) => expect(read(change)).toBeNull());

  test('is not looked for in other texts', () => {
    expect(readBuildRecord('<!doctype html>')).toBeNull();
    expect(readBuildRecord('null')).toBeNull();
    expect(readBuildRecord(JSON.stringify({ ...RECORD, more: 'x'.repeat(MAX_BUILD_RECORD_BYTES) }))).toBeNull();
  });
});
