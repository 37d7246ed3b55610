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

export const AWS_LOGIN = (region: string): string =>
  uses('Sign in to AWS by OIDC', 'aws-actions/configure-aws-credentials', {
    'role-to-assume': '${{ vars.AWS_ROLE_ARN }}',
    'aws-region': region,
  });
export const AWS_NEEDS: readonly Need[] = [
  { name: 'AWS_ROLE_ARN', kind: 'variable', why: 'The role that trusts this repository by OIDC: AWS → IAM → Roles.' },
];
export const GOOGLE_LOGIN = uses(
  'Sign in to Google Cloud by OIDC',
  'google-github-actions/auth',
  {
    workload_identity_provider: '${{ vars.GCP_WORKLOAD_IDENTITY_PROVIDER }}',
    service_account: '${{ vars.GCP_SERVICE_ACCOUNT }}',
    token_format: 'access_token',
  },
  ['id: google'],
);
export const GOOGLE_NEEDS: readonly Need[] = [
  {
    name: 'GCP_WORKLOAD_IDENTITY_PROVIDER',
    kind: 'variable',
    why: 'The provider that trusts this repository: Google Cloud → IAM → Workload identity federation.',
  },
  { name: 'GCP_SERVICE_ACCOUNT', kind: 'variable', why: 'The service account that the workflow acts as.' },
];

/** Null when no registry is used. */
export function registryAccess(registry: Registry): RegistryAccess | null {
  return registry.type === 'none' ? null : ACCESS[registry.type](registry as never);
}

const ACCESS: { [T in Kept['type']]: (registry: Extract<Kept, { type: T }>) => RegistryAccess } = {
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
  ecr: ({ account, region, image }) => ({
    image: `${account}.dkr.ecr.${region}.amazonaws.com/${image}`,
    permissions: { 'id-token': 'write' },
    steps: [AWS_LOGIN(region), uses('Sign in to ECR', 'aws-actions/amazon-ecr-login', { 'mask-password': "'true'" })],
    needs: AWS_NEEDS,
  }),
  'artifact-registry': ({ location, project, image }) => ({
    image: `${location}-docker.pkg.dev/${project}/${image}`,
    permissions: { 'id-token': 'write' },
    steps: [
      GOOGLE_LOGIN,
      uses('Sign in to Artifact Registry', 'docker/login-action', {
        registry: `${location}-docker.pkg.dev`,
        username: 'oauth2accesstoken',
        password: '${{ steps.google.outputs.access_token }}',
      }),
    ],
    needs: GOOGLE_NEEDS,
  }),
};
