import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inlineScriptsOf, staticPolicy } from './content-policy';

interface RoutesManifest {
  staticRoutes: { regex: string }[];
  dynamicRoutes: { regex: string }[];
}

interface PrerenderManifest {
  /** By address. */
  routes?: Record<string, { routeType?: string }>;
  dynamicRoutes?: Record<string, { routeRegex: string; fallback: string | false | null }>;
}

/** What the framework answers where no route is. */
const NOT_FOUND = '_not-found.html';

/**
 * The policies of the pages that the build wrote: they cannot carry a nonce, so each allows exactly its own scripts.
 * Read once. Where the build's files cannot be read, such a page stays readable and its scripts do not run.
 */
export class BuiltPages {
  readonly #folder: string;
  readonly #policies = new Map<string, string>();
  #routes: RegExp[] | null | undefined;
  #ready: { pages: ReadonlySet<string>; closed: RegExp[] } | undefined;

  /** `folder`: the absolute path of the build. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The policy of the ready-made page that answers this address; null when the page is made for the request. */
  policyFor(pathname: string): string | null {
    const file = this.#fileOf(pathname === '/' ? pathname : pathname.replace(/\/$/, ''));
    return file === null ? null : this.#policyOf(file);
  }

  #fileOf(pathname: string): string | null {
    this.#ready ??= this.#readReady();
    if (this.#ready.pages.has(pathname)) return pathname === '/' ? 'index.html' : `${pathname.slice(1)}.html`;
    // A pattern of which the build made all there is: what else fits it is not there.
    const closed = this.#ready.closed.some((route) => route.test(pathname));
    return closed || !this.isRoute(pathname) ? NOT_FOUND : null;
  }

  /** The pages that the build wrote; only the first one when that cannot be read. */
  #readReady(): { pages: ReadonlySet<string>; closed: RegExp[] } {
    const text = this.#read('prerender-manifest.json');
    const { routes = {}, dynamicRoutes = {} } = text === null ? {} : (JSON.parse(text) as PrerenderManifest);
    const pages = Object.entries(routes).filter(([, { routeType }]) => routeType !== 'route');
    const closed = Object.values(dynamicRoutes).filter(({ fallback }) => fallback === false);
    return {
      pages: new Set(['/', ...pages.map(([pathname]) => pathname).filter((pathname) => !pathname.startsWith('/_'))]),
      closed: closed.map(({ routeRegex }) => new RegExp(routeRegex)),
    };
  }

  /** Whether the build knows a page or route for this address; true when that cannot be read. */
  isRoute(pathname: string): boolean {
    if (this.#routes === undefined) {
      const text = this.#read('routes-manifest.json');
      const manifest = text === null ? null : (JSON.parse(text) as RoutesManifest);
      this.#routes =
        manifest && [...manifest.staticRoutes, ...manifest.dynamicRoutes].map(({ regex }) => new RegExp(regex));
    }
    return this.#routes === null || this.#routes.some((route) => route.test(pathname));
  }

  #policyOf(file: string): string {
    const known = this.#policies.get(file);
    if (known !== undefined) return known;
    const html = this.#read('server', 'app', file);
    const policy = staticPolicy(html === null ? [] : inlineScriptsOf(html));
    this.#policies.set(file, policy);
    return policy;
  }

  #read(...parts: string[]): string | null {
    try {
      return readFileSync(path.join(/* turbopackIgnore: true */ this.#folder, ...parts), 'utf8');
    } catch {
      return null;
    }
  }
}
