import { type Need, ownVariable } from '../blueprint';
import { type BackendSettings, runsImage } from '../settings';
import { type Job, script } from '../workflow';

/** What a deployment replaces at a platform: two environments, or two components, with the same one would be one. */
interface Place {
  variable: string;
  what: string;
  /** Its name while there is but one environment and nobody gave another; null = there is none to guess. */
  usual: string | null;
  more?: string;
}

/**
 * Each variable is one component's alone, except a namespace: in it each component is a deployment of its own name.
 * At Vercel a deployment that is not production replaces nothing.
 */
const PLACES: Readonly<Partial<Record<BackendSettings['platform']['type'], (settings: BackendSettings) => Place>>> = {
  kubernetes: ({ name }) => ({ variable: 'KUBERNETES_NAMESPACE', what: 'namespace', usual: name }),
  ecs: (of) => ({ variable: ownVariable('ECS_SERVICE', of), what: 'service', usual: of.name }),
  'cloud-run': (of) => ({ variable: ownVariable('CLOUD_RUN_SERVICE', of), what: 'service', usual: of.name }),
  'container-apps': (of) => ({ variable: ownVariable('CONTAINER_APP', of), what: 'container app', usual: of.name }),
  heroku: (of) => ({ variable: ownVariable('HEROKU_APP', of), what: 'app', usual: null }),
  // “default” would be the guess of every component, so none is made.
  // Source: https://docs.cloud.google.com/appengine/docs/standard/an-overview-of-app-engine#services
  'app-engine': (of) => ({
    variable: ownVariable('APP_ENGINE_SERVICE', of),
    what: 'service',
    usual: null,
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
    const why = `A variable of each environment, never of the repository: the name of its ${what}. With the same one they would replace each other. ${more}`;
    return [{ name, kind, why: why.trim() }];
  }
  return [
    {
      name,
      kind,
      why: `The name of the ${what}. ${more}`.trim(),
      ...(usual !== null && { without: `“${usual}” is taken.` }),
    },
  ];
}

/** In a job of no environment, where nothing but what all of them share can be read; null where they are not several. */
export function sharedPlaceJob(settings: BackendSettings): Job | null {
  const place = placeOf(settings);
  if (!place || onlyEnvironment(settings) !== null) return null;
  const { variable, what } = place;
  const lines = `if [ -n "$AETHERSTACK_SHARED" ]; then
  echo '::error::${variable} is a variable of the repository or the organization: all environments would be one ${what}. Make it one of each.'
  exit 1
fi`;
  return {
    id: 'places',
    name: 'See that the environments share no place',
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
  const named = only === null || place.usual === null;
  const lines = [...(only === null ? [] : [isThatOne(place, only)]), ...(named ? [saysWhich(place)] : [])];
  return [script('See whose place it is', lines.join('\n'), named ? { PLACE: placeName(settings) } : {})];
}

const saysWhich = ({ variable, what }: Place) => `if [ -z "$PLACE" ]; then
  echo "::error::Nothing was deployed: the environment $ENVIRONMENT does not say which ${what} is its own. Set its variable ${variable}."
  exit 1
fi`;

/** GitHub offers every environment of the repository, also those that no settings name. */
const isThatOne = ({ what }: Place, only: string) => `if [ "\${ENVIRONMENT,,}" != '${only}' ]; then
  echo "::error::Nothing was deployed: this workflow knows one environment, and $ENVIRONMENT would be the same ${what}. Add it to the settings under Set up."
  exit 1
fi`;

/** When the deploy job goes: after what shows that the environments share no place, and after the image, where one is built. */
export function deployAfter(settings: BackendSettings, builds: boolean): Pick<Job, 'needs' | 'if'> {
  const shared = sharedPlaceJob(settings);
  const needs = [...(shared ? [shared.id] : []), ...(builds ? ['image'] : [])];
  if (!builds || !runsImage(settings)) return needs.length > 0 ? { needs } : {};
  // A chosen image skips the build, and what needs a skipped job would be skipped too.
  const image = "(needs.image.result == 'success' || needs.image.result == 'skipped')";
  const checked = shared ? [`needs.${shared.id}.result == 'success'`] : [];
  return { needs, if: ['!cancelled()', ...checked, image].join(' && ') };
}
