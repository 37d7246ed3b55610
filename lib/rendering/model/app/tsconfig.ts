import { evaluate, scopeOf, type Value } from './constant';
import { joined } from './paths';
import { parseModule, part, parts } from './syntax';

export const ALIAS_FILES = ['tsconfig.json', 'jsconfig.json'];
/** How many files may extend each other. */
const MAX_EXTENDED = 8;

/** Something that decides where imports lead and could not be read. */
export interface Unclear {
  file: string;
  line: number;
  /** What it is, in the middle of a sentence. */
  what: string;
}

export interface TsPaths {
  /** Pattern → places, relative to the app's folder. */
  paths: readonly { pattern: string; places: readonly string[] }[];
  baseUrl: string | null;
  /** It leaves imports as they are written, whether anybody uses them or not. */
  keepsImports: boolean;
  unclear: readonly Unclear[];
}

export const NO_PATHS: TsPaths = { paths: [], baseUrl: null, keepsImports: false, unclear: [] };

interface Read extends TsPaths {
  /** What it extends that lies in the app's folder and has not been read yet. */
  wanted: readonly string[];
}

/**
 * `paths`, `baseUrl` and whether unused imports stay, as TypeScript has them: those of a file take the place of all that it extends.
 * https://www.typescriptlang.org/tsconfig/#extends · `read`: texts by path; null = it could not be read.
 */
export function tsPathsOf(file: string, read: ReadonlyMap<string, string | null>, depth = 0): Read {
  const text = read.get(file);
  if (text === undefined) return { ...NO_PATHS, wanted: [file] };
  const own = text === null ? null : objectIn(text);
  if (own === null) return { ...NO_PATHS, wanted: [], unclear: [{ file, line: 1, what: 'which is not understood' }] };
  const below = extendedBy(file, own, read, depth);
  const options = own.fields.compilerOptions?.value;
  if (options?.kind !== 'object') return below;
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  const base = textOf(options.fields.baseUrl?.value);
  const baseUrl = base === null ? below.baseUrl : joined(folder, base);
  const paths = options.fields.paths?.value;
  const keepsImports = keptBy(options) ?? below.keepsImports;
  if (paths?.kind !== 'object') return { ...below, baseUrl, keepsImports };
  return {
    ...below,
    ...{ baseUrl, keepsImports },
    paths: pathsIn(paths, base === null && below.baseUrl === null ? folder : (baseUrl ?? folder)),
  };
}

type Found = Extract<Value, { kind: 'object' }>;

/** https://www.typescriptlang.org/tsconfig/#verbatimModuleSyntax and two older names; null where it says nothing. */
function keptBy({ fields }: Found): boolean | null {
  const said = ['verbatimModuleSyntax', 'preserveValueImports', 'importsNotUsedAsValues'].flatMap((name) => {
    const value = fields[name]?.value;
    return value?.kind === 'literal' ? [value.value] : [];
  });
  return said.length === 0 ? null : said.some((each) => each === true || each === 'preserve' || each === 'error');
}

function objectIn(text: string): Found | null {
  // JSON with comments and commas at the end is an expression.
  const { program } = parseModule('config.js', `(${text}\n)`);
  const [statement] = parts(program, 'body');
  const value = evaluate(part(statement ?? null, 'expression'), scopeOf(new Map(), {}));
  return value.kind === 'object' && value.open === null ? value : null;
}

function pathsIn({ fields }: Found, base: string): TsPaths['paths'] {
  return Object.entries(fields).map(([pattern, { value }]) => {
    const items = value.kind === 'list' ? value.items.map(textOf) : [];
    return { pattern, places: items.filter((each) => each !== null).map((each) => joined(base, each)) };
  });
}

function extendedBy(file: string, { fields }: Found, read: ReadonlyMap<string, string | null>, depth: number): Read {
  const field = fields.extends;
  let all: Read = { ...NO_PATHS, wanted: [] };
  if (!field) return all;
  const named = field.value.kind === 'list' ? field.value.items.map(textOf) : [textOf(field.value)];
  for (const name of named) {
    const at = name === null || depth >= MAX_EXTENDED ? null : inFolder(file, name);
    const what = `which extends “${name ?? 'something'}” from outside the app’s folder`;
    const one: Read =
      at === null
        ? { ...NO_PATHS, wanted: [], unclear: [{ file, line: field.line, what }] }
        : tsPathsOf(at, read, depth + 1);
    all = {
      paths: one.paths.length > 0 ? one.paths : all.paths,
      baseUrl: one.baseUrl ?? all.baseUrl,
      keepsImports: one.keepsImports || all.keepsImports,
      unclear: [...all.unclear, ...one.unclear],
      wanted: [...all.wanted, ...one.wanted],
    };
  }
  return all;
}

/** Null for a package, and for what lies outside. */
function inFolder(file: string, name: string): string | null {
  if (!name.startsWith('.')) return null;
  const at = joined(file.slice(0, Math.max(0, file.lastIndexOf('/'))), name);
  return at.startsWith('..') ? null : at.endsWith('.json') ? at : `${at}.json`;
}

function textOf(value: Value | undefined): string | null {
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : null;
}
