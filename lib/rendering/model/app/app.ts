import { ALIAS_FILES, aliasesOf } from './aliases';
import { type AppConfig, CONFIG_FILES, readConfig } from './config';
import type { ModuleFacts } from './facts';
import { type Modules, modulesOf, reach } from './reach';
import { type Frames, framesIn, type RouteFile, routeFiles, USUAL_EXTENSIONS } from './routes';

/** What has been read of an app so far. Paths are relative to its folder. */
export interface Sources {
  files: readonly string[];
  /** Texts of the few files that are settings; null = it could not be read. */
  settings: ReadonlyMap<string, string | null>;
  facts: ReadonlyMap<string, ModuleFacts>;
}

/** An app as its sources describe it, built in one mode. */
export interface App {
  config: AppConfig;
  routes: readonly RouteFile[];
  frames: Frames;
  /** `proxy.ts` or `middleware.ts`, whatever its extension. */
  proxy: string | null;
  modules: Modules;
}

/** Where an app lies in a repository: the shallowest folder at or below `below` with a config or with routes; null = none. */
export function appFolder(files: readonly string[], below: string): string | null {
  const prefix = below === '' ? '' : `${below}/`;
  const inside = files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  const configs = inside.filter((file) => CONFIG_FILES.includes(file.slice(file.lastIndexOf('/') + 1)));
  const [nearest] = configs.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  const folder = nearest === undefined ? '' : nearest.slice(0, Math.max(0, nearest.lastIndexOf('/')));
  // A folder called `app` may be anybody's; routes in it are Next's.
  if (nearest === undefined && routeFiles(inside, USUAL_EXTENSIONS).length === 0) return null;
  return [below, folder].filter((each) => each !== '').join('/');
}

const depthOf = (file: string) => file.split('/').length;

/** The settings that an app is read by, as far as they are there. */
export function settingsOf(files: readonly string[]): string[] {
  const there = new Set(files);
  const first = (names: readonly string[]) => names.find((name) => there.has(name)) ?? [];
  return [first(CONFIG_FILES), first(ALIAS_FILES)].flat();
}

/** The app under the variables of a mode. */
export function appOf({ files, settings, facts }: Sources, env: Readonly<Record<string, string | null>>): App {
  const there = new Set(files);
  const file = CONFIG_FILES.find((name) => there.has(name)) ?? null;
  const config = readConfig(file, (file && settings.get(file)) ?? '', env);
  const alias = ALIAS_FILES.find((name) => there.has(name));
  const aliases = aliasesOf((alias && settings.get(alias)) ?? '{}');
  const routes = routeFiles(files, config.extensions);
  const modules = modulesOf(there, aliases, facts);
  return { config, routes, frames: framesIn(routes), proxy: proxyIn(files, config.extensions), modules };
}

function proxyIn(files: readonly string[], extensions: readonly string[]): string | null {
  const names = ['proxy', 'middleware'].flatMap((name) => extensions.map((each) => `${name}.${each}`));
  return files.find((file) => names.includes(file.replace(/^src\//, ''))) ?? null;
}

/** What has to be read before the app can be judged: route files, and what they lead to. */
export function wantedBy({ routes, modules }: App): string[] {
  return [
    ...reach(
      routes.map(({ file }) => file),
      modules,
    ).wanted,
  ];
}
