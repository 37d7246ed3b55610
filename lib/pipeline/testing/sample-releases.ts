import type { Sample } from './sample-inputs';

const elsewhere = (connectionId: string) => ({
  connectionId,
  repository: 'acme/elsewhere',
  tag: 'v1.0.0',
  sha: 'a'.repeat(40),
});

/** Of a repository that no target names: who may ask is decided before that is found out. */
export const RELEASE_SAMPLES: Record<string, Sample> = {
  'release.create': (_, { connectionId }) => ({ ...elsewhere(connectionId), key: 'key-12345678' }),
  'release.list': () => ({}),
  'release.notes': (_, { connectionId }) => elsewhere(connectionId),
  'release.publish': (_, { connectionId }) => ({ connectionId, repository: 'acme/elsewhere', tag: 'v1.0.0' }),
  'release.tag': (_, { connectionId }) => ({ ...elsewhere(connectionId), message: 'One' }),
};
