import { serverCommand } from '../backend/server-command';
import { type Blueprint, inside } from '../blueprint';
import type { BackendSettings } from '../settings';

/** What a platform that reads a Procfile starts, and what it runs before a release. */
export const procfile: Blueprint<BackendSettings> = {
  id: 'procfile',
  version: 2,
  kind: 'backend',
  applies: ({ platform }) => platform.type === 'heroku',
  render: (settings) => [{ path: inside(settings, 'Procfile'), text: text(settings) }],
};

function text(settings: BackendSettings): string {
  const web = `web: ${serverCommand(settings, '$PORT', `\${WEB_CONCURRENCY:-${settings.workers}}`).join(' ')}\n`;
  return settings.migrate ? `release: ${settings.migrate}\n${web}` : web;
}
