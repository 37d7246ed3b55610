import { z } from 'zod';
import type { CredentialForm, Manifest } from '../port';

/** Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;

export const targetConfig = z.strictObject({
  repository: z
    .string()
    .max(255)
    .regex(REPOSITORY, 'Write it as the registry has it, without its host and without a tag: acme/backend.')
    .describe('Image repository'),
});

export type RegistryCapability = 'images';

export const DOCKER_HUB = 'https://registry-1.docker.io';
/** Registries whose tokens are made elsewhere, by the hosts that their vendors document. */
const DOCUMENTED: Readonly<Record<string, string>> = {
  [DOCKER_HUB]: 'https://auth.docker.io',
  'https://registry.gitlab.com': 'https://gitlab.com',
};
const GOOGLE_TOKENS = 'https://oauth2.googleapis.com';

/** https://docs.aws.amazon.com/general/latest/gr/ecr.html */
const ECR = /^https:\/\/(\d{12})\.dkr\.ecr(-fips)?\.([a-z]{2,5}(?:-[a-z]+){1,3}-\d)\.(amazonaws\.com(?:\.cn)?)$/;
/** https://cloud.google.com/artifact-registry/docs/repositories/repo-locations, and its hosts in the old form. */
const ARTIFACT_REGISTRY = /^https:\/\/(?:[a-z]+(?:-[a-z]+\d+)?-docker\.pkg\.dev|(?:(?:us|eu|asia)\.)?gcr\.io)$/;

export interface EcrHost {
  account: string;
  region: string;
  /** Origin of the API that makes its tokens. */
  api: string;
}

/** Null for any other registry. */
export function ecrHostOf(origin: string): EcrHost | null {
  const [, account, fips, region, domain] = ECR.exec(origin) ?? [];
  if (!account || !region || !domain) return null;
  return {
    account,
    region,
    api: fips ? `https://ecr-fips.${region}.${domain}` : `https://api.ecr.${region}.${domain}`,
  };
}

export function isArtifactRegistry(origin: string): boolean {
  return ARTIFACT_REGISTRY.test(origin);
}

/** Where tokens for this registry are made, when that is another host. */
export function tokenOriginOf(origin: string): string | null {
  if (Object.hasOwn(DOCUMENTED, origin)) return DOCUMENTED[origin] ?? null;
  return ecrHostOf(origin)?.api ?? (isArtifactRegistry(origin) ? GOOGLE_TOKENS : null);
}

export const GOOGLE_TOKEN_URL = `${GOOGLE_TOKENS}/token`;

/** What to paste and what ends, vendor by vendor. */
const FORMS: readonly CredentialForm[] = [
  {
    id: 'docker-hub',
    label: 'Docker Hub',
    origin: DOCKER_HUB,
    username: {
      label: 'Docker ID',
      hint: 'Of the account, or the name of the organisation for its own token.',
      fixed: null,
    },
    secret: {
      label: 'Personal access token',
      hint: 'Account settings → Personal access tokens, with “Read-only”. The password itself works too, but not with two-factor sign-in.',
    },
    tokenService: false,
    ends: 'It ends on the day that you chose when you made it, or never.',
  },
  {
    id: 'ghcr',
    label: 'GitHub Container Registry',
    origin: 'https://ghcr.io',
    username: { label: 'GitHub user name', hint: 'Of whoever made the token.', fixed: null },
    secret: {
      label: 'Personal access token (classic)',
      hint: 'With the scope read:packages; fine-grained tokens are not taken there. Authorise it for single sign-on where the organisation demands that.',
    },
    tokenService: false,
    ends: 'It ends on the day that you chose when you made it.',
  },
  {
    id: 'ecr',
    label: 'Amazon ECR',
    origin: null,
    hosts: ['.amazonaws.com', '.amazonaws.com.cn'],
    username: {
      label: 'Access key ID',
      hint: 'AKIA…, of an IAM user with the policy AmazonEC2ContainerRegistryReadOnly and nothing else. The region is that of the address: https://<account>.dkr.ecr.<region>.amazonaws.com.',
      fixed: null,
    },
    secret: {
      label: 'Secret access key',
      hint: 'It signs the requests for tokens of 12 hours, which are made anew by themselves, and is itself sent to nobody.',
    },
    tokenService: false,
    ends: 'It lasts until somebody deletes the key or switches it off.',
  },
  {
    id: 'artifact-registry-key',
    label: 'Artifact Registry',
    origin: null,
    hosts: ['-docker.pkg.dev', 'gcr.io'],
    username: { label: 'User name', hint: 'Always _json_key.', fixed: '_json_key' },
    secret: {
      label: 'Key file',
      hint: 'The whole JSON key of a service account that is only Artifact Registry Reader. It signs the requests for tokens of an hour, which are made anew by themselves, and is itself sent to nobody. The address is https://<region>-docker.pkg.dev.',
    },
    tokenService: false,
    ends: 'It lasts until somebody deletes the key, or for as long as your organisation lets keys live.',
  },
  {
    id: 'ecr-token',
    label: 'Amazon ECR, a token made by hand',
    origin: null,
    username: { label: 'User name', hint: 'Always AWS.', fixed: 'AWS' },
    secret: {
      label: 'Authorization token',
      hint: 'What “aws ecr get-login-password” prints, or the authorizationToken of “aws ecr get-authorization-token”. The address is https://<account>.dkr.ecr.<region>.amazonaws.com.',
    },
    tokenService: false,
    ends: 'It ends 12 hours after it was made, and has to be pasted anew. For longer, take an access key.',
  },
  {
    id: 'artifact-registry',
    label: 'Artifact Registry, a token made by hand',
    origin: null,
    username: { label: 'User name', hint: 'Always oauth2accesstoken.', fixed: 'oauth2accesstoken' },
    secret: {
      label: 'OAuth access token',
      hint: 'What “gcloud auth print-access-token” prints for an account with Artifact Registry Reader. The address is https://<region>-docker.pkg.dev.',
    },
    tokenService: false,
    ends: 'It ends an hour after it was made. For longer, take the service account key.',
  },
  {
    id: 'other',
    label: 'Another registry',
    origin: null,
    username: { label: 'User name', hint: 'Or the name of the robot account or deploy token.', fixed: null },
    secret: { label: 'Password or token', hint: 'One that can only pull is enough.' },
    tokenService: true,
    ends: 'How long it lasts is up to that registry.',
  },
];

/** Any registry with the HTTP API of the distribution specification. Data only: this file also goes to the browser. */
export const manifest: Manifest<RegistryCapability> = {
  id: 'oci-registry',
  label: 'Container registry',
  docsUrl: 'https://github.com/opencontainers/distribution-spec/blob/main/spec.md',
  defaultOrigin: DOCKER_HUB,
  credentialKinds: ['basic'],
  ownServer: {},
  credentialForms: FORMS,
  tokenOriginOf,
  // Each registry keeps its blobs elsewhere. They get no credential, and count only with the digest that was asked for.
  downloadHosts: ['*'],
  targetConfig,
  capabilities: { images: { digests: 'sha256' } },
};
