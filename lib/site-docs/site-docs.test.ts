import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Token, Tokens } from 'marked';
import { describe, expect, test } from 'vitest';
import { headingId, resolveLink, slugOf } from './model/places';
import { listDecisions, listDocs, listPictures, readDoc, readPicture } from './server';

const docs = listDocs();
const files = new Set(docs.map(({ file }) => file));

interface Nested {
  tokens?: Token[];
  items?: Token[];
  header?: { tokens: Token[] }[];
  rows?: { tokens: Token[] }[][];
}

/** Every token of a kind, however deep. */
function all<T extends Token>(tokens: readonly Token[], type: string): T[] {
  return tokens.flatMap((token) => {
    const { tokens: inside = [], items = [], header = [], rows = [] } = token as Nested;
    const cells = [...header, ...rows.flat()].flatMap((cell) => cell.tokens);
    return [...(token.type === type ? [token as T] : []), ...all<T>([...inside, ...items, ...cells], type)];
  });
}

describe('the documents of the site', () => {
  test('are all there, each at an address of its own, with a title', () => {
    expect(docs.length).toBeGreaterThan(40);
    expect(docs[0]).toMatchObject({ file: 'README.md', slug: [] });
    const addresses = docs.map(({ slug }) => slug.join('/'));
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses).toEqual(expect.arrayContaining(['api', 'changelog', 'providers/github', 'sandbox']));
    expect(docs.filter(({ title }) => title.length < 3)).toEqual([]);
    expect(docs.filter(({ file }) => file.startsWith('lib/sandbox/repository/'))).toEqual([]);
    expect(listDecisions().length).toBeGreaterThanOrEqual(24);
    expect(readDoc(['nothing'])).toBeNull();
  });

  test('lead to each other: every link among them opens a page or a picture, or names a file that is there', () => {
    const pictures = new Set(listPictures());
    const broken = docs.flatMap(({ file, slug }) => {
      const tokens = readDoc(slug)?.tokens ?? [];
      const links = [...all<Tokens.Link>(tokens, 'link'), ...all<Tokens.Image>(tokens, 'image')].map(
        ({ href }) => href,
      );
      return links
        .filter((href) => {
          const link = resolveLink(file, href, files);
          if (link.to === 'picture') return !pictures.has(link.path);
          const there = path.join(path.dirname(file), href.split('#')[0] ?? '');
          return link.to === 'source' && !(existsSync(there) && statSync(there));
        })
        .map((href) => `${file}: ${href}`);
    });
    expect(broken).toEqual([]);
  });

  test('reach what is within a page: the headings that links name are there', () => {
    const broken = docs.flatMap(({ file, slug }) =>
      all<Tokens.Link>(readDoc(slug)?.tokens ?? [], 'link').flatMap(({ href }) => {
        const link = resolveLink(file, href, files);
        if (link.to !== 'here' && (link.to !== 'page' || !link.hash)) return [];
        const tokens = readDoc(link.to === 'here' ? slug : link.slug)?.tokens ?? [];
        const ids = all<Tokens.Heading>(tokens, 'heading').map(({ text }) => headingId(text));
        return ids.includes(link.hash) ? [] : [`${file}: ${href}`];
      }),
    );
    expect(broken).toEqual([]);
  });
});

describe('a link of a document', () => {
  const known = new Set(['README.md', 'docs/api.md', 'lib/providers/github/README.md']);

  test.each([
    ['docs/gates.md', 'api.md', { to: 'page', slug: ['api'], hash: '' }],
    ['docs/gates.md', 'api.md#limits', { to: 'page', slug: ['api'], hash: 'limits' }],
    ['docs/gates.md', '../README.md', { to: 'page', slug: [], hash: '' }],
    ['README.md', 'lib/providers/github/README.md', { to: 'page', slug: ['providers', 'github'], hash: '' }],
    ['README.md', 'docs/adr', { to: 'page', slug: ['adr'], hash: '' }],
    ['docs/gates.md', '#limits', { to: 'here', hash: 'limits' }],
    ['docs/screens.md', 'screens/now.png', { to: 'picture', path: 'screens/now.png' }],
    ['README.md', 'https://example.com/a#b', { to: 'outside', href: 'https://example.com/a#b' }],
    ['README.md', 'LICENSE', { to: 'source' }],
    ['docs/gates.md', '../../../etc/passwd', { to: 'source' }],
    ['README.md', 'javascript:alert(1)', { to: 'source' }],
  ])('of %s to %s', (from, href, to) => expect(resolveLink(from, href, known)).toEqual(to));

  test('becomes an address by where the file is', () => {
    expect(slugOf('docs/adr/0001-one-postgres.md')).toEqual(['adr', '0001-one-postgres']);
    expect(slugOf('CHANGELOG.md')).toEqual(['changelog']);
  });
});

test('a heading has the id that GitHub gives it', () => {
  expect(headingId('What every workflow has')).toBe('what-every-workflow-has');
  expect(headingId('`DATABASE_URL`, and more')).toBe('database_url-and-more');
});

test('only pictures of the documents can be read', () => {
  expect(readPicture('architecture.svg')?.length).toBeGreaterThan(100);
  for (const name of ['../package.json', 'api.md', '/etc/passwd']) expect(readPicture(name)).toBeNull();
});
