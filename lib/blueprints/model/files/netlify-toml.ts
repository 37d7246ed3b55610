import { type Blueprint, inside } from '../blueprint';
import type { DashboardSettings } from '../settings';

/** How Netlify builds and serves it. */
export const netlifyToml: Blueprint<DashboardSettings> = {
  id: 'netlify-toml',
  version: 2,
  kind: 'dashboard',
  applies: ({ hosting }) => hosting === 'netlify',
  render: (settings) => [{ path: inside(settings, 'netlify.toml'), text: text(settings) }],
};

function text({ packageManager, rendering, output, nodeVersion }: DashboardSettings): string {
  const server = rendering === 'ssr';
  return `[build]
command = "${packageManager} run build"
publish = "${server ? '.next' : output}"

[build.environment]
NODE_VERSION = "${nodeVersion}"
NEXT_TELEMETRY_DISABLED = "1"
${server ? '\n[[plugins]]\npackage = "@netlify/plugin-nextjs"\n' : ''}
[[headers]]
for = "/*"
[headers.values]
X-Content-Type-Options = "nosniff"
Referrer-Policy = "strict-origin-when-cross-origin"

# Names of such files change with their content.
[[headers]]
for = "/_next/static/*"
[headers.values]
Cache-Control = "public, max-age=31536000, immutable"
`;
}
