import { NPM_TOOLS } from '../action-pins';
import { VERCEL_NEEDS, vercelTarget } from '../backend/platforms';
import { type Blueprint, inside, type Need } from '../blueprint';
import type { DashboardSettings } from '../settings';
import {
  CHECKOUT,
  chosenEnvironment,
  environmentInput,
  inGroup,
  type Job,
  nodeSteps,
  script,
  uses,
  workflow,
} from '../workflow';

/** A Next.js application to the place that was chosen, as files (SSG) or as a server (SSR). */
export const dashboardDeploy: Blueprint<DashboardSettings> = {
  id: 'dashboard-deploy',
  version: 2,
  kind: 'dashboard',
  applies: () => true,
  render: (settings) => [{ path: `.github/workflows/${settings.name}-deploy.yml`, text: text(settings) }],
  needs: ({ hosting }) => [...HOSTS[hosting].needs],
};

function text(settings: DashboardSettings): string {
  // Pages publishes from an environment of its own name alone, so there is nothing to choose.
  const pages = settings.hosting === 'pages';
  const environment = pages ? 'github-pages' : chosenEnvironment(settings);
  return workflow(settings, {
    title: `Deploy ${settings.name}`,
    about: `Deploy ${settings.name} to ${environment}`,
    inputs: pages ? [] : [environmentInput(settings)],
    // Pages has one place for all of them.
    group: pages ? 'pages' : inGroup(settings, environment),
    jobs: HOSTS[settings.hosting].jobs(settings),
  });
}

const HOSTS: Readonly<
  Record<DashboardSettings['hosting'], { jobs: (settings: DashboardSettings) => Job[]; needs: readonly Need[] }>
> = {
  vercel: { jobs: (settings) => [vercel(settings)], needs: VERCEL_NEEDS },
  netlify: {
    jobs: (settings) => [netlify(settings)],
    needs: [
      { name: 'NETLIFY_SITE_ID', kind: 'variable', why: 'The id of the site: Netlify → Site configuration.' },
      {
        name: 'NETLIFY_AUTH_TOKEN',
        kind: 'secret',
        why: 'A token that may deploy it: Netlify → User settings → Applications.',
      },
    ],
  },
  pages: { jobs: (settings) => [buildFiles(settings, 'pages'), PAGES], needs: [] },
  'self-host': {
    jobs: (settings) => [buildFiles(settings, 'archive'), selfHost(settings)],
    needs: [
      { name: 'SSH_HOST', kind: 'variable', why: 'The machine that serves it.' },
      { name: 'SSH_USER', kind: 'variable', why: 'The account that receives it there.' },
      {
        name: 'SSH_KNOWN_HOSTS',
        kind: 'variable',
        why: 'What “ssh-keyscan HOST” says, compared with the machine itself.',
      },
      { name: 'SSH_KEY', kind: 'secret', why: 'A private key that this account accepts, for this purpose only.' },
    ],
  },
};

function onto(settings: DashboardSettings): Pick<Job, 'minutes' | 'permissions' | 'environment' | 'url'> {
  return {
    minutes: 20,
    permissions: { contents: 'read' },
    environment: chosenEnvironment(settings),
    url: '${{ vars.PUBLIC_URL }}',
  };
}

function vercel(settings: DashboardSettings): Job {
  const cli = `npx --yes ${NPM_TOOLS.vercel}`;
  return {
    id: 'deploy',
    name: 'Build and deploy',
    ...onto(settings),
    ...(settings.directory && { directory: settings.directory }),
    env: {
      ENVIRONMENT: chosenEnvironment(settings),
      VERCEL_ORG_ID: '${{ vars.VERCEL_ORG_ID }}',
      VERCEL_PROJECT_ID: '${{ vars.VERCEL_PROJECT_ID }}',
    },
    steps: [
      CHECKOUT,
      ...nodeSteps(settings),
      script(
        'Build and deploy',
        `${vercelTarget(settings.production)}
${cli} pull --yes --environment="$target"
${cli} build --yes --target="$target"
${cli} deploy --prebuilt --target="$target"`,
        { VERCEL_TOKEN: '${{ secrets.VERCEL_TOKEN }}' },
      ),
    ],
  };
}

