import { NPM_TOOLS } from '../action-pins';
import { vercelNeeds, vercelTarget } from '../backend/platforms';
import { type Blueprint, inside, type Need, publicUrl } from '../blueprint';
import { bakedSalt, RECORD_COMMAND as RECORD } from '../build-record';
import { agentJob, agentNeeds, ownApps } from '../dashboard-agent';
import { KEPT, KEPT_RELEASES, sshJobs, sshNeeds, WHICH_COMMIT } from '../dashboard-ssh';
import { hostPlaceEnv, hostPlaceNeeds, hostPlaceSteps } from '../host-place';
import type { DashboardSettings } from '../settings';
import { vercelAlias, vercelAliasEnv } from '../vercel-address';
import {
  CHECKOUT,
  chosenEnvironment,
  type DispatchInput,
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
  version: 13,
  kind: 'dashboard',
  applies: () => true,
  render: (settings) => [{ path: `.github/workflows/${settings.name}-deploy.yml`, text: text(settings) }],
  needs: (settings) => [...HOSTS[settings.hosting].needs(settings), ...addressOf(settings.hosting), BUILD_VALUES],
};

const BUILD_VALUES: Need = {
  name: 'AETHERSTACK_BUILD_VALUES',
  kind: 'variable',
  why: 'A variable of the repository: names, with commas, of NEXT_PUBLIC_ values that differ in every build.',
  without: 'all of them have to be the same before a build is promoted.',
};

/** Pages tells its address itself; only a machine of one's own is asked whether it answers. */
function addressOf(hosting: DashboardSettings['hosting']): Need[] {
  if (hosting === 'pages') return [];
  const alone = 'GitHub shows no link.';
  return [publicUrl(hosting === 'self-host' ? `nothing is asked whether it answers, and ${alone}` : alone)];
}

function text(settings: DashboardSettings): string {
  // Pages publishes from an environment of its own name alone, so there is nothing to choose.
  const pages = settings.hosting === 'pages';
  const environment = pages ? 'github-pages' : chosenEnvironment(settings);
  return workflow(settings, {
    title: `Deploy ${settings.name}`,
    about: `Deploy ${settings.name} to ${environment}`,
    inputs: pages ? [] : [environmentInput(settings), renderingInput(settings), ...keptInput(settings)],
    // Pages has one place for all of them.
    group: pages ? 'pages' : inGroup(settings, environment),
    jobs: HOSTS[settings.hosting].jobs(settings),
  });
}

/** The console asks for it when it moves an environment from the one to the other. */
function renderingInput({ rendering }: DashboardSettings): DispatchInput {
  return {
    name: 'rendering',
    description: 'Rendered by a server (ssr), or exported as files (ssg)',
    type: ['ssr', 'ssg'],
    default: rendering,
  };
}

/** Over SSH alone a release of before can be asked for: elsewhere the host, or the agent, goes back by itself. */
function keptInput({ hosting }: DashboardSettings): DispatchInput[] {
  return hosting === 'self-host' ? [KEPT, KEPT_RELEASES] : [];
}

/** How it is rendered: next.config is to read AETHERSTACK_RENDERING. Pages serves files, whatever is asked for. */
function chosenRendering({ hosting, rendering }: DashboardSettings): string {
  return hosting === 'pages' ? 'ssg' : `\${{ inputs.rendering || '${rendering}' }}`;
}

/**
 * What the build is told, and what `scripts/build-record.mjs` writes into its record. Where it builds is for a next.config
 * that names a folder of its own: hosts, the record and what is packed are all by Next's own one.
 */
function told(settings: DashboardSettings): Record<string, string> {
  return {
    AETHERSTACK_RENDERING: chosenRendering(settings),
    AETHERSTACK_DIST_DIR: '.next',
    AETHERSTACK_OUT_DIR: settings.output,
    AETHERSTACK_MARKER: '${{ inputs.aetherstack }}',
    AETHERSTACK_BAKED_SALT: bakedSalt(settings),
    AETHERSTACK_BUILD_VALUES: "${{ vars.AETHERSTACK_BUILD_VALUES || '' }}",
  };
}

interface Host {
  jobs: (settings: DashboardSettings) => Job[];
  needs: (settings: DashboardSettings) => readonly Need[];
}

const NETLIFY_TOKEN: Need = {
  name: 'NETLIFY_AUTH_TOKEN',
  kind: 'secret',
  why: 'A token that may deploy it: Netlify → User settings → Applications.',
};

