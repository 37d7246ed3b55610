import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GalleryExtension, idOf } from '../model/extension';
import { CODE, FILTER, FLAG, LIMITS, SORT } from '../model/protocol';
import { EVERYTHING, galleryQueryBody, galleryQueryOf } from '../model/query';
import { search } from '../model/search';
import { versionsFor } from '../model/versions';
import { sampleExtension, sampleListing, sampleVersion } from '../testing/sample';

const asked = (filter: Record<string, unknown>, flags = 0) =>
  galleryQueryOf(galleryQueryBody.parse({ filters: [filter], flags }));
const criteria = (...pairs: [number, string][]) => ({
  criteria: pairs.map(([filterType, value]) => ({ filterType, value })),
});
const idsOf = (found: { extensions: GalleryExtension[] }) => found.extensions.map(idOf);

const word = fc.constantFrom('a', 'b', 'demo', 'theme', 'git');
const estate = fc
  .uniqueArray(fc.tuple(word, word, fc.nat(3), fc.nat(2), word), { maxLength: 25, selector: ([p, n]) => `${p}.${n}` })
  .map((rows) =>
    rows.map(([namespace, name, installs, day, title]) =>
      sampleExtension(namespace, name, {
        counts: { download: 0, install: installs, update: 0, uninstall: 0 },
        latest: sampleVersion('1.0.0', {
          listing: sampleListing({ displayName: title }),
          publishedAt: `2026-11-0${day + 1}T00:00:00.000Z`,
        }),
      }),
    ),
  );

describe('a query of an editor', () => {
  test('all pages together are everything that was found, once each, however it is sorted', () => {
    fc.assert(
      fc.property(
        estate,
        fc.constantFrom(...Object.values(SORT), 6, 12, 99),
        fc.constantFrom(0, 1, 2),
        fc.integer({ min: 1, max: 7 }),
        fc.option(word, { nil: undefined }),
        (all, sortBy, sortOrder, pageSize, text) => {
          const filter = { ...(text ? criteria([FILTER.searchText, text]) : {}), sortBy, sortOrder, pageSize };
          const whole = search({ ...asked(filter), offset: 0, size: LIMITS.page }, all);
          const pages = Array.from({ length: Math.ceil(whole.total / pageSize) + 1 }, (_, at) =>
            search(asked({ ...filter, pageNumber: at + 1 }), all),
          );
          expect(pages.flatMap(idsOf)).toEqual(idsOf(whole));
          expect(new Set(idsOf(whole)).size).toBe(whole.total);
          for (const page of pages) expect(page.total).toBe(whole.total);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('nothing that can be sent makes an answer longer than the limits, or a query that fails', () => {
    const filter = fc.record(
      {
        criteria: fc.array(fc.record({ filterType: fc.nat(20), value: fc.option(fc.string({ maxLength: 60 })) }), {
          maxLength: 10,
        }),
        pageNumber: fc.oneof(fc.constant(null), fc.nat()),
        pageSize: fc.oneof(fc.constant(null), fc.nat()),
        sortBy: fc.nat(20),
        sortOrder: fc.nat(5),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 3 }), estate, (filters, all) => {
        const query = galleryQueryOf(galleryQueryBody.parse({ filters }));
        expect(query.size).toBeGreaterThan(0);
        expect(query.size).toBeLessThanOrEqual(LIMITS.page);
        expect(search(query, all).extensions.length).toBeLessThanOrEqual(Math.min(query.size, all.length));
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    [
      'too many criteria',
      { criteria: Array.from({ length: LIMITS.criteria + 1 }, () => ({ filterType: 7, value: 'a.b' })) },
    ],
    ['a value too long', criteria([FILTER.searchText, 'x'.repeat(LIMITS.value + 1)])],
    ['a negative page', { pageNumber: -1 }],
    ['a type that is none', { criteria: [{ filterType: 'name', value: 'a.b' }] }],
  ])('%s is refused', (_, filter) => {
    expect(galleryQueryBody.safeParse({ filters: [filter] }).success).toBe(false);
  });

  const git = sampleExtension('acme', 'git', {
    latest: sampleVersion('1.0.0', {
      listing: sampleListing({ displayName: 'Git', categories: ['SCM Providers'], tags: ['vcs'] }),
    }),
  });
  const demo = sampleExtension('acme', 'demo');
  const other = sampleExtension('beta', 'git-tools', { counts: { download: 0, install: 9, update: 0, uninstall: 0 } });
  const all = [demo, other, git];

  test.each<[string, [number, string][], string[]]>([
    ['by name, in any spelling', [[FILTER.extensionName, 'ACME.Git']], ['acme.git']],
    [
      'by id and by name, either will do',
      [
        [FILTER.extensionId, demo.extensionId],
        [FILTER.extensionName, 'acme.git'],
      ],
      ['acme.demo', 'acme.git'],
    ],
    ['by category', [[FILTER.category, 'scm providers']], ['acme.git']],
    ['by tag', [[FILTER.tag, 'VCS']], ['acme.git']],
    [
      'by text: the very name before what only begins with it',
      [[FILTER.searchText, 'git']],
      ['acme.git', 'beta.git-tools'],
    ],
    ['by publisher', [[FILTER.searchText, 'publisher:"beta"']], ['beta.git-tools']],
    ['by text, of which one word is nowhere', [[FILTER.searchText, 'git nowhere']], []],
    [
      'for VS Code',
      [
        [FILTER.target, CODE],
        [FILTER.excludeWithFlags, '4096'],
      ],
      ['beta.git-tools', 'acme.demo', 'acme.git'],
    ],
    ['for another editor', [[FILTER.target, 'Microsoft.VisualStudio.Pro']], []],
    ['what is featured', [[FILTER.featured, '']], []],
  ])('finds %s', (_, pairs, expected) => {
    expect(idsOf(search(asked(criteria(...pairs)), all))).toEqual(expected);
  });

  test('without anything asked, all are found', () => {
    expect(search(EVERYTHING, all).total).toBe(3);
  });
});

describe('the versions of an answer', () => {
  const versions = [
    sampleVersion('1.9.0'),
    sampleVersion('1.10.0'),
    sampleVersion('1.11.0', { prerelease: true }),
    sampleVersion('1.10.0', { platform: 'linux-x64' }),
    sampleVersion('1.8.0', { platform: 'darwin-x64' }),
  ];
  const names = (flags: number) =>
    versionsFor(flags, versions).map(({ version, platform }) => `${version}@${platform}`);

  test('all of them, newest first by number and not by letter', () => {
    expect(names(FLAG.versions)).toEqual([
      '1.11.0@universal',
      '1.10.0@linux-x64',
      '1.10.0@universal',
      '1.9.0@universal',
      '1.8.0@darwin-x64',
    ]);
  });

  test('the newest of each platform', () => {
    expect(names(FLAG.latestVersionOnly | FLAG.versions)).toEqual([
      '1.11.0@universal',
      '1.10.0@linux-x64',
      '1.8.0@darwin-x64',
    ]);
  });

  test('the newest of each platform and channel', () => {
    expect(names(FLAG.latestPrereleaseAndStable)).toEqual([
      '1.11.0@universal',
      '1.10.0@linux-x64',
      '1.10.0@universal',
      '1.8.0@darwin-x64',
    ]);
  });

  test('none where none is asked for', () => {
    expect(names(FLAG.statistics)).toEqual([]);
  });
});
