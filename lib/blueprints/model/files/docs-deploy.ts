import { type Blueprint, inside } from '../blueprint';
import type { DocsSettings } from '../settings';
import { CHECKOUT, type DispatchInput, type Job, script, uses, workflow } from '../workflow';

/** MkDocs to Pages: as one site, or as versions next to each other. */
export const docsDeploy: Blueprint<DocsSettings> = {
  id: 'docs-deploy',
  version: 2,
  kind: 'docs',
  applies: () => true,
  render: (settings) => [{ path: `.github/workflows/${settings.name}-deploy.yml`, text: text(settings) }],
};

const VERSION: DispatchInput = {
  name: 'version',
  description: 'Under which name it is published, such as 1.4',
  type: 'string',
  required: true,
  default: 'latest',
};
const ALIAS: DispatchInput = {
  name: 'alias',
  description: 'A second name that moves to it, such as stable; empty for none',
  type: 'string',
  default: "''",
};
const FIRST: DispatchInput = {
  name: 'set_default',
  description: 'Make it the one that visitors see first',
  type: 'boolean',
  default: 'false',
};

function text(settings: DocsSettings): string {
  const { name, versions } = settings;
  return workflow(settings, {
    title: `Deploy ${name}`,
    about: versions ? `Deploy ${name} \${{ inputs.version || 'latest' }}` : `Deploy ${name}`,
    inputs: versions ? [VERSION, ALIAS, FIRST] : [],
    group: 'pages',
    jobs: versions ? [publishVersion(settings)] : [buildJob(settings), pagesJob(settings)],
  });
}

function python(settings: DocsSettings): string[] {
  const requirements = inside(settings, 'requirements.txt');
  return [
    uses('Set up Python', 'actions/setup-python', {
      'python-version': `'${settings.pythonVersion}'`,
      cache: 'pip',
      'cache-dependency-path': requirements,
    }),
    script('Install MkDocs', `pip install --requirement ${requirements}`),
  ];
}

function buildJob(settings: DocsSettings): Job {
  return {
    id: 'build',
    name: 'Build the site',
    minutes: 10,
    permissions: { contents: 'read' },
    steps: [
      CHECKOUT,
      ...python(settings),
      script(
        'Build',
        `mkdocs build --strict --config-file ${inside(settings, 'mkdocs.yml')} --site-dir "$RUNNER_TEMP/site"`,
      ),
      uses('Keep the site', 'actions/upload-pages-artifact', { path: '${{ runner.temp }}/site' }),
    ],
  };
}

function pagesJob({ environments }: DocsSettings): Job {
  return {
    id: 'deploy',
    name: 'Deploy to Pages',
    needs: 'build',
    minutes: 15,
    permissions: { pages: 'write', 'id-token': 'write' },
    environment: environments[0] ?? 'github-pages',
    url: '${{ steps.pages.outputs.page_url }}',
    steps: [uses('Deploy', 'actions/deploy-pages', { timeout: "'600000'" }, ['id: pages'])],
  };
}

/** The versions are commits on gh-pages, so this job may write contents; Pages serves that branch. */
function publishVersion(settings: DocsSettings): Job {
  return {
    id: 'deploy',
    name: 'Publish the version',
    minutes: 15,
    permissions: { contents: 'write' },
    environment: settings.environments[0] ?? 'github-pages',
    steps: [
      CHECKOUT.replace('persist-credentials', 'fetch-depth: 0\n    persist-credentials'),
      ...python(settings),
      script(
        'Publish',
        `if ! [[ "$VERSION" =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ && "$ALIAS" =~ ^([A-Za-z0-9][A-Za-z0-9._-]*)?$ ]]; then
  echo '::error::Names of versions have letters, digits, dots and dashes.'
  exit 1
fi
# Git gets the token for this step alone, and finds it in no file.
GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$TOKEN" | base64 --wrap=0)"
export GIT_CONFIG_VALUE_0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader"
git config user.name github-actions
git config user.email 41898282+github-actions[bot]@users.noreply.github.com
options=(--config-file ${inside(settings, 'mkdocs.yml')} --push)
if [ -n "$ALIAS" ]; then
  mike deploy "\${options[@]}" --update-aliases "$VERSION" "$ALIAS"
else
  mike deploy "\${options[@]}" "$VERSION"
fi
if [ "$SET_DEFAULT" = true ]; then mike set-default "\${options[@]}" "$VERSION"; fi`,
        {
          VERSION: "${{ inputs.version || 'latest' }}",
          ALIAS: '${{ inputs.alias }}',
          TOKEN: '${{ github.token }}',
          SET_DEFAULT: '${{ inputs.set_default }}',
        },
      ),
    ],
  };
}
