// The files that keep the agent, and releases, running: systemd units and a pm2 file. Text only; nothing is run here.
import path from 'node:path';

/** systemd splits at blanks, expands % and $ and reads backslashes: whatever holds one of them is quoted and doubled. */
export function quoted(word) {
  if (/[\0\n\r]/.test(word)) throw new Error('A path with a line break stands in no unit.');
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[A-Za-z0-9_@:.,/+=%-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** A path that stands alone after `=`: no quotes are read there, only %. */
function plainPath(text) {
  if (/[\0\n\r]/.test(text)) throw new Error('A path with a line break stands in no unit.');
  return text.replaceAll('%', '%%');
}

export const instanceOf = (app, release) => `aetherstack-${app}@${release}.service`;

const HARDENED = [
  'NoNewPrivileges=yes',
  'PrivateTmp=yes',
  'ProtectSystem=full',
  'ProtectKernelTunables=yes',
  'ProtectControlGroups=yes',
  'RestrictSUIDSGID=yes',
  'UMask=0027',
];

/** The agent. `KillMode=process`: releases and fronts go on while it is restarted or replaced. */
export function agentUnit({ node, program, configFile, root }) {
  return `${[
    '[Unit]',
    'Description=AetherStack agent: deploys web builds to this machine',
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[node, program, 'serve', '--config', configFile].map(quoted).join(' ')}`,
    `WorkingDirectory=${plainPath(root)}`,
    'Restart=always',
    'RestartSec=1',
    'KillMode=process',
    ...HARDENED,
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')}\n`;
}

/** One release of an app; the instance's name is the release. Port and variables are in a file of its own. */
export function releaseUnit({ node, program, app, home, graceMs }) {
  // %i is the release: it stands for itself and is not escaped.
  return `${[
    '[Unit]',
    `Description=AetherStack release %i of ${app}`,
    '',
    '[Service]',
    'Type=exec',
    `ExecStart=${[node, path.join(path.dirname(program), 'run.mjs'), home].map(quoted).join(' ')} %i`,
    `WorkingDirectory=${plainPath(home)}`,
    // The agent starts it again, at a port that the front knows.
    'Restart=no',
    `TimeoutStopSec=${Math.max(1, Math.ceil(graceMs / 1_000))}`,
    ...HARDENED,
  ].join('\n')}\n`;
}

/** For a machine that has pm2 and no systemd: JSON, so nothing in it is read as code. */
export function pm2File({ node, program, configFile, root }) {
  const app = {
    ...{
      name: 'aetherstack-agent',
      script: program,
      interpreter: node,
      args: ['serve', '--config', configFile],
      cwd: root,
    },
    // Releases and fronts go on while the agent is restarted.
    ...{ treekill: false, autorestart: true, restart_delay: 1_000, kill_timeout: 5_000 },
  };
  return `${JSON.stringify({ apps: [app] }, null, 2)}\n`;
}
