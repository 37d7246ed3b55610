import { NPM_TOOLS } from './action-pins';
import { type Need, ownVariable } from './blueprint';
import type { BackendSettings, DashboardSettings } from './settings';

type Settings = BackendSettings | DashboardSettings;

const aliasName = (settings: Settings) => ownVariable('VERCEL_ALIAS', settings);

/** What the step that deploys is told. */
export function vercelAliasEnv(settings: Settings): Record<string, string> {
  return { ALIAS: `\${{ vars.${aliasName(settings)} || '' }}` };
}

/**
 * Every preview is at an address of its own, and no domain of a branch follows what a command line uploads; so the
 * environment's own address is led to it. `$deployed` has the preview's. Source: https://vercel.com/docs/cli/alias
 */
export function vercelAlias(): string {
  return `if [ "$target" = preview ] && [ -n "$ALIAS" ]; then
  host="\${ALIAS#https://}"
  npx --yes ${NPM_TOOLS.vercel} alias set "$deployed" "\${host%%/*}" --scope "$VERCEL_ORG_ID"
fi`;
}

export function vercelAliasNeed(settings: Settings): Need {
  return {
    name: aliasName(settings),
    kind: 'variable',
    why: 'A variable of each environment but production: the address that each of its deployments gets, a domain of the team or a free name under vercel.app. Never one of production, and never a variable of the repository: all environments would share it. Behind Vercel’s log-in (Deployment Protection) nothing is proved there.',
    without: 'each deployment there is at an address of its own, to which nothing else leads.',
  };
}
