import { ProviderError } from '../port';
import { DOCKER_HUB, targetConfig } from './manifest';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Refuses anything that could shape an address before it is one. */
export function checkedRepository(repository: string): string {
  if (targetConfig.shape.repository.safeParse(repository).success) return repository;
  const sentence =
    'Write the image repository as the registry has it, without its host and without a tag: acme/backend.';
  throw new ProviderError('rejected', 'bad_repository', sentence);
}

export function isDigest(reference: string): boolean {
  return DIGEST.test(reference);
}

/** A tag or a `sha256:` digest, as it stands in an address. */
export function checkedReference(reference: string): string {
  if (DIGEST.test(reference) || TAG.test(reference)) return reference;
  throw new ProviderError(
    'rejected',
    'bad_reference',
    'This is neither a tag nor a sha256 digest. Choose an image from the list.',
  );
}

/** A name that a registry lists but that no request could hold is left out. */
export function isTag(name: string): boolean {
  return TAG.test(name);
}

/** What a runtime pulls. Docker Hub answers at one host and is written as another. */
export function pinnedName(origin: string, repository: string, digest: string): string {
  const host = new URL(origin).origin === DOCKER_HUB ? 'docker.io' : new URL(origin).host;
  return `${host}/${checkedRepository(repository)}@${digest}`;
}
