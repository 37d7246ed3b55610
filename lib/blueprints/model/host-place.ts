import { type Need, ownVariable } from './blueprint';
import type { BackendSettings, DashboardSettings } from './settings';
import { script } from './workflow';

/** What a component is at a host: two with the same one would replace each other. */
interface HostPlace {
  /** As it was called before it had the component in its name: still taken while there is no other component there. */
  stem: string;
  what: string;
  label: string;
  /** How settings say that they go there. */
  host: 'vercel' | 'netlify';
  where: string;
}

const VERCEL: HostPlace = {
  ...{ stem: 'VERCEL_PROJECT_ID', what: 'project', label: 'Vercel', host: 'vercel' },
  where: 'in .vercel/project.json after “vercel link”',
};
const NETLIFY: HostPlace = {
  ...{ stem: 'NETLIFY_SITE_ID', what: 'site', label: 'Netlify', host: 'netlify' },
  where: 'Netlify → Site configuration',
};

type Settings = BackendSettings | DashboardSettings;

/** At these the environments may share one: whatever is not production replaces nothing there. */
function placeAt(settings: Settings): HostPlace | null {
  const host = settings.kind === 'backend' ? settings.platform.type : settings.hosting;
  return [VERCEL, NETLIFY].find((each) => each.host === host) ?? null;
}

/** The variable that the host's own command line reads. */
export function hostPlaceEnv(settings: Settings): Record<string, string> {
  const place = placeAt(settings);
  if (!place) return {};
  return { [place.stem]: `\${{ vars.${ownVariable(place.stem, settings)} || vars.${place.stem} }}` };
}

export function hostPlaceNeeds(settings: Settings): Need[] {
  const place = placeAt(settings);
  if (!place) return [];
  const { stem, what, label, where } = place;
  const name = ownVariable(stem, settings);
  const kind = 'variable';
  return [
    { name, kind, why: `The id of the ${what}: ${where}. With the same one two components would replace each other.` },
    {
      name: stem,
      kind,
      why: `The same, as it was called before: taken where no other component of the repository goes to ${label}.`,
      without: `${name} has to be there.`,
    },
  ];
}

/** Named so that the console finds it: it looks through the same records, and says beforehand what the run would. */
const OTHERS_THERE =
  '.settings | select((.hosting == env.AETHERSTACK_HOST or .platform.type == env.AETHERSTACK_HOST) and .name != env.AETHERSTACK_COMPONENT) | .name';

/**
 * Before anything is built or sent. Which components go to a host is what *Set up* wrote down of them in the repository; one
 * that it did not write down is not seen.
 */
export function hostPlaceSteps(settings: Settings): string[] {
  const place = placeAt(settings);
  if (!place) return [];
  const { stem, what, label, host } = place;
  const own = ownVariable(stem, settings);
  const lines = `if [ -z "$${stem}" ]; then
  echo "::error::Nothing was deployed: the environment $ENVIRONMENT does not say which ${what} it is. Set its variable ${own}."
  exit 1
fi
if [ -z "$OWN" ]; then
  there='${OTHERS_THERE}'
  for record in "$GITHUB_WORKSPACE"/.github/aetherstack/*.json; do
    other=$(jq --raw-output "$there" "$record" 2> /dev/null) || other=''
    if [[ "$other" =~ ^[a-z0-9-]+$ ]]; then
      why="$other goes to ${label} too, and ${stem} may be its ${what}."
      echo "::error::Nothing was deployed: $why Set the variable ${own} of the environment $ENVIRONMENT."
      exit 1
    fi
  done
fi`;
  const env = { AETHERSTACK_HOST: host, AETHERSTACK_COMPONENT: settings.name, OWN: `\${{ vars.${own} || '' }}` };
  return [script('See whose place it is', lines, env)];
}
