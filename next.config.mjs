import path from 'node:path';

// A second checkout, a dev server and a test build may run side by side: each names its own folder.
const distDir = process.env.AETHERSTACK_DIST_DIR ?? '.next-full';

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

/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  distDir,
  pageExtensions: ['server.tsx', 'server.ts', 'tsx', 'ts'],
  serverExternalPackages: ['pg', 'pg-boss'],
  outputFileTracingRoot: path.resolve('.'),
  outputFileTracingIncludes: { '/*': ['./lib/db/migrations/**/*'] },
  outputFileTracingExcludes: { '/*': ['.aetherstack/**/*', '.cache/**/*', 'e2e/**/*', 'docs/**/*', '.env*'] },
  // `npm run verify` checks types with the same compiler; a start on a fresh machine need not repeat it.
  typescript: { ignoreBuildErrors: process.env.AETHERSTACK_SKIP_TYPES === '1' },
  poweredByHeader: false,
  reactStrictMode: true,
  // The dev server would print the arguments of actions, passwords among them.
  logging: { serverFunctions: false },
  experimental: {
    optimizePackageImports: ['lucide-react', 'radix-ui'],
    // The defaults repeat small modules (links, icons, buttons) in chunk after chunk of one page to save requests.
    turbopackChunking: { requestCost: 2_000, minChunkSize: 4_000 },
  },
  // The proxy needs to know where the static pages lie, to allow exactly their scripts.
  env: { AETHERSTACK_BUILT_IN: distDir },
  headers: async () => [
    { source: '/:path*', headers: EVERYWHERE },
    // An answer that is data loads nothing, whatever a browser takes it for.
    { source: '/api/:path*', headers: [{ key: 'Content-Security-Policy', value: `default-src 'none'; ${FRAMELESS}` }] },
    // Where the proxy in front of us says that the connection was https; a browser ignores it over http.
    {
      source: '/:path*',
      has: [{ type: 'header', key: 'x-forwarded-proto', value: 'https' }],
      headers: [{ key: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' }],
    },
  ],
};

export default config;
