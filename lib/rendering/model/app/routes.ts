import { folderOf } from './paths';

/** Next's own list where `pageExtensions` names none. https://nextjs.org/docs/app/api-reference/config/next-config-js/pageExtensions */
export const USUAL_EXTENSIONS = ['tsx', 'ts', 'jsx', 'js'] as const;

/** A file that Next makes a route of, or puts around routes. */
export interface RouteFile {
  file: string;
  /** `/docs/[slug]`, without groups and slots. */
  path: string;
  role: 'page' | 'handler' | 'metadata' | 'frame';
  router: 'app' | 'pages';
  /** Segments such as `[slug]`. */
  dynamic: readonly string[];
  /** Takes the place of another route while somebody moves about in the app. */
  intercepting: boolean;
}

const FRAMES = [
  'layout',
  'template',
  'loading',
  'error',
  'not-found',
  'global-not-found',
  'default',
  'global-error',
  'forbidden',
  'unauthorized',
];
/** Files that a program makes; as images and texts they are just files. */
const METADATA: Readonly<Record<string, string>> = {
  sitemap: 'sitemap.xml',
  robots: 'robots.txt',
  manifest: 'manifest.webmanifest',
  icon: 'icon',
  'apple-icon': 'apple-icon',
  'opengraph-image': 'opengraph-image',
  'twitter-image': 'twitter-image',
};
/** The same as files of the repository: nothing is run for them. */
const PLAIN =
  /(^|\/)((favicon|icon\d?|apple-icon\d?|opengraph-image\d?|twitter-image\d?)\.(ico|jpe?g|png|gif|svg)|sitemap\.xml|robots\.txt|manifest\.(json|webmanifest))$/;

const ROOTS = ['', 'src/'];

/** The folder with the routes of a router, below the app's own: `app/`, `src/app/`; null where it has none. */
export function rootOf(files: readonly string[], router: RouteFile['router']): string | null {
  for (const root of ROOTS) if (files.some((file) => file.startsWith(`${root}${router}/`))) return `${root}${router}/`;
  return null;
}

/** Every route file of an app; `files` are relative to its folder. Sorted by path. */
export function routeFiles(files: readonly string[], extensions: readonly string[]): RouteFile[] {
  const [app, pages] = [rootOf(files, 'app'), rootOf(files, 'pages')];
  const found = files.flatMap((file) => {
    if (app !== null && file.startsWith(app)) return appRoute(file, file.slice(app.length), extensions) ?? [];
    if (pages !== null && file.startsWith(pages)) return pagesRoute(file, file.slice(pages.length), extensions) ?? [];
    return [];
  });
  return found.sort((a, b) => (a.path < b.path || (a.path === b.path && a.file < b.file) ? -1 : 1));
}

/** The longest extension that fits wins: `server.tsx` before `tsx`. */
function baseOf(name: string, extensions: readonly string[]): string | null {
  const fits = extensions.filter((each) => name.endsWith(`.${each}`)).sort((a, b) => b.length - a.length);
  return fits[0] === undefined ? null : name.slice(0, -fits[0].length - 1);
}

function appRoute(file: string, below: string, extensions: readonly string[]): RouteFile | null {
  const segments = below.split('/');
  const name = segments.pop() ?? '';
  // A folder with an underscore in front is never routed.
  if (segments.some((each) => each.startsWith('_'))) return null;
  const common = {
    file,
    router: 'app' as const,
    dynamic: dynamicIn(segments),
    intercepting: segments.some(intercepts),
  };
  if (PLAIN.test(name)) return null;
  const base = baseOf(name, extensions);
  if (base === null) return null;
  const path = pathOf(segments);
  if (base === 'page') return { ...common, path, role: 'page' };
  if (base === 'route') return { ...common, path, role: 'handler' };
  if (FRAMES.includes(base)) return { ...common, path, role: 'frame' };
  const served = METADATA[base.replace(/\d$/, '')];
  return served ? { ...common, path: `${path === '/' ? '' : path}/${served}`, role: 'metadata' } : null;
}

/** `(.)photo`, `(..)(..)photo`, `(...)photo`. */
const intercepts = (segment: string) => /^\(\.{1,3}\)/.test(segment);
const isShown = (segment: string) => !/^\([^)]*\)$/.test(segment) && !segment.startsWith('@');
const dynamicIn = (segments: readonly string[]) => segments.filter((each) => /\[[^\]]+\]/.test(each));

function pathOf(segments: readonly string[]): string {
  return `/${segments.filter(isShown).join('/')}`;
}

function pagesRoute(file: string, below: string, extensions: readonly string[]): RouteFile | null {
  const base = baseOf(below, extensions);
  if (base === null || base.endsWith('.d')) return null;
  const segments = base.split('/');
  const common = { file, router: 'pages' as const, dynamic: dynamicIn(segments), intercepting: false };
  if (/^_(app|document|error)$/.test(base)) return { ...common, path: `/${base}`, role: 'frame' };
  if (segments.at(-1) === 'index') segments.pop();
  const path = `/${segments.join('/')}`;
  return { ...common, path, role: base === 'api' || base.startsWith('api/') ? 'handler' : 'page' };
}

/** Layouts and the like, by their folder. */
export type Frames = ReadonlyMap<string, readonly RouteFile[]>;

export function framesIn(routes: readonly RouteFile[]): Frames {
  const frames = new Map<string, RouteFile[]>();
  for (const route of routes) {
    if (route.role !== 'frame') continue;
    const folder = folderOf(route.file);
    frames.set(folder, [...(frames.get(folder) ?? []), route]);
  }
  return frames;
}

/** Those that stand around a route, from the inside out. */
export function framesOf(route: RouteFile, frames: Frames): RouteFile[] {
  const around: RouteFile[] = [];
  for (let folder = folderOf(route.file); folder !== ''; folder = folderOf(folder))
    around.push(...(frames.get(folder) ?? []).filter(({ file }) => file !== route.file));
  return around;
}

/** Pages and handlers: what has an address. */
export function served(routes: readonly RouteFile[]): RouteFile[] {
  return routes.filter(({ role, intercepting }) => role !== 'frame' && !intercepting);
}
