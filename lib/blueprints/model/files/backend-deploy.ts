import { deployAfter, ownPlaceSteps, sharedPlaceJob } from '../backend/own-place';
import { platformSteps } from '../backend/platforms';
import { registryAccess } from '../backend/registries';
import { type Blueprint, publicUrl } from '../blueprint';
import { type BackendSettings, runsImage } from '../settings';
import {
  CHECKOUT,
  COMMIT,
  chosenEnvironment,
  type DispatchInput,
  environmentInput,
  inGroup,
  type Job,
  SET_UP_BUILDX,
  script,
  uses,
  workflow,
} from '../workflow';

/** Builds the image once, pushes it by digest, and deploys exactly that digest. */
export const backendDeploy: Blueprint<BackendSettings> = {
  id: 'backend-deploy',
  version: 8,
  kind: 'backend',
  applies: () => true,
  render: (settings) => [{ path: `.github/workflows/${settings.name}-deploy.yml`, text: text(settings) }],
  needs: (settings) => {
    const pulls = settings.platform.type === 'heroku' ? registryAccess(settings, 'DEPLOY') : null;
    const push = registryAccess(settings, 'PUSH');
    const platform = platformSteps(settings);
    const asked = platform ? [publicUrl('nothing is asked whether it answers, and GitHub shows no link.')] : [];
    return [...[push, pulls, platform].flatMap((each) => each?.needs ?? []), ...asked];
  },
};

const IMAGE_INPUT: DispatchInput = {
  name: 'image',
  description: 'An image that was built before, with its digest; empty builds one',
  type: 'string',
  default: "''",
};

function text(settings: BackendSettings): string {
  const environment = chosenEnvironment(settings);
  const deploys = settings.platform.type !== 'none';
  const about = deploys ? `Deploy ${settings.name} to ${environment}` : `Build the image of ${settings.name}`;
  const jobs = [sharedPlaceJob(settings), imageJob(settings), deployJob(settings)].filter((job) => job !== null);
  return workflow(settings, {
    title: deploys ? `Deploy ${settings.name}` : `Build ${settings.name}`,
    about,
    inputs: [...(deploys ? [environmentInput(settings)] : []), ...(runsImage(settings) ? [IMAGE_INPUT] : [])],
    group: inGroup(settings, deploys ? environment : 'build'),
    jobs,
  });
}

function imageJob(settings: BackendSettings): Job | null {
  const access = registryAccess(settings, 'PUSH');
  if (!access) return null;
  const shared = sharedPlaceJob(settings);
  const attest: Job['permissions'] = settings.attest ? { 'id-token': 'write', attestations: 'write' } : {};
  return {
    id: 'image',
    name: 'Build and push the image',
    ...(shared && { needs: shared.id }),
    ...(runsImage(settings) && { if: '!inputs.image' }),
    minutes: 30,
    permissions: { contents: 'read', ...access.permissions, ...attest },
    outputs: { digest: '${{ steps.build.outputs.digest }}' },
    env: { IMAGE: access.image },
    steps: [
      CHECKOUT,
      COMMIT,
      ...(settings.architectures.includes('linux/arm64')
        ? [uses('Set up emulation', 'docker/setup-qemu-action', { platforms: 'arm64' })]
        : []),
      SET_UP_BUILDX,
      ...access.steps,
      build(settings),
      script('Name the digest by its commit', NAME_IT, { DIGEST: '${{ steps.build.outputs.digest }}' }),
      ...(settings.attest ? [ATTEST] : []),
    ],
  };
}

// Of a commit that is built once more, as a roll-back does, the name may be there and not be moved; it is the digest that counts.
const NAME_IT = `if ! docker buildx imagetools create --tag "$IMAGE:sha-$REVISION" "$IMAGE@$DIGEST"; then
  docker buildx imagetools inspect "$IMAGE:sha-$REVISION" > /dev/null
  echo "::notice::$IMAGE:sha-$REVISION names an earlier build of this commit and stays; $DIGEST is the one that is deployed."
fi`;

const ATTEST = uses('Sign where it came from', 'actions/attest', {
  'subject-name': '${{ env.IMAGE }}',
  'subject-digest': '${{ steps.build.outputs.digest }}',
  'push-to-registry': "'true'",
});

/** Nothing has a name in the registry before all of it is there: the push is by digest, the tag comes after. */
function build(settings: BackendSettings): string {
  return uses(
    'Build, and push by digest',
    'docker/build-push-action',
    {
      context: settings.directory || '.',
      platforms: settings.architectures.join(','),
      tags: '${{ env.IMAGE }}',
      outputs: 'type=image,push-by-digest=true,name-canonical=true,push=true',
      'build-args': 'REVISION=${{ env.REVISION }}',
      labels: 'org.opencontainers.image.revision=${{ env.REVISION }}',
      provenance: 'mode=max',
      sbom: "'true'",
      'cache-from': `type=gha,scope=${settings.name}`,
      'cache-to': `type=gha,mode=max,scope=${settings.name}`,
    },
    ['id: build'],
  );
}

function deployJob(settings: BackendSettings): Job | null {
  const platform = platformSteps(settings);
  if (!platform) return null;
  const access = registryAccess(settings, 'PUSH');
  const image = runsImage(settings) && access ? access.image : null;
  const contents: Job['permissions'] = platform.steps.includes(CHECKOUT) ? { contents: 'read' } : {};
  const packages = image && settings.platform.type === 'heroku' ? pullSteps(settings) : { permissions: {}, steps: [] };
  return {
    id: 'deploy',
    name: 'Deploy',
    ...deployAfter(settings, access !== null),
    minutes: 20,
    permissions: { ...contents, ...packages.permissions, ...platform.permissions },
    environment: chosenEnvironment(settings),
    url: '${{ vars.PUBLIC_URL }}',
    env: {
      ENVIRONMENT: chosenEnvironment(settings),
      ...platform.env,
    },
    steps: [
      ...ownPlaceSteps(settings),
      ...(image ? [chooseImage(image)] : []),
      ...packages.steps,
      ...platform.steps,
      healthy(settings),
    ],
  };
}

function pullSteps(settings: BackendSettings): {
  permissions: Job['permissions'];
  steps: readonly string[];
} {
  const access = registryAccess(settings, 'DEPLOY');
  if (!access) return { permissions: {}, steps: [] };
  const { packages, ...rest } = access.permissions;
  return { permissions: { ...rest, ...(packages && { packages: 'read' }) }, steps: access.steps };
}

function chooseImage(image: string): string {
  return script(
    'Which image',
    `image="\${CHOSEN:-${image}@$DIGEST}"
if ! [[ "$image" =~ ^${image.replaceAll('.', '\\.')}@sha256:[0-9a-f]{64}$ ]]; then
  echo '::error::Give the image as ${image}@sha256:… with all 64 digits of its digest.'
  exit 1
fi
echo "IMAGE_REF=$image" >> "$GITHUB_ENV"`,
    { CHOSEN: '${{ inputs.image }}', DIGEST: '${{ needs.image.outputs.digest }}' },
  );
}

function healthy({ healthPath }: BackendSettings): string {
  return script(
    'Wait until it answers',
    `curl --fail --silent --show-error --retry 30 --retry-delay 5 --retry-all-errors \\
  --max-time 10 "\${PUBLIC_URL%/}${healthPath}" > /dev/null`,
    { PUBLIC_URL: "${{ vars.PUBLIC_URL || '' }}" },
    ["if: ${{ vars.PUBLIC_URL != '' }}"],
  );
}
