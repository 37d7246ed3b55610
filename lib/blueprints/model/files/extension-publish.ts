import { TARGET_PLATFORMS } from '../../../extensions/model/package';
import { NPM_TOOLS } from '../action-pins';
import { type Blueprint, inside, type Need } from '../blueprint';
import { digestOf, FROM_CONSOLE, fetchSteps, isThere, tokenNeed } from '../extension-from-console';
import type { ExtensionSettings } from '../settings';
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

/** Packaged once, or fetched from the console that keeps it; every place gets the same bytes, checked by their digest. */
export const extensionPublish: Blueprint<ExtensionSettings> = {
  id: 'extension-publish',
  version: 7,
  kind: 'extension',
  applies: () => true,
  render: (settings) => [{ path: `.github/workflows/${settings.name}-publish.yml`, text: text(settings) }],
  needs: (settings) => [...placesOf(settings).flatMap(({ needs }) => needs), ...tokenNeed(settings)],
};

interface Place {
  id: string;
  name: string;
  permissions: Job['permissions'];
  steps: string[];
  needs: Need[];
}

const CHANNEL: DispatchInput = {
  name: 'channel',
  description: 'Who gets it',
  type: ['stable', 'pre-release'],
  required: true,
  default: 'stable',
};
const VERSION: DispatchInput = {
  name: 'version',
  description: 'Version to publish; empty takes the one in package.json',
  type: 'string',
  default: "''",
};
const TARGET: DispatchInput = {
  name: 'target',
  description: 'Platform that the package is for',
  type: TARGET_PLATFORMS,
  required: true,
  default: 'universal',
};
const SHA256: DispatchInput = {
  name: 'sha256',
  description: 'Digest that the package has to have; the console fills it in',
  type: 'string',
  default: "''",
};
const DRY_RUN: DispatchInput = {
  name: 'dry_run',
  description: 'Package only, publish nothing',
  type: 'boolean',
  default: 'false',
};

function text(settings: ExtensionSettings): string {
  const places = placesOf(settings);
  const where: DispatchInput = {
    name: 'publish_to',
    description: 'Where to publish',
    type: ['everywhere', ...places.map(({ id }) => id)],
    required: true,
    default: 'everywhere',
  };
  return workflow(settings, {
    title: `Publish ${settings.name}`,
    about: `Publish ${settings.name} \${{ inputs.version || github.ref_name }} to ${chosenEnvironment(settings)}`,
    inputs: [
      ...[environmentInput(settings), CHANNEL, VERSION, TARGET, ...(places.length > 1 ? [where] : []), SHA256],
      ...(settings.console === null ? [] : [FROM_CONSOLE]),
      DRY_RUN,
    ],
    group: inGroup(settings, 'publish'),
    jobs: [packageJob(settings), ...places.map((place) => publishJob(settings, place, places.length > 1))],
  });
}

function packageJob(settings: ExtensionSettings): Job {
  return {
    id: 'package',
    name: 'Test and package',
    ...(settings.console === null ? {} : { if: '!inputs.from_console' }),
    minutes: 15,
    permissions: { contents: 'read' },
    ...(settings.directory && { directory: settings.directory }),
    outputs: { sha256: '${{ steps.package.outputs.sha256 }}' },
    steps: [
      CHECKOUT,
      ...nodeSteps(settings),
      script('Test', TEST(settings.packageManager)),
      script(
        'Package',
        PACKAGE(settings.packageManager),
        {
          VERSION: '${{ inputs.version }}',
          CHANNEL: '${{ inputs.channel }}',
          TARGET: '${{ inputs.target }}',
          WANTED: '${{ inputs.sha256 }}',
          TAG: "${{ github.ref_type == 'tag' && github.ref_name || '' }}",
        },
        ['id: package'],
      ),
      uses('Keep the package', 'actions/upload-artifact', {
        name: 'vsix',
        path: inside(settings, 'extension.vsix'),
        'if-no-files-found': 'error',
      }),
    ],
  };
}

