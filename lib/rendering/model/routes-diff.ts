import type { App } from './app/app';
import { type RouteFile, served } from './app/routes';
import type { BuildRecord, RouteKind } from './build-record';
import type { RenderingMode } from './mode';
import type { RoutesDiff } from './preflight';

export type Routes = ReadonlyMap<string, RouteKind>;

/** Pictures that Next serves for metadata get names of their own in each build. */
const PICTURE = /(^|\/)(favicon\.ico|(icon|apple-icon|opengraph-image|twitter-image)(\d|-[\w]+)?(\.[a-z]+)?)$/;
/** Next's own, such as `/_not-found`. */
const OWN = /^\/_/;
const isCounted = (path: string) => !OWN.test(path) && !PICTURE.test(path);

/** What a build says that it serves. */
export function routesOfRecord({ routes }: BuildRecord): Routes {
  return new Map(routes.filter(({ path }) => isCounted(path)).map(({ path, kind }) => [path, kind]));
}

/**
 * What an app would serve, by its sources; null where it is not known which endings make a file a route. Which pages a server
 * makes for each request only a build knows.
 */
export function routesOfApp(app: App, mode: RenderingMode): Routes | null {
  if (!app.config.extensionsKnown) return null;
  const routes = served(app.routes).filter(({ path }) => isCounted(path));
  return new Map(routes.map((route) => [route.path, kindOf(route, app, mode)]));
}

function kindOf(route: RouteFile, app: App, mode: RenderingMode): RouteKind {
  if (mode === 'ssg') return 'static';
  const facts = app.modules.facts.get(route.file);
  const once = ['force-static', 'error'];
  const dynamic = String(facts?.values.get('dynamic') ?? '');
  if (route.role === 'handler') return once.includes(dynamic) ? 'static' : 'handler';
  if (dynamic === 'force-dynamic' || facts?.exports.has('getServerSideProps')) return 'dynamic';
  return typeof facts?.values.get('revalidate') === 'number' ? 'isr' : 'static';
}

/** Null where either side is not known. */
export function diffRoutes(before: Routes | null, after: Routes | null): RoutesDiff | null {
  if (!before || !after) return null;
  const gained = [...after.keys()].filter((path) => !before.has(path)).sort();
  const lost = [...before.keys()].filter((path) => !after.has(path)).sort();
  const changed = [...after].flatMap(([path, to]) => {
    const from = before.get(path);
    return from !== undefined && from !== to ? [{ path, from, to }] : [];
  });
  return { gained, lost, changed: changed.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
