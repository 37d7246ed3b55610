import type { Ways } from './config-ways';
import { type OwnPackage, packageOf, whyOwn } from './own-package';
import { fileFor, folderOf, joined } from './paths';
import type { TsPaths, Unclear } from './tsconfig';

/** A file of the app, a package, something that holds no code, or one that is not known, and why. */
export type Target = { is: 'file'; file: string } | { is: 'package' } | { is: 'no-code' } | { is: 'lost'; why: string };

interface Alias {
  before: string;
  after: string;
  places: readonly string[];
}

/** Where the imports of an app lead. */
export interface Resolution {
  files: ReadonlySet<string>;
  exact: ReadonlyMap<string, readonly string[]>;
  /** With a `*`; the longest beginning first, which is the one that counts. */
  patterns: readonly Alias[];
  /** Fits everything (`baseUrl`, `"*"`), so what is not found by it may be a package. */
  anywhere: readonly Alias[];
  own: OwnPackage | null;
  transpiled: readonly string[];
  /** A compiler of TypeScript leaves imports as they are written. */
  keepsImports: boolean;
  /** What may lead imports elsewhere and was not read. */
  unclear: readonly Unclear[];
}

/** Each import is held against all of them. */
const MAX_ALIASES = 300;

export interface ResolutionOf {
  files: ReadonlySet<string>;
  ts: TsPaths;
  own: OwnPackage | null;
  config: { file: string | null; ways: Ways };
}

export function resolutionOf({ files, ts, own, config }: ResolutionOf): Resolution {
  const { aliases, transpiled, unclear } = config.ways;
  const named = [
    ...aliases.flatMap(({ name, places }) => {
      const own = places.map((each) => (each.startsWith('.') ? joined('', each) : each));
      return [
        { pattern: name, places: own },
        ...(name.includes('*') ? [] : [{ pattern: `${name}/*`, places: own.map((each) => `${each}/*`) }]),
      ];
    }),
    ...ts.paths,
    ...(own?.imports ?? []),
  ];
  const kept = named.slice(0, MAX_ALIASES);
  const open = kept.filter(({ pattern }) => pattern.includes('*')).map(aliasOf);
  const isAnywhere = ({ before, after }: Alias) => before === '' && after === '';
  const base =
    ts.baseUrl === null ? [] : [{ before: '', after: '', places: [ts.baseUrl === '' ? '*' : `${ts.baseUrl}/*`] }];
  const file = config.file ?? 'next.config';
  return {
    ...{
      files,
      own,
      transpiled,
      keepsImports: ts.keepsImports,
      exact: new Map(kept.filter(({ pattern }) => !pattern.includes('*')).map((each) => [each.pattern, each.places])),
    },
    patterns: open.filter((each) => !isAnywhere(each)).sort((a, b) => b.before.length - a.before.length),
    anywhere: [...open.filter(isAnywhere), ...base],
    unclear: [
      ...ts.unclear,
      ...unclear.map((line) => ({ file, line, what: 'which may lead imports elsewhere' })),
      ...(named.length > kept.length
        ? [{ file: 'tsconfig.json', line: 1, what: `which has more than ${MAX_ALIASES} paths` }]
        : []),
    ],
  };
}

function aliasOf({ pattern, places }: { pattern: string; places: readonly string[] }): Alias {
  const [before = '', after = ''] = pattern.split('*');
  return { before, after, places };
}

const NO_CODE = /\.(css|s[ac]ss|less|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|otf|json|wasm|txt|mp4|webm|pdf)$/i;
const LIKE_A_PACKAGE = /^(@[\w.-]+\/)?[\w.-]+(\/|$)/;
const NO_FILE = 'which is no file of this app that is known';

/** Where an import leads, seen from the file that it stands in. */
export function lookUp(specifier: string, importer: string, ways: Resolution): Target {
  if (specifier.startsWith('.'))
    return found([joined(folderOf(importer), specifier)], specifier, ways) ?? lost(NO_FILE);
  if (specifier.startsWith('node:')) return { is: 'package' };
  const meant = meantBy(specifier, ways);
  const target =
    (meant && found(meant, specifier, ways)) ??
    found(
      ways.anywhere.flatMap((each) => fitted(each, specifier) ?? []),
      specifier,
      ways,
    );
  if (target) return target;
  if (meant !== null && !meant.some((each) => LIKE_A_PACKAGE.test(each) && ways.own?.asked.has(packageOf(each))))
    return lost(NO_FILE);
  if (NO_CODE.test(specifier)) return { is: 'no-code' };
  if (meant === null && !LIKE_A_PACKAGE.test(specifier)) return lost(NO_FILE);
  const why = whyOwn(packageOf(specifier), ways.own, ways.transpiled);
  return why === null ? { is: 'package' } : lost(why);
}

const lost = (why: string): Target => ({ is: 'lost', why });

/** The places that an alias names; null where none fits. */
function meantBy(specifier: string, { exact, patterns }: Resolution): readonly string[] | null {
  const named = exact.get(specifier);
  if (named) return named;
  for (const each of patterns) {
    const places = fitted(each, specifier);
    if (places) return places;
  }
  return null;
}

function fitted({ before, after, places }: Alias, specifier: string): string[] | null {
  const fits =
    specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after);
  if (!fits) return null;
  const middle = specifier.slice(before.length, specifier.length - after.length);
  return places.map((place) => place.replace('*', () => middle));
}

function found(meant: readonly string[], specifier: string, { files }: Resolution): Target | null {
  for (const each of meant) {
    const file = fileFor(each, files);
    if (file !== null) return NO_CODE.test(file) ? { is: 'no-code' } : { is: 'file', file };
  }
  return specifier.startsWith('.') && NO_CODE.test(specifier) ? { is: 'no-code' } : null;
}