/**
 * Integration tests start VS Code, which wants a display. Not every package manager has an `--if-present`.
 * Source: https://code.visualstudio.com/api/working-with-extensions/continuous-integration#github-actions
 */
const TEST = (manager: ExtensionSettings['packageManager']) =>
  `if [ "$(node --print 'Boolean(require("./package.json").scripts?.test)')" = true ]; then
  xvfb-run -a ${manager} run test
else
  echo '::notice::package.json has no script “test”, so nothing was tested.'
fi`;

/**
 * The times in the package are the commit's, so the same commit and tools make the same bytes; and where a digest is asked
 * for, others go nowhere. pnpm's layout of node_modules is one that vsce cannot walk: such an extension has to be bundled.
 */
const PACKAGE = (manager: ExtensionSettings['packageManager']) => `if [ -n "$VERSION" ]; then
  if ! [[ "$VERSION" =~ ^[0-9]+\\.[0-9]+\\.[0-9]+$ ]]; then
    echo '::error::Give the version as three numbers: the Marketplace takes no others.'
    exit 1
  fi
  npm version --no-git-tag-version --allow-same-version "$VERSION"
fi
packaged="$(node --print 'require("./package.json").version')"
if [[ "$TAG" =~ ^v[0-9] ]] && [ "$TAG" != "v$packaged" ]; then
  echo "::error::The tag and the version in package.json ($packaged) are not the same."
  exit 1
fi
options=(--out extension.vsix${manager === 'npm' ? '' : manager === 'yarn' ? ' --yarn' : ' --no-dependencies'})
if [ "$CHANNEL" = pre-release ]; then options+=(--pre-release); fi
if [ "\${TARGET:-universal}" != universal ]; then options+=(--target "$TARGET"); fi
SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)"
export SOURCE_DATE_EPOCH
npx --yes ${NPM_TOOLS.vsce} package "\${options[@]}"
sha256="$(sha256sum extension.vsix | cut -d ' ' -f 1)"
if [ -n "$WANTED" ] && [ "$WANTED" != "$sha256" ]; then
  echo "::error::This commit makes another package (sha256 $sha256) than the one to publish ($WANTED)."
  echo 'Nothing is published: upload the package that a run of this workflow made.'
  exit 1
fi
echo "sha256=$sha256" >> "$GITHUB_OUTPUT"
echo "extension.vsix $packaged, sha256 $sha256" >> "$GITHUB_STEP_SUMMARY"`;

function publishJob(settings: ExtensionSettings, place: Place, several: boolean): Job {
  const chosen = several
    ? ` && (!inputs.publish_to || inputs.publish_to == 'everywhere' || inputs.publish_to == '${place.id}')`
    : '';
  return {
    id: place.id,
    name: `Publish to ${place.name}`,
    needs: 'package',
    if: `${isThere(settings)}!inputs.dry_run${chosen}`,
    minutes: 10,
    permissions: place.permissions,
    environment: chosenEnvironment(settings),
    steps: [
      ...fetchSteps(settings, uses('Fetch the package', 'actions/download-artifact', { name: 'vsix' })),
      script(
        'Check that it is the one that was packaged',
        'echo "$SHA256  extension.vsix" | sha256sum --check --strict',
        { SHA256: digestOf(settings) },
      ),
      uses('Set up Node', 'actions/setup-node', {
        'node-version': settings.nodeVersion,
        'package-manager-cache': "'false'",
      }),
      ...place.steps,
    ],
  };
}

function placesOf(settings: ExtensionSettings): Place[] {
  const { marketplace, openVsx, privateGallery } = settings;
  return [
    ...(marketplace === 'none' ? [] : [MARKETPLACE[marketplace]]),
    ...(openVsx ? [OPEN_VSX] : []),
    ...(privateGallery ? [privatePlace(privateGallery)] : []),
  ];
}

