// What a browser gets: no server code, no name of a secret, and no more JavaScript than the budget.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { isMain } from './source-files.mjs';

/**
 * First-load JavaScript of a route, gzip, in bytes: what the heaviest route weighs today. The aim is 180 KB on every route,
 * so whoever raises this says in the commit what it was spent on.
 */
export const BUDGET = 190.2 * 1024;

// Each stands in code that only a server runs; the text survives minification.
const SERVER_ONLY = [
  [/AETHERSTACK_KEK|AETHERSTACK_SETUP_TOKEN|NEXTAUTH_SECRET|OAUTH_CLIENT_SECRET/, 'the name of a secret'],
  [/cannot be imported from a Client Component module/, 'a module marked server-only'],
  [/["'`]node:[a-z_/]+["'`]/, 'a module of Node'],
  [/createCipheriv|scryptSync|createHmac\(/, 'server cryptography'],
  [/drizzle:Name|drizzle:entityKind|drizzle-orm/, 'the database layer'],
  [/SCRAM-SERVER|pg_advisory_lock|pgboss/, 'the database client'],
  [/octokit-core\.js|octokit-endpoint\.js/, 'a provider client'],
];

/**
 * @param {string} dist absolute path of the build folder
 * @returns {{ name: string, problems: string[] }[]} one entry a check: the scan, and the budget of each route
 */
export function scanBundle(dist) {
  const chunks = listChunks(dist);
  if (chunks.length === 0) {
    return [{ name: 'browser chunks', problems: [`${dist} holds no browser chunks; build the app first`] }];
  }
  return [
    { name: `no server code in ${chunks.length} browser chunks`, problems: findServerCode(chunks) },
    ...budgets(dist),
  ];
}

export function findServerCode(chunks) {
  return chunks.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return SERVER_ONLY.flatMap(([pattern, what]) => {
      const found = pattern.exec(text);
      return found ? [`${path.basename(file)} holds ${what}: …${around(text, found.index)}…`] : [];
    });
  });
}

function budgets(dist) {
  const file = path.join(dist, 'diagnostics', 'route-bundle-stats.json');
  if (!existsSync(file)) {
    return [{ name: 'first-load JavaScript', problems: [`${file} is missing, so nothing can be measured`] }];
  }
  const sizes = new Map();
  const root = path.dirname(dist);
  return JSON.parse(readFileSync(file, 'utf8')).map(({ route, firstLoadChunkPaths }) => {
    const bytes = firstLoadChunkPaths.reduce((sum, chunk) => sum + compressed(path.join(root, chunk), sizes), 0);
    const shown = `${(bytes / 1024).toFixed(1)} KB`;
    const over = `${route} loads ${shown} of JavaScript first, at most ${BUDGET / 1024} KB`;
    return { name: `first-load JavaScript of ${route}: ${shown}`, problems: bytes > BUDGET ? [over] : [] };
  });
}

function compressed(file, sizes) {
  if (!sizes.has(file)) {
    sizes.set(file, gzipSync(readFileSync(file)).length);
  }
  return sizes.get(file);
}

function listChunks(dist) {
  const folder = path.join(dist, 'static');
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function around(text, index) {
  return text.slice(Math.max(0, index - 40), index + 60).replaceAll('\n', ' ');
}

if (isMain(import.meta.url)) {
  const checks = scanBundle(path.resolve(process.argv[2] ?? '.next-full'));
  for (const { name, problems } of checks) {
    console.log(`${problems.length > 0 ? 'FAIL' : 'ok  '} ${name}`);
    for (const problem of problems) {
      console.log(`       ${problem}`);
    }
  }
  process.exitCode = checks.some(({ problems }) => problems.length > 0) ? 1 : 0;
}