function netlify(settings: DashboardSettings): Job {
  const cli = `npx --yes ${NPM_TOOLS.netlify}`;
  const alias = 'options+=(--alias "$ENVIRONMENT")';
  const how =
    settings.production === null
      ? alias
      : `if [ "$ENVIRONMENT" = '${settings.production}' ]; then options+=(--prod); else ${alias}; fi`;
  return {
    id: 'deploy',
    name: 'Build and deploy',
    ...onto(settings),
    ...(settings.directory && { directory: settings.directory }),
    env: { ENVIRONMENT: chosenEnvironment(settings), NETLIFY_SITE_ID: '${{ vars.NETLIFY_SITE_ID }}' },
    steps: [
      CHECKOUT,
      ...nodeSteps(settings),
      script(
        'Build and deploy',
        `options=(--message "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID")
${how}
${cli} deploy "\${options[@]}"`,
        { NETLIFY_AUTH_TOKEN: '${{ secrets.NETLIFY_AUTH_TOKEN }}' },
      ),
    ],
  };
}

function buildFiles(settings: DashboardSettings, as: 'pages' | 'archive'): Job {
  const built = settings.rendering === 'ssg' ? settings.output : '.next/standalone';
  const base = settings.basePath.replace(/\/$/, '');
  const keep =
    as === 'pages'
      ? uses('Keep the site', 'actions/upload-pages-artifact', { path: inside(settings, built) })
      : uses('Keep the build', 'actions/upload-artifact', {
          name: 'build',
          path: inside(settings, 'build.tar.gz'),
          'if-no-files-found': 'error',
        });
  return {
    id: 'build',
    name: 'Build',
    minutes: 20,
    permissions: { contents: 'read' },
    ...(settings.directory && { directory: settings.directory }),
    steps: [
      CHECKOUT,
      ...nodeSteps(settings),
      script(
        'Build',
        `${settings.packageManager} run build\n${check(settings, built)}`,
        base ? { BASE_PATH: base } : {},
      ),
      ...(as === 'archive' ? [script('Pack', pack(settings, built))] : []),
      keep,
    ],
  };
}

/** A build that wrote something else is found here, not by visitors. */
function check({ rendering, output }: DashboardSettings, built: string): string {
  const [file, hint] =
    rendering === 'ssg'
      ? [`${output}/index.html`, `Set output: 'export' in next.config, and look for what it writes.`]
      : [`${built}/server.js`, `Set output: 'standalone' in next.config.`];
  return `if ! [ -f ${file} ]; then
  echo "::error::The build wrote no ${file}. ${hint}"
  exit 1
fi`;
}

function pack({ rendering }: DashboardSettings, built: string): string {
  if (rendering === 'ssg') return `tar --create --gzip --file build.tar.gz --directory ${built} .`;
  return `cp --recursive .next/static ${built}/.next/static
if [ -d public ]; then cp --recursive public ${built}/public; fi
tar --create --gzip --file build.tar.gz --directory ${built} .`;
}

const PAGES: Job = {
  id: 'deploy',
  name: 'Deploy to Pages',
  needs: 'build',
  minutes: 15,
  permissions: { pages: 'write', 'id-token': 'write' },
  environment: 'github-pages',
  url: '${{ steps.pages.outputs.page_url }}',
  steps: [uses('Deploy', 'actions/deploy-pages', { timeout: "'600000'" }, ['id: pages'])],
};

/** A folder for each run, then one rename: visitors see the old one or the new one, never half of each. The
 * archive brings the time of its own folder along, and the live one is kept whatever its age. */
function selfHost(settings: DashboardSettings): Job {
  const restart = settings.rendering === 'ssr' ? ` && sudo systemctl restart ${settings.name}` : '';
  return {
    id: 'deploy',
    name: 'Deploy',
    needs: 'build',
    ...onto(settings),
    permissions: {},
    steps: [
      uses('Fetch the build', 'actions/download-artifact', { name: 'build' }),
      script(
        'Put it live',
        `install -m 700 -d ~/.ssh
install -m 600 /dev/null ~/.ssh/key
printf '%s\\n' "$KEY" > ~/.ssh/key
printf '%s\\n' "$KNOWN_HOSTS" > ~/.ssh/known_hosts
base="/srv/${settings.name}"
release="$base/releases/$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT"
# shellcheck disable=SC2029 # these paths are ours, and are meant to be known on both sides
ssh -i ~/.ssh/key "$SSH_USER@$SSH_HOST" "mkdir -p $release && tar -xzf - -C $release && touch $release \\
  && ln -sfn $release $base/next && mv -T $base/next $base/current${restart} \\
  && ls -1dt $base/releases/* | grep -vxF \\"\\$(readlink $base/current)\\" | tail -n +5 | xargs -r rm -rf" < build.tar.gz`,
        {
          KEY: '${{ secrets.SSH_KEY }}',
          KNOWN_HOSTS: '${{ vars.SSH_KNOWN_HOSTS }}',
          SSH_HOST: '${{ vars.SSH_HOST }}',
          SSH_USER: '${{ vars.SSH_USER }}',
        },
      ),
    ],
  };
}
