/** What the app's `package.json` says about names of imports. */
export interface OwnPackage {
  name: string | null;
  /** `imports`: pattern → every place that some condition leads to. */
  imports: readonly { pattern: string; places: readonly string[] }[];
  /** Every package that it names → the version that it asks for. */
  asked: ReadonlyMap<string, string>;
}

const MAX_NAMES = 5_000;
const LISTS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
/** Versions that lead to a folder and not to a registry. */
const LOCAL = /^(workspace|file|link|portal):|^\*$/;

/** Null for a text that is no package.json. */
export function ownPackageOf(text: string): OwnPackage | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(found)) return null;
  const imports = isRecord(found.imports) ? Object.entries(found.imports).slice(0, MAX_NAMES) : [];
  const asked = LISTS.flatMap((list) => Object.entries(isRecord(found[list]) ? found[list] : {})).slice(0, MAX_NAMES);
  return {
    name: typeof found.name === 'string' ? found.name : null,
    imports: imports.map(([pattern, to]) => ({ pattern, places: leavesOf(to) })),
    asked: new Map(asked.map(([name, version]) => [name, String(version)])),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The texts in a tree of conditions and alternatives; `./src/a` without its dot. */
function leavesOf(value: unknown): string[] {
  const leaves: string[] = [];
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string' && !/\.d\.[cm]?ts$/.test(next)) leaves.push(next.replace(/^\.\//, ''));
    else if (typeof next === 'object' && next !== null) for (const each of Object.values(next)) open.push(each);
  }
  return leaves;
}

/** `@acme/ui` of `@acme/ui/button`. */
export const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Why a package may be source of this repository, in the middle of a sentence; null where it comes from a registry. */
export function whyOwn(name: string, own: OwnPackage | null, transpiled: readonly string[]): string | null {
  if (transpiled.includes(name)) return 'which transpilePackages takes from this repository';
  if (!own || name === 'next' || name.startsWith('node:')) return null;
  const version = own.asked.get(name);
  if (name === own.name || (version !== undefined && LOCAL.test(version)))
    return 'which is a folder of this repository';
  const scope = name.startsWith('@') ? name.split('/')[0] : null;
  if (scope !== null && own.name?.startsWith(`${scope}/`))
    return 'which has the scope of this app, so it may be a folder of its repository';
  if (version === undefined && !BUILT_IN.has(name))
    return 'which package.json does not name, so it may be a folder of this repository';
  return null;
}

const BUILT_IN = new Set(
  'assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib react react-dom server-only client-only'.split(
    ' ',
  ),
);
