import { describe, expect, test } from 'vitest';
import { BUILD_RECORD_PATH, type BuildRecord } from './build-record';
import { type Found, judgeMode, pageOfRecord, recordAddresses, serverHeader } from './proof';

const SHA = 'a'.repeat(40);
const address = 'https://dash.example.com/.well-known/aetherstack.json';
const found = (change: Partial<BuildRecord> = {}, server: string | null = null): Found => ({
  kind: 'record',
  address,
  server,
  record: {
    ...{ schema: 1, mode: 'ssg', sha: SHA, builtAt: '2026-11-27T03:50:00Z', basePath: '', marker: null },
    ...{ routes: [], features: [], baked: [] },
    ...change,
  },
});

describe('which mode is live', () => {
  test('the record of this commit says the mode that was asked for: shown, and by what', () => {
    expect(judgeMode('ssg', SHA, found())).toEqual({
      kind: 'shown',
      proof: {
        ...{ asked: 'ssg', shown: 'ssg', by: 'record', address },
        sentence: `${address} says SSG, as was asked for.`,
      },
    });
    expect(judgeMode('ssr', SHA, found({ mode: 'ssr' }, 'x-nextjs-cache'))).toMatchObject({
      kind: 'shown',
      proof: { sentence: expect.stringContaining('x-nextjs-cache says so, too') },
    });
  });

  test.each([
    ['the other mode', found({ mode: 'ssr' }), `${address} says SSR`],
    ['another commit', found({ sha: 'b'.repeat(40) }), `${address} says SSG, built from bbbbbbb`],
    ['files, where a server answers', found({}, 'x-powered-by'), 'but a server answers there (x-powered-by)'],
  ])('a record of %s is not what was asked for', (_what, seen, says) => {
    expect(judgeMode('ssg', SHA, seen)).toMatchObject({ kind: 'other', seen: expect.stringContaining(says) });
  });

  test('a record that names no commit shows the mode, and that it shows no commit', () => {
    const verdict = judgeMode('ssg', SHA, found({ sha: null }));
    expect(verdict).toMatchObject({
      kind: 'shown',
      proof: { sentence: expect.stringContaining('not of which commit') },
    });
  });

  test('without a record nothing is green by silence: not proved, and said so', () => {
    const none: Found = { kind: 'none', address, server: null, sentence: 'has no build record' };
    for (const asked of ['ssr', 'ssg'] as const) {
      const verdict = judgeMode(asked, SHA, none);
      expect(verdict).toMatchObject({ kind: 'unproved', proof: { shown: null, by: null } });
      expect(verdict).toMatchObject({
        proof: { sentence: expect.stringMatching(/is not proved: .+ has no build record/) },
      });
    }
    expect(judgeMode('ssr', SHA, { kind: 'nowhere', sentence: 'there is no address.' }).kind).toBe('unproved');
  });

  test('a server’s own headers prove a server, and against files they are an objection', () => {
    const served: Found = { kind: 'none', address, server: 'x-nextjs-prerender', sentence: 'has no build record' };
    expect(judgeMode('ssr', SHA, served)).toMatchObject({ kind: 'shown', proof: { shown: 'ssr', by: 'headers' } });
    expect(judgeMode('ssg', SHA, served)).toMatchObject({ kind: 'other' });
  });

  test('an address that cannot be asked proves nothing either way', () => {
    const trouble: Found = { kind: 'trouble', address, sentence: 'answered 503' };
    expect(judgeMode('ssg', SHA, trouble)).toEqual({ kind: 'trouble', sentence: `${address} answered 503` });
  });
});

test('only what a running server adds counts as its header', () => {
  expect(serverHeader(new Headers({ 'x-nextjs-cache': 'HIT' }))).toBe('x-nextjs-cache');
  expect(serverHeader(new Headers({ 'x-powered-by': 'Next.js 16' }))).toBe('x-powered-by');
  expect(
    serverHeader(new Headers({ 'x-powered-by': 'Express', 'x-vercel-cache': 'HIT', server: 'Vercel' })),
  ).toBeNull();
});

test('a record is looked for beside the version address, then at the root, and never with its query', () => {
  const at = (url: string) => recordAddresses(url, BUILD_RECORD_PATH);
  expect(at('https://a.example/staging/dash/version?key=1')).toEqual([
    `https://a.example/staging/dash${BUILD_RECORD_PATH}`,
    `https://a.example${BUILD_RECORD_PATH}`,
  ]);
  expect(at('https://a.example/version')).toEqual([`https://a.example${BUILD_RECORD_PATH}`]);
  expect(at(`https://a.example/base${BUILD_RECORD_PATH}`)).toEqual([`https://a.example/base${BUILD_RECORD_PATH}`]);
  expect(pageOfRecord(`https://a.example/base${BUILD_RECORD_PATH}`, BUILD_RECORD_PATH)).toBe('https://a.example/base/');
});
