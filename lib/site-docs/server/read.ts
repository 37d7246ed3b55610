import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { marked, type TokensList } from 'marked';
import { DECISIONS, type DocPlace, slugOf } from '../model/places';

/** Where documents are in the repository; the repository of the sandbox has its own, which are an example. */
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/**/*.md', 'lib/**/README.md'];
const NOT_OURS = /^lib\/sandbox\/repository\//;
/** Read when the site is built; by a server where no page is made ahead (next.config.mjs), which has them beside it. */
const ROOT = /* turbopackIgnore: true */ process.cwd();

export interface DocPage extends DocPlace {
  title: string;
}

export interface Doc extends DocPage {
  tokens: TokensList;
}

let listed: readonly DocPage[] | null = null;

/** Every document, the first page first, then by address. Listed once, but for who writes them while the dev server runs. */
export function listDocs(): readonly DocPage[] {
  if (process.env.NODE_ENV !== 'production') return findDocs();
  listed ??= findDocs();
  return listed;
}

function findDocs(): DocPage[] {
  return globSync(DOCUMENTS, { cwd: ROOT })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !NOT_OURS.test(file))
    .map((file) => ({ file, slug: slugOf(file), title: titleOf(file) }))
    .sort((a, b) => (a.slug.join('/') < b.slug.join('/') ? -1 : 1));
}

/** The document at an address, taken apart; null when there is none. */
export function readDoc(slug: readonly string[]): Doc | null {
  const found = listDocs().find((page) => page.slug.join('/') === slug.join('/'));
  return found ? { ...found, tokens: marked.lexer(textOf(found.file)) } : null;
}

/** The decisions, by number. */
export function listDecisions(): DocPage[] {
  return listDocs().filter(({ file }) => file.startsWith(`${DECISIONS}/`));
}

/** Pictures of the documents, relative to docs/. */
export function listPictures(): string[] {
  return globSync('**/*.{png,svg}', { cwd: path.join(ROOT, 'docs') }).map((file) => file.replaceAll('\\', '/'));
}

/** Only what `listPictures` names can be read; null for anything else. */
export function readPicture(name: string): Uint8Array<ArrayBuffer> | null {
  return listPictures().includes(name) ? new Uint8Array(readFileSync(path.join(ROOT, 'docs', name))) : null;
}

function titleOf(file: string): string {
  const heading = /^# (.+)$/m.exec(textOf(file))?.[1];
  return (heading ?? path.basename(file, '.md')).replace(/[`*_]/g, '').trim();
}

function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
