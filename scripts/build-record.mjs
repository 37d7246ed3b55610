#!/usr/bin/env node
// Run after `next build` (Next 15 or 16): says in .well-known/aetherstack.json, where the build is served from, what it
// is. Reads Next's own manifests and needs no package.
// `node scripts/build-record.mjs [--root .] [--dist .next] [--target production]`; `--target`: what `vercel build` was told.
import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';

const FILE = path.join('.well-known', 'aetherstack.json');
const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
/** Pages of the framework's own. */
const OWN = /^\/(?:_|(?:404|500)$)/;
/** Where two files answer one path, the one that needs more of a server counts. */
const NEEDS = ['static', 'isr', 'dynamic', 'handler'];
const MOST_ROUTES = 5_000;
/** What Vercel itself says about one build, which is never that of another. */
const OF_ONE_BUILD =
  /^NEXT_PUBLIC_VERCEL_(?:URL|BRANCH_URL|DEPLOYMENT_ID|GIT_(?:COMMIT_\w+|PREVIOUS_SHA|PULL_REQUEST_ID))$/;

/**
 * @param {{ root: string, dist: string, target?: string, env?: Record<string, string | undefined> }} build
 *   `dist`: relative to `root`; `target`: of `vercel build`
 * @returns {string[]} the files that were written, absolute
 * @throws {Error} when there is no build, or none that can be served
 */