const HOSTS: Readonly<Record<DashboardSettings['hosting'], Host>> = {
  vercel: { jobs: (settings) => [vercel(settings)], needs: vercelNeeds },
  netlify: {
    jobs: (settings) => [netlify(settings)],
    needs: (settings) => [...hostPlaceNeeds(settings), NETLIFY_TOKEN],
  },
  pages: { jobs: (settings) => [buildFiles(settings), PAGES], needs: () => [] },
  'self-host': {
    jobs: (settings) => {
      const where = { ...onto(settings), rendering: chosenRendering(settings) };
      return sshJobs(settings, where, buildFiles(settings, [WHICH_COMMIT]));
    },
    needs: sshNeeds,
  },
  agent: {
    jobs: (settings) => [
      buildFiles(settings, [ownApps(settings)]),
      agentJob(settings, { ...onto(settings), rendering: chosenRendering(settings) }),
    ],
    needs: agentNeeds,
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
      ...hostPlaceEnv(settings),
    },
    steps: [
      CHECKOUT,
      ...hostPlaceSteps(settings),
      ...nodeSteps(settings),
      script(
        'Build and deploy',
        `${vercelTarget(settings.production)}
where=(--environment="$target")
# Of previews a branch may have values of its own.
if [ "$target" = preview ]; then where+=(--git-branch="$GITHUB_REF_NAME"); fi
${cli} pull --yes "\${where[@]}"
${cli} build --yes --target="$target"
${RECORD} --target "$target"
deployed=$(${cli} deploy --prebuilt --target="$target")
echo "$deployed"
${vercelAlias()}`,
        { ...told(settings), ...vercelAliasEnv(settings), VERCEL_TOKEN: '${{ secrets.VERCEL_TOKEN }}' },
      ),
    ],
  };
}

/**
 * The command line builds, and with the values of local development unless it is told for which context. Of one branch it
 * can be told none: `branch:staging` leaves out every value that is set per context, those of branch deploys too.
 */
function netlifyWhere({ production }: DashboardSettings): string {
  const preview = 'options+=(--alias "$ENVIRONMENT" --context branch-deploy)';
  if (production === null) return preview;
  return `if [ "$ENVIRONMENT" = '${production}' ]; then options+=(--prod --context production); else ${preview}; fi`;
}

function netlify(settings: DashboardSettings): Job {
  const cli = `npx --yes ${NPM_TOOLS.netlify}`;
  return {
    id: 'deploy',
    name: 'Build and deploy',
    ...onto(settings),
    ...(settings.directory && { directory: settings.directory }),
    env: { ENVIRONMENT: chosenEnvironment(settings), ...hostPlaceEnv(settings) },
    steps: [
      CHECKOUT,
      ...hostPlaceSteps(settings),
      ...nodeSteps(settings),
      script(
        'Build and deploy',
        `options=(--message "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID")
${netlifyWhere(settings)}
${cli} deploy "\${options[@]}"`,
        { ...told(settings), NETLIFY_AUTH_TOKEN: '${{ secrets.NETLIFY_AUTH_TOKEN }}' },
      ),
    ],
  };
}

/** `first`: steps that go before all that takes time. */
function buildFiles(settings: DashboardSettings, first: readonly string[] = []): Job {
  const base = settings.basePath.replace(/\/$/, '');
  const isSite = settings.hosting === 'pages';
  const keep = isSite
    ? uses('Keep the site', 'actions/upload-pages-artifact', {
        path: inside(settings, settings.output),
        // The record is in a folder with a dot.
        'include-hidden-files': "'true'",
      })
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
    env: { AETHERSTACK_RENDERING: chosenRendering(settings) },
    steps: [
      CHECKOUT,
      ...first,
      ...nodeSteps(settings),
      script('Build', `${settings.packageManager} run build\n${check(settings)}\n${RECORD}`, {
        ...told(settings),
        ...(base && { BASE_PATH: base, AETHERSTACK_BASE_PATH: base }),
      }),
      ...(isSite ? [] : [script('Pack', pack(settings))]),
      keep,
    ],
  };
}

/** A build that wrote something else is found here, not by visitors. */
function check({ output }: DashboardSettings): string {
  return `if [ "$AETHERSTACK_RENDERING" = ssg ]; then
  file='${output}/index.html' output=export
else
  file=.next/standalone/server.js output=standalone
fi
if ! [ -f "$file" ]; then
  echo "::error::The build wrote no $file. Let next.config set output: '$output' when AETHERSTACK_RENDERING is $AETHERSTACK_RENDERING, and build in .next."
  exit 1
fi`;
}

function pack({ output, hosting }: DashboardSettings): string {
  // The agent takes no links.
  const links = hosting === 'agent' ? ' --dereference --hard-dereference' : '';
  return `if [ "$AETHERSTACK_RENDERING" = ssg ]; then
  built='${output}'
else
  built=.next/standalone
  mkdir -p "$built/.next/static" && cp --recursive .next/static/. "$built/.next/static/"
  if [ -d public ]; then mkdir -p "$built/public" && cp --recursive public/. "$built/public/"; fi
fi
tar --create --gzip${links} --file build.tar.gz --directory "$built" .`;
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
