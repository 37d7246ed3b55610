import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PublishedVersion, type SiteCommit, serves, siteVersions, versionNamed } from './versions';

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`;
const FILE = JSON.stringify([
  { version: 'main', title: 'main', aliases: [] },
  { version: '1.4', title: '1.4.2', aliases: ['stable', 'latest'], properties: { hidden: false } },
  { version: '1.3', title: '1.3', aliases: [] },
]);
const LOG: SiteCommit[] = [
  { message: 'Set default version to stable with mike 2.1.3', at: at(20) },
  { message: 'Deployed 0f1e2d3 to 1.4 with MkDocs 1.6.1 and mike 2.1.3', at: at(19) },
  { message: 'Copied 1.4 to latest with mike 2.1.3', at: at(18) },
  { message: 'Deployed aaaaaaa to 1.4 with MkDocs 1.6.1 and mike 2.1.3\n\nSigned-off-by: Ana', at: at(17) },
  { message: 'Deployed bbbbbbb to main in handbook with MkDocs 1.6.1 and mike 2.1.3', at: at(16) },
  { message: 'Deployed ccccccc to main with MkDocs 1.6.1 and mike 2.1.3', at: at(15) },
];

function versionsOf(file: string, log = LOG, prefix?: string): PublishedVersion[] {
  const read = siteVersions(file, log, prefix);
  return 'versions' in read ? read.versions : expect.fail(read.problem);
}
const problem = (file: string) => {
  const read = siteVersions(file, []);
  return 'problem' in read ? read.problem : expect.fail('It should have been refused.');
};

describe('the versions of a site', () => {
  test('each with the commit of its newest publication, its title and what leads to it', () => {
    expect(versionsOf(FILE)).toEqual([
      { version: 'main', title: 'main', aliases: [], sha: 'ccccccc', at: at(15) },
      { version: '1.4', title: '1.4.2', aliases: ['latest', 'stable'], sha: '0f1e2d3', at: at(19) },
      { version: '1.3', title: '1.3', aliases: [], sha: null, at: null },
    ]);
  });

  test('of a site in a folder are not those of another on the same branch', () => {
    expect(versionsOf(FILE, LOG, 'handbook').map((each) => each.sha)).toEqual(['bbbbbbb', null, null]);
  });

  test('an alias leads to its version, and a version to itself', () => {
    const versions = versionsOf(FILE);
    expect(versionNamed(versions, 'stable')?.version).toBe('1.4');
    expect(versionNamed(versions, '1.3')?.version).toBe('1.3');
    expect(versionNamed(versions, 'next')).toBeNull();
  });

  test('a commit is served when the digits that are known agree; nothing known is not yes', () => {
    const [main, , old] = versionsOf(FILE) as [PublishedVersion, PublishedVersion, PublishedVersion];
    expect(serves(main, `ccccccc${'0'.repeat(33)}`)).toBe(true);
    expect(serves(main, 'cccc')).toBe(true);
    expect(serves(main, 'd'.repeat(40))).toBe(false);
    expect(serves(old, 'd'.repeat(40))).toBe(false);
  });

  test.each([
    ['no JSON', '<html>404</html>'],
    ['no list', '{}'],
    ['no aliases', '[{"version":"1","title":"1"}]'],
    ['a way out of the site', '[{"version":"..","title":"1","aliases":[]}]'],
    ['a folder in a name', '[{"version":"1","title":"1","aliases":["a/b"]}]'],
    ['a control character', JSON.stringify([{ version: '1\u0000', title: '1', aliases: [] }])],
    ['more than anybody reads', JSON.stringify(Array(1_001).fill({ version: '1', title: '1', aliases: [] }))],
  ])('%s is refused with what to do', (_, file) => {
    expect(problem(file)).toMatch(/versions\.json.*Publish/);
  });

  test('one name for two versions is refused by name', () => {
    const file = [
      { version: '1', title: '1', aliases: ['stable'] },
      { version: '2', title: '2', aliases: ['stable'] },
    ];
    expect(problem(JSON.stringify(file))).toContain('“stable” stands for two');
  });

  test('whatever the file and the messages are, the answer is versions or a sentence, within a moment', () => {
    const message = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...LOG.map((each) => each.message)));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.array(message, { maxLength: 20 }), (file, messages) => {
        const read = siteVersions(
          file,
          messages.map((each) => ({ message: each, at: at(1) })),
        );
        expect('versions' in read || read.problem.length > 20).toBe(true);
      }),
      { numRuns: 500 },
    );
    const long = `Deployed abcdef0 to ${' in '.repeat(20_000)}`;
    const begun = performance.now();
    expect(versionsOf(FILE, [{ message: long, at: at(1) }])[0]?.sha).toBeNull();
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
