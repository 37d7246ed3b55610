import { type Blueprint, inside } from '../blueprint';
import { RECORD_COMMAND } from '../build-record';
import type { DashboardSettings } from '../settings';

/** How Netlify builds and serves it. */
export const netlifyToml: Blueprint<DashboardSettings> = {
  id: 'netlify-toml',
  version: 4,
  kind: 'dashboard',
  applies: ({ hosting }) => hosting === 'netlify',
  render: (settings) => [{ path: inside(settings, 'netlify.toml'), text: text(settings) }],
};

// The adapter serves either: what it finds in .next says whether there is an export.
function text({ packageManager, nodeVersion }: DashboardSettings): string {
  return `[build]
command = "${packageManager} run build && ${RECORD_COMMAND}"
publish = ".next"

[build.environment]
NODE_VERSION = "${nodeVersion}"
NEXT_TELEMETRY_DISABLED = "1"
AETHERSTACK_DIST_DIR = ".next"

[[plugins]]
package = "@netlify/plugin-nextjs"

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
