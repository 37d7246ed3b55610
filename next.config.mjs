import path from 'node:path';

// A second checkout, a dev server and a test build may run side by side: each names its own folder.
const distDir = process.env.AETHERSTACK_DIST_DIR ?? '.next-full';

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
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'X-Frame-Options', value: 'DENY' },
        // The part of a policy that needs no nonce: no frames around us, no foreign base, no plug-ins.
        {
          key: 'Content-Security-Policy',
          value: "frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
        },
        { key: 'Referrer-Policy', value: 'no-referrer' },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), browsing-topics=()' },
      ],
    },
  ],
};

export default config;