export function writeBuildRecord(build) {
  const text = `${JSON.stringify(makeBuildRecord(build))}\n`;
  return placesOf(manifestsOf(build)).map((place) => {
    const file = path.join(place, FILE);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}

/** The record as data; what the fields mean is in the console's documentation, docs/static-site.md. */
export function makeBuildRecord({ root, dist, target, env = process.env }) {
  const made = manifestsOf({ root, dist });
  const routes = routesOf(made);
  return {
    schema: 1,
    mode: made.exported ? 'ssg' : 'ssr',
    sha: commitOf(root, env),
    builtAt: statSync(path.join(made.folder, 'BUILD_ID')).mtime.toISOString(),
    basePath: made.config.basePath ?? made.routes.basePath ?? '',
    marker: (env.AETHERSTACK_MARKER ?? '').trim().slice(0, 200) || null,
    routes: routes.slice(0, MOST_ROUTES),
    features: featuresOf(made, routes),
    ...bakedIn(made, target, env),
    salt: saltOf(env),
  };
}

/** What Next wrote down about its build. A part that it has no use for is not there, and reads as empty. */
function manifestsOf({ root, dist }) {
  const folder = path.resolve(root, dist);
  if (!existsSync(path.join(folder, 'BUILD_ID')))
    throw new Error(`${folder} holds no finished build; run “next build” first.`);
  const read = (name) => {
    const file = path.join(folder, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  };
  const files = read('required-server-files.json');
  const exported = read('export-detail.json');
  const config = files.config ?? {};
  return {
    root: path.resolve(root),
    folder,
    config,
    exported: config.output === 'export' || exported.success === true,
    outFolder: exported.outDirectory ?? path.join(root, 'out'),
    inStandalone: files.relativeAppDir ?? '',
    routes: read('routes-manifest.json'),
    prerendered: read('prerender-manifest.json'),
    app: read('app-path-routes-manifest.json'),
    pages: read('server/pages-manifest.json'),
    actions: read('server/server-reference-manifest.json'),
    middleware: read('server/middleware-manifest.json'),
    functions: read('server/functions-config-manifest.json'),
    images: read('images-manifest.json').images ?? config.images ?? {},
    usesImages: read('export-marker.json').isNextImageImported === true,
  };
}

/** Folders whose files are served as they are: of the export; or of the server, and of what a host has packed already. */
function placesOf({ root, folder, config, exported, outFolder, inStandalone }) {
  const packed = path.join(root, '.vercel', 'output', 'static');
  if (exported) {
    if (!existsSync(outFolder)) throw new Error(`The export in ${outFolder} is gone; build it again.`);
    return [outFolder, ...(existsSync(packed) ? [packed] : [])];
  }
  const standalone = path.join(folder, 'standalone', inStandalone);
  return [
    path.join(root, 'public'),
    ...(existsSync(path.join(standalone, 'server.js')) ? [path.join(standalone, 'public')] : []),
    ...(existsSync(packed) ? [path.join(packed, config.basePath ?? '')] : []),
  ];
}

function routesOf(made) {
  const app = Object.entries(made.app).map(([file, at]) => appRoute(made, file, at));
  const pages = Object.entries(made.pages).map(([at, file]) => ({ path: at, kind: pageKind(made, at, file) }));
  const found = new Map();
  for (const route of [...app, ...pages].filter((each) => !OWN.test(each.path))) {
    const before = found.get(route.path);
    if (!before || NEEDS.indexOf(before.kind) < NEEDS.indexOf(route.kind)) found.set(route.path, route);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function appRoute(made, file, at) {
  const ready = readyKind(made, at);
  if (!file.endsWith('/route')) return { path: at, kind: ready ?? 'dynamic' };
  if (ready) return { path: at, kind: ready };
  const methods = methodsIn(made, file);
  return { path: at, kind: 'handler', ...(methods.length > 0 ? { methods } : {}) };
}

function pageKind(made, at, file) {
  if (/^\/api(?:\/|$)/.test(at)) return 'handler';
  return readyKind(made, at) ?? (file.endsWith('.html') ? 'static' : 'dynamic');
}

/** How a route was made ready when it was built; null when it was not. Only one that is made again has a time for it. */
function readyKind({ exported, prerendered }, at) {
  const { routes = {}, dynamicRoutes = {} } = prerendered;
  const pattern = dynamicRoutes[at];
  const made = Object.entries(routes).filter(([file, { srcRoute }]) => file === at || srcRoute === at);
  if (made.length === 0 && !pattern) return null;
  if (exported) return 'static';
  const again = [
    ...made.map(([, { initialRevalidateSeconds }]) => initialRevalidateSeconds),
    pattern?.fallbackRevalidate,
  ];
  // The older router refuses to export what it makes when somebody asks; the newer one leaves such paths out.
  const asked = pattern?.dataRoute?.endsWith('.json') && pattern.fallback !== false;
  return asked || again.some((seconds) => typeof seconds === 'number') ? 'isr' : 'static';
}

/** The methods that the source of a handler exports; none when it cannot be found. */
function methodsIn({ root, config }, file) {
  const extensions = config.pageExtensions ?? ['tsx', 'ts', 'jsx', 'js'];
  const source = ['app', path.join('src', 'app')]
    .flatMap((folder) => extensions.map((extension) => path.join(root, folder, `${file}.${extension}`)))
    .find((each) => existsSync(each));
  const text = source ? readFileSync(source, 'utf8') : '';
  const declared = [...text.matchAll(/^export\s+(?:async\s+)?(?:function|const|let|var)\s+(\w+)/gm)];
  const listed = [...text.matchAll(/^export\s*(?:const\s*)?\{([^}]*)\}/gm)].flatMap(([, names]) => names.split(','));
  const names = [
    ...declared.map(([, name]) => name),
    ...listed.map((each) =>
      each
        .trim()
        .split(/[\s:]+/)
        .at(-1),
    ),
  ];
  return METHODS.filter((method) => names.includes(method));
}

function featuresOf(made, routes) {
  const { actions, middleware, functions, images } = made;
  const some = (value) => Object.keys(value ?? {}).length > 0;
  // Some of these Next adds itself, for slashes at the end.
  const given = (rules) => (rules ?? []).some(({ internal }) => !internal);
  const rewrites = made.routes.rewrites ?? [];
  const kinds = new Set(routes.map(({ kind }) => kind));
  const found = {
    'server-actions': some(actions.node) || some(actions.edge),
    proxy: some(middleware.middleware) || Boolean(functions.functions?.['/_middleware']),
    rewrites: given(Array.isArray(rewrites) ? rewrites : Object.values(rewrites).flat()),
    redirects: given(made.routes.redirects),
    headers: given(made.routes.headers),
    'image-loader': made.usesImages && !images.unoptimized && (images.loader ?? 'default') === 'default',
    isr: kinds.has('isr'),
    handlers: kinds.has('handler'),
  };
  return Object.keys(found).filter((name) => found[name]);
}

/**
 * Of the values that go into the browser's code: the name, and a keyed hash. From the environment, .env files, the config;
 * without those that are each build's own, which AETHERSTACK_BUILD_VALUES names with commas: `leftOut` says which. `baked` is
 * null where there are .env files that could not be read: then nobody knows.
 */
function bakedIn({ root, config }, target, env) {
  const files = readEnvironmentFiles(root);
  const all = { ...files, ...pulledFrom(root, target), ...env, ...(config.env ?? {}) };
  const salt = env.AETHERSTACK_BAKED_SALT ?? '';
  const own = (env.AETHERSTACK_BUILD_VALUES ?? '').split(/[\s,]+/);
  const names = Object.keys(all)
    .filter((name) => /^NEXT_PUBLIC_\w+$/.test(name) && all[name] !== undefined && !OF_ONE_BUILD.test(name))
    .sort();
  const hash = (name) => createHmac('sha256', salt).update(String(all[name])).digest('hex');
  const baked = names.filter((name) => !own.includes(name)).map((name) => ({ name, hash: hash(name) }));
  const leftOut = names.filter((name) => own.includes(name));
  return { baked: files === null ? null : baked, ...(leftOut.length > 0 ? { leftOut } : {}) };
}

/** Tells one salt from another, so that what is hashed under another one is not taken for other values. */
function saltOf(env) {
  const named = `aetherstack/salt ${env.AETHERSTACK_BAKED_SALT ?? ''}`;
  return createHash('sha256').update(named).digest('hex').slice(0, 16);
}

/** `vercel pull` puts a project's variables into a file that `vercel build` alone reads, before the .env files. */
function pulledFrom(root, target) {
  const file = path.join(root, '.vercel', `.env.${target}.local`);
  if (!target || !existsSync(file)) return {};
  if (!util.parseEnv) throw new Error(`${file} is read by Node 20.12 or newer.`);
  return util.parseEnv(readFileSync(file, 'utf8'));
}

/** The .env files, as Next itself reads them for a build; none where they cannot be read. */
export function environmentFiles(root) {
  return readEnvironmentFiles(root) ?? {};
}

const ENV_FILES = ['.env', '.env.production', '.env.local', '.env.production.local'];

/** Next's own reader writes into process.env, which is put back. Null: there are such files, and they could not be read. */
function readEnvironmentFiles(root) {
  const before = { ...process.env };
  try {
    const next = createRequire(path.join(root, 'package.json')).resolve('next/package.json');
    const { loadEnvConfig } = createRequire(next)('@next/env');
    const quiet = { info: () => {}, error: () => {} };
    return { ...loadEnvConfig(root, false, quiet, true).combinedEnv };
  } catch {
    return ENV_FILES.some((name) => existsSync(path.join(root, name))) ? null : {};
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** The checkout knows best: what a workflow was started for may be another commit. */
function commitOf(root, env) {
  const given = [env.VERCEL_GIT_COMMIT_SHA, env.COMMIT_REF, env.GITHUB_SHA];
  return [checkedOut(root), ...given].find((sha) => COMMIT.test(sha ?? '')) ?? null;
}

/** Null for what no commit of it is in: sources that were unpacked inside another repository, say. */
function checkedOut(root) {
  try {
    const quiet = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    execFileSync('git', ['cat-file', '-e', 'HEAD:./package.json'], quiet);
    return execFileSync('git', ['rev-parse', 'HEAD'], quiet).trim();
  } catch {
    return null;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const text = { type: 'string' };
  const { values } = util.parseArgs({ options: { root: text, dist: text, target: text } });
  const build = { root: path.resolve(values.root ?? '.'), dist: values.dist ?? '.next', target: values.target };
  for (const file of writeBuildRecord(build)) console.log(`Wrote ${path.relative(build.root, file)}`);
}
