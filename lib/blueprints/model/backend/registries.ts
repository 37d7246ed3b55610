import type { Need } from '../blueprint';
import type { BackendSettings } from '../settings';
import { uses } from '../workflow';

type Registry = BackendSettings['registry'];
type Kept = Exclude<Registry, { type: 'none' }>;

/** How the image job gets at a registry. */
interface RegistryAccess {
  /** With host, without tag. */
  image: string;
  permissions: Readonly<Record<string, 'read' | 'write'>>;
  steps: readonly string[];
  needs: readonly Need[];
}

/**
 * Each name stands for an identity of its own: what builds may push, and may not deploy. The first is a variable of the
 * repository, the second one of the environment, which has the rules.
 */
export type Identity = 'PUSH' | 'DEPLOY';
const JOB = { PUSH: 'build', DEPLOY: 'deploy' } as const;

export const awsLogin = (region: string, by: Identity): string =>
  uses('Sign in to AWS by OIDC', 'aws-actions/configure-aws-credentials', {
    'role-to-assume': `\${{ vars.AWS_${by}_ROLE_ARN }}`,
    'aws-region': region,
  });

export const awsNeeds = (by: Identity): Need[] => [
  {
    name: `AWS_${by}_ROLE_ARN`,
    kind: 'variable',
    why: `The role that may ${MAY[by]}: AWS → IAM → Roles.`,
    trust: JOB[by],
  },
];

export const googleLogin = (by: Identity): string =>
  uses(
    'Sign in to Google Cloud by OIDC',
    'google-github-actions/auth',
    {
      workload_identity_provider: '${{ vars.GCP_WORKLOAD_IDENTITY_PROVIDER }}',
      service_account: `\${{ vars.GCP_${by}_SERVICE_ACCOUNT }}`,
      token_format: 'access_token',
    },
    ['id: google'],
  );

export const googleNeeds = (settings: BackendSettings, by: Identity): Need[] => [
  {
    name: 'GCP_WORKLOAD_IDENTITY_PROVIDER',
    kind: 'variable',
    why: `A variable of the repository: the provider that maps the subject of ${settings.repository}'s tokens, and takes no other repository's: Google Cloud → IAM → Workload identity federation.`,
  },
  {
    name: `GCP_${by}_SERVICE_ACCOUNT`,
    kind: 'variable',
    why: `The service account that may ${MAY[by]}.`,
    trust: JOB[by],
  },
];

const MAY = { PUSH: 'push the image', DEPLOY: 'deploy it (and pull it, where the workflow does)' } as const;

/** Null when no registry is used. */
export function registryAccess(settings: BackendSettings, by: Identity): RegistryAccess | null {
  const { registry } = settings;
  return registry.type === 'none' ? null : ACCESS[registry.type](registry as never, settings, by);
}

const ACCESS: {
  [T in Kept['type']]: (
    registry: Extract<Kept, { type: T }>,
    settings: BackendSettings,
    by: Identity,
  ) => RegistryAccess;
} = {
  'docker-hub': ({ image }) => ({
    image: `docker.io/${image}`,
    permissions: {},
    steps: [
      uses('Sign in to Docker Hub', 'docker/login-action', {
        username: '${{ vars.DOCKERHUB_USERNAME }}',
        password: '${{ secrets.DOCKERHUB_TOKEN }}',
      }),
    ],
    needs: [
      { name: 'DOCKERHUB_USERNAME', kind: 'variable', why: 'The Docker Hub account that pushes.' },
      {
        name: 'DOCKERHUB_TOKEN',
        kind: 'secret',
        why: 'An access token that may read and write: Docker Hub → Account settings.',
      },
    ],
  }),
  ghcr: ({ image }) => ({
    image: `ghcr.io/${image}`,
    permissions: { packages: 'write' },
    steps: [
      uses('Sign in to the registry', 'docker/login-action', {
        registry: 'ghcr.io',
        username: '${{ github.actor }}',
        password: '${{ secrets.GITHUB_TOKEN }}',
      }),
    ],
    needs: [],
  }),
  ecr: ({ account, region, image }, _, by) => ({
    image: `${account}.dkr.ecr.${region}.amazonaws.com/${image}`,
    permissions: { 'id-token': 'write' },
    steps: [
      awsLogin(region, by),
      uses('Sign in to ECR', 'aws-actions/amazon-ecr-login', { 'mask-password': "'true'" }),
    ],
    needs: awsNeeds(by),
  }),
  'artifact-registry': ({ location, project, image }, settings, by) => ({
    image: `${location}-docker.pkg.dev/${project}/${image}`,
    permissions: { 'id-token': 'write' },
    steps: [
      googleLogin(by),
      uses('Sign in to Artifact Registry', 'docker/login-action', {
        registry: `${location}-docker.pkg.dev`,
        username: 'oauth2accesstoken',
        password: '${{ steps.google.outputs.access_token }}',
      }),
    ],
    needs: googleNeeds(settings, by),
  }),
};
