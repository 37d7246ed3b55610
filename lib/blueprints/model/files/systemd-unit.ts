import type { Blueprint } from '../blueprint';
import { unitFile } from '../dashboard-ssh';
import type { DashboardSettings } from '../settings';

/** What keeps the server running on a machine of one's own that is deployed to over SSH: one instance an environment. */
export const systemdUnit: Blueprint<DashboardSettings> = {
  id: 'systemd-unit',
  version: 2,
  kind: 'dashboard',
  applies: ({ hosting }) => hosting === 'self-host',
  render: (settings) => [{ path: unitFile(settings), text: `${head(settings)}\n${unit(settings)}` }],
};

/** The workflow may do one thing as root: restart its own instances. */
function head({ name, environments }: DashboardSettings): string {
  const places = [...new Set(environments.map((environment) => environment.toLowerCase()))];
  return `# One instance an environment. Once, on each machine, as an administrator; “deploy” is the account of SSH_USER:
#
#   install -m 644 ${name}@.service /etc/systemd/system/
#   install -d -o deploy ${places.map((place) => `/srv/${name}/${place}`).join(' ')}
#   install -d -m 700 /etc/${name}
#
# Of each environment a file with what its server reads, PORT first (another one for each), of mode 600:
#
${places.map((place) => `#   /etc/${name}/${place}.env`).join('\n')}
#
# What “deploy” may do as root, by visudo -f /etc/sudoers.d/${name}:
#
${places.map((place) => `#   deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart ${name}@${place}.service`).join('\n')}
#
# Then: systemctl daemon-reload && systemctl enable ${places.map((place) => `${name}@${place}`).join(' ')}
# Your proxy leads to PORT. What it serves itself when the build is files: current/site below /srv/${name}/ENVIRONMENT.
#
# Where a deployment of before is still served from /srv/${name}/current: once the first one of each environment is there, lead
# the proxy to these PORTs and folders, then
#
#   systemctl disable --now ${name}
#   rm -r /srv/${name}/current /srv/${name}/releases
#
# Until then visitors, and PUBLIC_URL, may be answered by the old one.
`;
}

/**
 * The condition ends a server when files took its place, and leaves the unit inactive, not failed, when the machine starts.
 * An account of its own for as long as it runs; it changes nothing of a release. Without a limit of starts: a release that
 * dies at once would use it up, and going back from it would be refused.
 */
function unit({ name }: DashboardSettings): string {
  return `[Unit]
Description=${name} (%i)
After=network-online.target
Wants=network-online.target
ConditionPathExists=/srv/${name}/%i/current/server/server.js
StartLimitIntervalSec=0

[Service]
Type=exec
DynamicUser=yes
WorkingDirectory=/srv/${name}/%i/current/server
Environment=NODE_ENV=production HOSTNAME=127.0.0.1
EnvironmentFile=/etc/${name}/%i.env
ExecStart=/usr/bin/env node server.js
Restart=always
RestartSec=1
TimeoutStopSec=30
ProtectSystem=strict
ProtectHome=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
PrivateDevices=yes
UMask=0027

[Install]
WantedBy=multi-user.target
`;
}
