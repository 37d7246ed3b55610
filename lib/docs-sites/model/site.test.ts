import { describe, expect, test } from 'vitest';
import type { ServedBranch, Site } from '@/lib/providers/port';
import { defaultName, judgeSite, offeredSettings, type SiteFacts, settingsLines } from './site';

const HEAD = 'a'.repeat(40);
const site: Site = {
  url: 'https://docs.example.com/',
  buildType: 'branch',
  source: { branch: 'gh-pages', path: '/' },
  state: 'live',
  domain: null,
  certificate: null,
  httpsEnforced: true,
  visibility: 'public',
  builds: [{ state: 'built', failed: false, sha: HEAD, at: '2026-11-01T00:00:00Z', by: 'mara', error: null }],
  settingsUrl: 'https://example.com/settings',
};
const redirect = (to: string) => `<noscript><meta http-equiv="refresh" content="1; url=${to}" /></noscript>`;
const served: ServedBranch = {
  head: HEAD,
  versionsFile: JSON.stringify([
    { version: '1.1', title: '1.1', aliases: ['latest'] },
    { version: '1.0', title: '1.0', aliases: [] },
  ]),
  firstPage: redirect('latest/'),
  log: [
    { message: 'Deployed 9f3c2ab to 1.1 with MkDocs 1.6.1 and mike 2.1.3', at: '2026-11-01T00:00:00Z' },
    { message: 'Deployed 1234567 to 1.0 with MkDocs 1.6.1 and mike 2.1.3', at: '2026-10-01T00:00:00Z' },
  ],
};
const facts = (change: Partial<SiteFacts> = {}): SiteFacts => ({
  ...{ word: 'Pages', site, branch: 'gh-pages', served, publishAt: '/deploy/t1', setUpAt: '/components/docs/setup' },
  ...change,
});
const codes = (change: Partial<SiteFacts>) => judgeSite(facts(change)).problems.map(({ code }) => code);

describe('a site with versions', () => {
  test('shows each version with its commit, the default, and that all of it is live', () => {
    expect(judgeSite(facts())).toEqual({
      versions: [
        { version: '1.1', title: '1.1', aliases: ['latest'], sha: '9f3c2ab', at: '2026-11-01T00:00:00Z' },
        { version: '1.0', title: '1.0', aliases: [], sha: '1234567', at: '2026-10-01T00:00:00Z' },
      ],
      defaultName: 'latest',
      live: { tone: 'good', sentence: expect.stringContaining('aaaaaaa is live') },
      problems: [],
    });
  });

  test('every trouble has its sentence and its mend', () => {
    const legacy = { ...site, builds: [] };
    expect(codes({ site: null })).toEqual(['not_served']);
    expect(codes({ site: { ...site, buildType: 'workflow' } })).toEqual(['not_from_branch']);
    expect(codes({ site: { ...site, buildType: 'workflow' }, served: null })).toEqual([]);
    expect(codes({ site: legacy, served: null })).toEqual(['branch_missing']);
    expect(codes({ served: { ...served, versionsFile: null } })).toEqual(['no_versions']);
    expect(codes({ served: { ...served, versionsFile: '{' } })).toEqual(['versions_unreadable']);
    const twice = JSON.stringify([
      { version: '1', title: '1', aliases: ['2'] },
      { version: '2', title: '2', aliases: [] },
    ]);
    expect(codes({ served: { ...served, versionsFile: twice } })).toEqual(['versions_unreadable']);
    expect(codes({ served: { ...served, firstPage: null } })).toEqual(['no_default']);
    expect(codes({ served: { ...served, firstPage: redirect('2.0/') } })).toEqual(['default_missing']);
    expect(codes({ site: { ...site, domain: { name: 'd.example.com', proof: 'unverified' } } })).toEqual([
      'domain_unverified',
    ]);
    const broken = { state: 'bad_authz', sentence: 'Prove it.', good: false, expiresAt: null };
    expect(codes({ site: { ...site, certificate: broken } })).toEqual(['certificate']);
    const [build] = judgeSite(
      facts({ site: { ...site, builds: [{ ...failed, error: 'Too big.' }, ...site.builds] } }),
    ).problems;
    expect(build).toMatchObject({ code: 'build_failed', sentence: expect.stringContaining('Too big.') });
  });

  const failed = {
    state: 'errored',
    failed: true,
    sha: 'b'.repeat(40),
    at: '2026-11-02T00:00:00Z',
    by: null,
    error: null,
  };

  test('says what is live while the newest commit is built, or could not be', () => {
    const later = { ...served, head: 'b'.repeat(40) };
    expect(judgeSite(facts({ served: later })).live).toMatchObject({
      tone: 'busy',
      sentence: expect.stringMatching(/bbbbbbb.*aaaaaaa/),
    });
    expect(judgeSite(facts({ site: { ...site, builds: [failed, ...site.builds] }, served: later })).live.tone).toBe(
      'bad',
    );
    expect(judgeSite(facts({ site: { ...site, builds: [] } })).live.tone).toBe('warn');
    expect(judgeSite(facts({ site: null })).live.tone).toBe('warn');
  });
});

test('the first page leads to a name inside the site, or to none', () => {
  expect(defaultName(redirect('./1.4/index.html'))).toBe('1.4');
  for (const page of [null, '', '<html>', redirect('https://evil.example/'), redirect('../up'), redirect('/')])
    expect(defaultName(page)).toBeNull();
});

test('what is offered is what would mend it, and nothing where all is well', () => {
  expect(offeredSettings(facts())).toBeNull();
  const workflow = { ...site, buildType: 'workflow' } as const;
  expect(offeredSettings(facts({ site: workflow }))).toEqual({
    buildType: 'branch',
    source: { branch: 'gh-pages', path: '/' },
  });
  expect(offeredSettings(facts({ site: null, served: null }))).toEqual({ buildType: 'workflow' });
  expect(settingsLines(site)).toEqual(['served: yes', 'built by: branch', 'branch: gh-pages', 'folder: /']);
});
