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
    username: { label: 'User name', hint: 'Always AWS.', fixed: 'AWS' },
    secret: {
      label: 'Authorization token',
      hint: 'What “aws ecr get-login-password” prints, or the authorizationToken of “aws ecr get-authorization-token”. The address is https://<account>.dkr.ecr.<region>.amazonaws.com.',
    },
    tokenService: false,
    ends: 'It ends 12 hours after it was made, and has to be pasted anew; AWS gives no longer one.',
  },
  {
    id: 'artifact-registry',
    label: 'Artifact Registry, access token',
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
    id: 'artifact-registry-key',
    label: 'Artifact Registry, service account key',
    origin: null,
    username: { label: 'User name', hint: 'Always _json_key.', fixed: '_json_key' },
    secret: {
      label: 'Key file',
      hint: 'The whole JSON key of a service account that is only Artifact Registry Reader. The address is https://<region>-docker.pkg.dev.',
    },
    tokenService: false,
    ends: 'It lasts until somebody deletes the key, so give the account nothing else.',
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
  credentialForms: FORMS,
  tokenOrigins: {
    [DOCKER_HUB]: 'https://auth.docker.io',
    'https://registry.gitlab.com': 'https://gitlab.com',
  },
  // Each registry keeps its blobs elsewhere. They get no credential, and count only with the digest that was asked for.
  downloadHosts: ['*'],
  targetConfig,
  capabilities: { images: { digests: 'sha256' } },
};
