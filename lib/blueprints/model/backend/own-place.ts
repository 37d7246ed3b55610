import type { Need } from '../blueprint';
import { type BackendSettings, runsImage } from '../settings';
import { type Job, script } from '../workflow';

/** What a deployment replaces at a platform: two environments with the same one would be one. */
interface Place {
  variable: string;
  what: string;
  /** Its name while there is but one environment and nobody gave another; null = there is none to guess. */
  usual: string | null;
  more?: string;
}

/** At Vercel a deployment that is not production replaces nothing. */
const PLACES: Readonly<Partial<Record<BackendSettings['platform']['type'], (settings: BackendSettings) => Place>>> = {
  kubernetes: ({ name }) => ({ variable: 'KUBERNETES_NAMESPACE', what: 'namespace', usual: name }),
  ecs: ({ name }) => ({ variable: 'ECS_SERVICE', what: 'service', usual: name }),
  'cloud-run': ({ name }) => ({ variable: 'CLOUD_RUN_SERVICE', what: 'service', usual: name }),
  'container-apps': ({ name }) => ({ variable: 'CONTAINER_APP', what: 'container app', usual: name }),
  heroku: () => ({ variable: 'HEROKU_APP', what: 'app', usual: null }),
  // Source: https://docs.cloud.google.com/appengine/docs/standard/an-overview-of-app-engine#services
  'app-engine': () => ({
    variable: 'APP_ENGINE_SERVICE',
    what: 'service',
    usual: 'default',
    more: 'The first one of a project is called default.',
  }),
};

const placeOf = (settings: BackendSettings): Place | null => PLACES[settings.platform.type]?.(settings) ?? null;

/** Where nothing else can be meant, a name may be guessed. GitHub does not tell names of environments apart by their case. */
function onlyEnvironment({ environments: [first = '', ...more] }: BackendSettings): string | null {
  return more.every((each) => each.toLowerCase() === first.toLowerCase()) ? first.toLowerCase() : null;
}

/** What it is called, as an expression; empty where the environment does not say it and nothing may be guessed. */
export function placeName(settings: BackendSettings): string {
  const place = placeOf(settings);
  if (!place) return '';
  const guessed = place.usual === null || onlyEnvironment(settings) === null ? '' : ` || '${place.usual}'`;
  return `\${{ vars.${place.variable}${guessed} }}`;
}

export function placeNeeds(settings: BackendSettings): Need[] {
  const place = placeOf(settings);
  if (!place) return [];
  const { variable: name, what, usual, more = '' } = place;
  const kind = 'variable';
  if (onlyEnvironment(settings) === null) {
    const why = `A variable of each environment, never of the repository: the name of its ${what}. Two environments never share one. ${more}`;
    return [{ name, kind, why: why.trim() }];
  }
  return [{ name, kind, why: `The name of the ${what}.`, ...(usual !== null && { without: `“${usual}” is taken.` }) }];
}

/** In a job of no environment, where nothing but what all of them share can be read; null where they are not several. */
export function sharedPlaceJob(settings: BackendSettings): Job | null {
  const place = placeOf(settings);
  if (!place || onlyEnvironment(settings) !== null) return null;
  const { variable, what } = place;
  const lines = `if [ -n "$AETHERSTACK_SHARED" ]; then
  echo '::error::${variable} is a variable of the repository or the organization: all environments would be one ${what}. Make it a variable of each.'
  exit 1
fi`;
  return {
    id: 'places',
    name: 'See that no two environments are one',
    minutes: 5,
    permissions: {},
    steps: [script('See what they share', lines, { AETHERSTACK_SHARED: `\${{ vars.${variable} || '' }}` })],
  };
}

/** Before anything is signed in to or sent: nothing is deployed to a place that may be another environment's. */
export function ownPlaceSteps(settings: BackendSettings): string[] {
  const place = placeOf(settings);
  if (!place) return [];
  const only = onlyEnvironment(settings);
  const lines = only === null ? saysWhich(place) : isThatOne(place, only);
  return [script('See whose place it is', lines, only === null ? { PLACE: placeName(settings) } : {})];
}

const saysWhich = ({ variable, what }: Place) => `if [ -z "$PLACE" ]; then
  echo "::error::Nothing was deployed: the environment $ENVIRONMENT does not say which ${what} is its own. Set its variable ${variable}; no two share one."
  exit 1
fi`;

/** GitHub offers every environment of the repository, also those that no settings name. */
const isThatOne = ({ what }: Place, only: string) => `if [ "\${ENVIRONMENT,,}" != '${only}' ]; then
  echo "::error::Nothing was deployed: this workflow knows one environment, and $ENVIRONMENT would be the same ${what}. Add it to the settings under Set up."
  exit 1
fi`;

/** When the deploy job goes: after what shows that no two environments are one, and after the image, where one is built. */
export function deployAfter(settings: BackendSettings, builds: boolean): Pick<Job, 'needs' | 'if'> {
  const shared = sharedPlaceJob(settings);
  const needs = [...(shared ? [shared.id] : []), ...(builds ? ['image'] : [])];
  if (!builds || !runsImage(settings)) return needs.length > 0 ? { needs } : {};
  // A chosen image skips the build, and what needs a skipped job would be skipped too.
  const image = "(needs.image.result == 'success' || needs.image.result == 'skipped')";
  const checked = shared ? [`needs.${shared.id}.result == 'success'`] : [];
  return { needs, if: ['!cancelled()', ...checked, image].join(' && ') };
}
