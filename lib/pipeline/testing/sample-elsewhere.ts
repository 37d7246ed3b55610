import type { Sample } from './sample-inputs';

const elsewhere = (connectionId: string) => ({
  connectionId,
  repository: 'acme/elsewhere',
  tag: 'v1.0.0',
  sha: 'a'.repeat(40),
});

/** What the rendering domain takes; kept here because the other file is full. */
const RENDERING_SAMPLES: Record<string, Sample> = {
  'rendering.switch': ({ targetId }) => ({
    ...{ targetId, mode: 'ssg', preflight: '0'.repeat(64) },
    idempotencyKey: 'sample-key-0001',
  }),
};

/** How a host serves what it has built; kept here because the other file is full. */
const HOSTING_SAMPLES: Record<string, Sample> = {
  'deployment.promote': ({ targetId, olderId }) => ({
    ...{ targetId, fromDeploymentId: olderId },
    idempotencyKey: 'sample-key-0001',
  }),
  'deployment.screenshot': ({ waitingId }) => ({ deploymentId: waitingId }),
  'deployment.serve-held': ({ waitingId }) => ({ deploymentId: waitingId }),
  'target.hosting': ({ targetId }) => ({ targetId }),
  'target.promotion': ({ targetId }) => ({ targetId }),
};

/** Of a repository that no target names: who may ask is decided before that is found out. */
export const ELSEWHERE_SAMPLES: Record<string, Sample> = {
  ...RENDERING_SAMPLES,
  ...HOSTING_SAMPLES,
  'component.set-site': (_, { component }) => ({
    slug: component.slug,
    repository: 'acme/elsewhere',
    wanted: { buildType: 'workflow' },
    shown: 'a'.repeat(64),
  }),
  'component.set-up': (_, { component, connectionId }) => ({
    slug: component.slug,
    connectionId,
    repository: 'acme/elsewhere',
    settings: '{}',
    shown: '0'.repeat(64),
    paths: ['Dockerfile'],
  }),
  'console.metrics': () => ({}),
  'delivery.classify': ({ liveId }) => ({ deploymentId: liveId, word: 'planned', reason: 'For this test' }),
  'delivery.dora': () => ({}),
  'delivery.health': () => ({}),
  'delivery.rows': () => ({ metric: 'frequency' }),
  'delivery.undo': ({ liveId }) => ({ deploymentId: liveId, axis: 'rework' }),
  'release.create': (_, { connectionId }) => ({ ...elsewhere(connectionId), key: 'key-12345678' }),
  'release.list': () => ({}),
  'rendering.list': () => ({}),
  'rendering.preflight': ({ targetId }) => ({ targetId, mode: 'ssg' }),
  'release.notes': (_, { connectionId }) => elsewhere(connectionId),
  'release.publish': (_, { connectionId }) => ({ connectionId, repository: 'acme/elsewhere', tag: 'v1.0.0' }),
  'release.tag': (_, { connectionId }) => ({ ...elsewhere(connectionId), message: 'One' }),
};
