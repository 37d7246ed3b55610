import { type AppConfig, CONFIG_FILES, readConfig } from './config';
import type { ModuleFacts } from './facts';
import { ownPackageOf } from './own-package';
import { type Modules, Walk } from './reach';
import { resolutionOf } from './resolution';
import { type Frames, framesIn, type RouteFile, routeFiles, USUAL_EXTENSIONS } from './routes';
import { ALIAS_FILES, NO_PATHS, tsPathsOf } from './tsconfig';

/** What has been read of an app. Paths are relative to its folder. */
export interface Sources {
  files: readonly string[];
  /** Texts of the few files that are settings; null = it could not be read. */
  settings: ReadonlyMap<string, string | null>;
  /** Grows while it is read. */
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

/** Where apps lie in a repository, at or below `below`: folders with a config, or with routes; the shallowest first. */
export function appFolders(files: readonly string[], below: string): string[] {
  const prefix = below === '' ? '' : `${below}/`;
  const inside = files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  const configs = inside.filter((file) => CONFIG_FILES.includes(file.slice(file.lastIndexOf('/') + 1)));
  const folders = [...new Set(configs.map((file) => file.slice(0, Math.max(0, file.lastIndexOf('/')))))];
  // A folder called `app` may be anybody's; routes in it are Next's.
  if (folders.length === 0 && routeFiles(inside, USUAL_EXTENSIONS).length > 0) folders.push('');
  return folders
    .sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1))
    .map((folder) => [below, folder].filter((each) => each !== '').join('/'));
}

const depthOf = (folder: string) => (folder === '' ? 0 : folder.split('/').length);

/** The settings that an app is read by and that have not been read yet. Empty when all are there. */
export function settingsWanted(files: readonly string[], read: Sources['settings']): string[] {
  const there = new Set(files);
  const alias = ALIAS_FILES.find((name) => there.has(name));
  const first = [CONFIG_FILES.find((name) => there.has(name)), 'package.json'].filter((each) => each !== undefined);
  const wanted = [...first, ...(alias ? tsPathsOf(alias, read).wanted : [])];
  return [...new Set(wanted)].filter((each) => there.has(each) && !read.has(each));
}

/** The app under the variables of a mode. */
export function appOf({ files, settings, facts }: Sources, env: Readonly<Record<string, string | null>>): App {
  const there = new Set(files);
  const file = CONFIG_FILES.find((name) => there.has(name)) ?? null;
  const config = readConfig(file, (file && settings.get(file)) ?? '', env);
  const alias = ALIAS_FILES.find((name) => there.has(name));
  const ts = alias ? tsPathsOf(alias, settings) : NO_PATHS;
  const own = ownPackageOf(settings.get('package.json') ?? '');
  const routes = routeFiles(files, config.extensions);
  const ways = resolutionOf({ files: there, ts, own, config });
  return {
    config,
    routes,
    frames: framesIn(routes),
    proxy: proxyIn(files, config.extensions),
    modules: { ways, facts },
  };
}

function proxyIn(files: readonly string[], extensions: readonly string[]): string | null {
  const names = ['proxy', 'middleware'].flatMap((name) => extensions.map((each) => `${name}.${each}`));
  return files.find((file) => names.includes(file.replace(/^src\//, ''))) ?? null;
}

/** Finds out what has to be read before the app can be judged: route files, and what they lead to. */
export function explore({ routes, modules }: App): Walk {
  const walk = new Walk(modules);
  walk.go(routes);
  return walk;
}