const VSCE_PUBLISH = `npx --yes ${NPM_TOOLS.vsce} publish --packagePath extension.vsix --skip-duplicate`;
const market = (permissions: Job['permissions'], steps: string[], needs: Need[]): Place => ({
  id: 'vs-marketplace',
  name: 'the VS Marketplace',
  permissions,
  steps,
  needs,
});

/**
 * The members of a publisher are named by an id that only the identity itself can read. Nothing is held up by it.
 * Source: https://code.visualstudio.com/api/working-with-extensions/publishing-extension
 */
const TELL_IDENTITY = `id="$(az rest --url https://app.vssps.visualstudio.com/_apis/profile/profiles/me \\
  --resource 499b84ac-1321-427f-aa17-267ca6975798 --query id --output tsv || true)"
echo "Identity at the Marketplace: \${id:-it could not be read}. It has to be a member of the publisher, with the role Contributor." >> "$GITHUB_STEP_SUMMARY"`;

const MARKETPLACE = {
  entra: market(
    { 'id-token': 'write' },
    [
      uses('Sign in to Azure by OIDC', 'azure/login', {
        'client-id': '${{ vars.AZURE_CLIENT_ID }}',
        'tenant-id': '${{ vars.AZURE_TENANT_ID }}',
        'allow-no-subscriptions': "'true'",
      }),
      script('Tell who signs in', TELL_IDENTITY),
      script('Publish', `${VSCE_PUBLISH} --azure-credential`),
    ],
    [
      {
        name: 'AZURE_CLIENT_ID',
        kind: 'variable',
        why: 'The identity that is a member of the publisher, with a federated credential.',
        trust: 'deploy',
      },
      { name: 'AZURE_TENANT_ID', kind: 'variable', why: 'The directory of that identity.' },
    ],
  ),
  oidc: market(
    { 'id-token': 'write' },
    [script('Publish', `${VSCE_PUBLISH} --oidc`)],
    [
      {
        name: 'Trusted publishing policy',
        kind: 'policy',
        why: 'At the VS Marketplace, on the publisher’s page, for this repository and this workflow. Without it vsce is refused. Where that page offers none, choose Entra.',
      },
    ],
  ),
  pat: market(
    {},
    [script('Publish', VSCE_PUBLISH, { VSCE_PAT: '${{ secrets.VSCE_PAT }}' })],
    [
      {
        name: 'VSCE_PAT',
        kind: 'secret',
        why: 'A token of the publisher that may manage the Marketplace. Tokens for all organisations end on 2026-12-01; whether one of a single organisation is taken is not promised. Choose Entra.',
      },
    ],
  ),
};

const OVSX_PUBLISH = `npx --yes ${NPM_TOOLS.ovsx} publish extension.vsix --skip-duplicate`;
const OPEN_VSX: Place = {
  id: 'open-vsx',
  name: 'Open VSX',
  permissions: {},
  steps: [
    script('Publish', OVSX_PUBLISH, {
      OVSX_PAT: '${{ secrets.OVSX_PAT }}',
    }),
  ],
  needs: [
    { name: 'OVSX_PAT', kind: 'secret', why: 'A token of the namespace: open-vsx.org → Settings → Access tokens.' },
  ],
};

/** It speaks the API of Open VSX, as the console's own gallery does, which takes nothing from vsce. */
function privatePlace(url: string): Place {
  return {
    id: 'private-gallery',
    name: 'the private gallery',
    permissions: {},
    steps: [
      script('Publish', `${OVSX_PUBLISH} -r "$GALLERY"`, {
        GALLERY: url,
        OVSX_PAT: '${{ secrets.PRIVATE_GALLERY_TOKEN }}',
      }),
    ],
    needs: [{ name: 'PRIVATE_GALLERY_TOKEN', kind: 'secret', why: `A token of ${url} that may publish there.` }],
  };
}
