import { evaluate, scopeOf, type Value } from './constant';
import { parseModule, part, parts } from './syntax';

/** One entry of `paths`: what an import begins with, what it ends with, and where that may lie. */
export interface Alias {
  before: string;
  after: string;
  /** Whether there is a `*` in it. */
  open: boolean;
  places: readonly string[];
}

export const ALIAS_FILES = ['tsconfig.json', 'jsconfig.json'];

/** `compilerOptions.paths` and `baseUrl` of a tsconfig or jsconfig, relative to its folder. What `extends` adds is not read. */
export function aliasesOf(text: string): Alias[] {
  // JSON with comments and commas at the end is an expression.
  const { program } = parseModule('config.js', `(${text}\n)`);
  const [statement] = parts(program, 'body');
  const options = fieldOf(evaluate(part(statement ?? null, 'expression'), scopeOf(new Map(), {})), 'compilerOptions');
  const base = textOf(fieldOf(options, 'baseUrl'));
  const paths = fieldOf(options, 'paths');
  const named = paths?.kind === 'object' ? Object.entries(paths.fields) : [];
  const aliases = named.map(([pattern, { value }]) => aliasOf(pattern, value, base ?? '.'));
  return base === null ? aliases : [...aliases, aliasOf('*', { kind: 'list', items: [literal('*')] }, base)];
}

function aliasOf(pattern: string, value: Value, base: string): Alias {
  const [before = '', after = ''] = pattern.split('*');
  const items = value.kind === 'list' ? value.items.map(textOf) : [];
  const places = items.filter((each) => each !== null).map((each) => joined(base, each));
  return { before, after, open: pattern.includes('*'), places };
}

const literal = (value: string): Value => ({ kind: 'literal', value });

function fieldOf(value: Value | null, name: string): Value | null {
  return value?.kind === 'object' ? (value.fields[name]?.value ?? null) : null;
}

function textOf(value: Value | null): string | null {
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : null;
}

/** The files that an import may mean, without their endings; null where it is a package. Relative to the app's folder. */
export function meantBy(specifier: string, importer: string, aliases: readonly Alias[]): string[] | null {
  if (specifier.startsWith('.')) return [joined(importer.slice(0, Math.max(0, importer.lastIndexOf('/'))), specifier)];
  for (const { before, after, open, places } of aliases) {
    if (!open && specifier === before) return [...places];
    const fits = open && specifier.length >= before.length + after.length;
    if (fits && specifier.startsWith(before) && specifier.endsWith(after)) {
      const middle = specifier.slice(before.length, specifier.length - after.length);
      return places.map((place) => place.replace('*', () => middle));
    }
  }
  return null;
}

/** `a/b` and `../c` → `a/c`; what leaves the folder keeps its `..`. */
function joined(folder: string, path: string): string {
  const segments: string[] = [];
  for (const each of `${folder}/${path}`.split('/')) {
    if (each === '' || each === '.') continue;
    if (each === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else segments.push(each);
  }
  return segments.join('/');
}

const ENDINGS = ['tsx', 'ts', 'jsx', 'js', 'mts', 'mjs', 'cts', 'cjs'];

/** The file itself: with an ending, as the index of a folder, or `.js` written for `.ts`. Null: none is there. */
export function fileFor(meant: string, files: ReadonlySet<string>): string | null {
  if (files.has(meant)) return meant;
  const written = meant.replace(/\.([cm]?)js(x?)$/, '');
  const stems = written === meant ? [meant] : [meant, written];
  for (const stem of stems)
    for (const ending of ENDINGS) {
      if (files.has(`${stem}.${ending}`)) return `${stem}.${ending}`;
      if (files.has(`${stem}/index.${ending}`)) return `${stem}/index.${ending}`;
    }
  return null;
}
