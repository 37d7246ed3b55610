import path from 'node:path';

// `ssg`: the public part as files, for any file server; otherwise everything, with a server. See docs/static-site.md.
const exported = process.env.AETHERSTACK_RENDERING === 'ssg';

// A second checkout, a dev server and a test build may run side by side: each names its own folder. Next builds an export
// in `.next`, and names the folder of its files like this.
const distDir = exported
  ? (process.env.AETHERSTACK_OUT_DIR ?? 'out')
  : (process.env.AETHERSTACK_DIST_DIR ?? '.next-full');

// Vercel packs the proxy without the files of the build, so that it could not tell which scripts a page of those has: there
// the build makes no page ahead (app/layout.tsx). Source: https://vercel.com/docs/environment-variables/system-environment-variables
const builtIn = process.env.VERCEL === '1' && !exported ? '' : distDir;

// Below the host, `/docs-of-acme`, for a project page; empty when the site has a host of its own. Of the export only.
const basePath = exported ? (process.env.AETHERSTACK_BASE_PATH ?? '').replace(/\/+$/, '') : '';

// The part of a policy that needs no nonce, for whatever the proxy does not touch. Pages get theirs from proxy.server.ts.
const FRAMELESS = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'";

const EVERYWHERE = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Content-Security-Policy', value: FRAMELESS },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  },
];

const DATA = [{ key: 'Content-Security-Policy', value: `default-src 'none'; ${FRAMELESS}` }];

/** @type {import('next').NextConfig} Slashes at the end, so that every file server finds index.html. */
const asFiles = { output: 'export', basePath, trailingSlash: true, images: { unoptimized: true } };

// Where no page is made ahead, the documents are read when somebody asks for one: lib/site-docs/server/read.ts.
const DOCUMENTS = ['./README.md', './CONTRIBUTING.md', './CHANGELOG.md', './docs/**/*.md', './lib/**/README.md'];
const WITH_DOCUMENTS = { '/docs': DOCUMENTS, '/docs/*': DOCUMENTS };

/** @type {import('next').NextConfig} */
const asServer = {
  output: 'standalone',
  serverExternalPackages: ['pg', 'pg-boss'],
  outputFileTracingRoot: path.resolve('.'),
  outputFileTracingIncludes: { '/*': ['./lib/db/migrations/**/*'], ...(builtIn === '' ? WITH_DOCUMENTS : {}) },
  outputFileTracingExcludes: {
    '/*': ['.aetherstack/**/*', '.cache/**/*', 'e2e/**/*', '.env*', 'out/**/*', ...(builtIn ? ['docs/**/*'] : [])],
  },
  poweredByHeader: false,
  // The dev server would print the arguments of actions, passwords among them, and addresses with a gallery's token.
  logging: { serverFunctions: false, incomingRequests: { ignore: [/\/api\/gallery\//, /[?&]token=/] } },
  headers: async () => [
    { source: '/:path*', headers: EVERYWHERE },
    // An answer that is data loads nothing, whatever a browser takes it for.
    ...['/api/:path*', '/status.json', '/status.rss', '/status.feed.json', '/.well-known/:path*'].map((source) => ({
      source,
      headers: DATA,
    })),
    // Where the proxy in front of us says that the connection was https; a browser ignores it over http.
    {
      source: '/:path*',
      has: [{ type: 'header', key: 'x-forwarded-proto', value: 'https' }],
      headers: [{ key: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' }],
    },
  ],
};

/** @type {import('next').NextConfig} */
const config = {
  distDir,
  // Which routes there are: what needs a server is not even seen by a build that has none.
  pageExtensions: [...(exported ? ['static.tsx'] : ['server.tsx', 'server.ts']), 'tsx', 'ts'],
  // `npm run verify` checks types with the same compiler; a start on a fresh machine need not repeat it.
  typescript: { ignoreBuildErrors: process.env.AETHERSTACK_SKIP_TYPES === '1' },
  reactStrictMode: true,
  experimental: {
    optimizePackageImports: ['lucide-react', 'radix-ui'],
    // The defaults repeat small modules (links, icons, buttons) in chunk after chunk of one page to save requests.
    turbopackChunking: { requestCost: 2_000, minChunkSize: 4_000 },
  },
  env: {
    // The proxy needs to know where the static pages lie, to allow exactly their scripts; empty = no page is static.
    AETHERSTACK_BUILT_IN: builtIn,
    AETHERSTACK_RENDERING: exported ? 'ssg' : 'ssr',
    AETHERSTACK_BASE_PATH: basePath,
  },
  ...(exported ? asFiles : asServer),
};

export default config;
