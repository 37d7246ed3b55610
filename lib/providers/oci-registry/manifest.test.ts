import { expect, it } from 'vitest';
import { formFor } from '../port';
import { manifest, tokenOriginOf } from './manifest';

it.each([
  ['https://012345678901.dkr.ecr.eu-central-1.amazonaws.com', 'https://api.ecr.eu-central-1.amazonaws.com'],
  ['https://012345678901.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'https://ecr-fips.us-gov-west-1.amazonaws.com'],
  ['https://012345678901.dkr.ecr.cn-north-1.amazonaws.com.cn', 'https://api.ecr.cn-north-1.amazonaws.com.cn'],
  ['https://europe-west3-docker.pkg.dev', 'https://oauth2.googleapis.com'],
  ['https://us-docker.pkg.dev', 'https://oauth2.googleapis.com'],
  ['https://eu.gcr.io', 'https://oauth2.googleapis.com'],
  ['https://registry-1.docker.io', 'https://auth.docker.io'],
  ['https://012345678901.dkr.ecr.eu-central-1.amazonaws.com.evil.dev', null],
  ['https://012345678901.dkr.ecr.eu-central-1.amazonaws.com:8443', null],
  ['http://012345678901.dkr.ecr.eu-central-1.amazonaws.com', null],
  ['https://1.dkr.ecr.evil.dev/x.amazonaws.com', null],
  ['https://evil.dev-docker.pkg.dev', null],
  ['https://xgcr.io', null],
  ['https://constructor', null],
])('tokens for %s are made at %s', (origin, made) => {
  expect(tokenOriginOf(origin)).toBe(made);
});

it.each([
  ['https://012345678901.dkr.ecr.eu-central-1.amazonaws.com', 'ecr'],
  ['https://europe-west3-docker.pkg.dev', 'artifact-registry-key'],
  ['https://ghcr.io', 'ghcr'],
  ['', 'docker-hub'],
])('a credential for “%s” is asked for in the words of %s', (origin, id) => {
  expect(formFor(manifest.credentialForms ?? [], origin)?.id).toBe(id);
});

it.each([
  ['artifact-registry-key', 'https://europe-west3-docker.pkg.dev', 'artifact-registry-key'],
  ['artifact-registry-key', 'https://europe-west3-d', 'artifact-registry-key'],
  ['artifact-registry-key', 'https://ghcr.io', 'ghcr'],
  ['ghcr', 'https://012345678901.dkr.ecr.eu-central-1.amazonaws.com', 'ecr'],
  ['ecr-token', 'https://012345678901.dkr.ecr.eu-central-1.amazonaws.com', 'ecr-token'],
  ['other', 'https://ghcr.io', 'other'],
])('%s, picked by hand, is at “%s” asked for in the words of %s', (picked, origin, id) => {
  expect(formFor(manifest.credentialForms ?? [], origin, picked)?.id).toBe(id);
});
