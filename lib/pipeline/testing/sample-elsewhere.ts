import { sampleVsix } from '@/lib/extensions/testing/sample-vsix';
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
  'deployment.preview': ({ waitingId }) => ({ deploymentId: waitingId }),
  'deployment.serve-held': ({ waitingId }) => ({ deploymentId: waitingId }),
  'target.hosting': ({ targetId }) => ({ targetId }),
  'target.promotion': ({ targetId }) => ({ targetId }),
  'target.vitals': ({ targetId }) => ({ targetId }),
};

/** Of packages and of them at galleries; kept here because the other file is full. */
const PACKAGE_SAMPLES: Record<string, Sample> = {
  'extension.collect': ({ liveId }) => ({ deploymentId: liveId }),
  'extension.credentials': () => ({}),
  'extension.file': () => ({ packageId: 'd'.repeat(64) }),
  'extension.get': () => ({ packageId: 'd'.repeat(64) }),
  'extension.list': () => ({}),
  'extension.republish': () => ({ packageId: 'd'.repeat(64) }),
  'extension.upload': () => ({ content: sampleVsix() }),
  'extension.namespace': ({ targetId }) => ({ targetId }),
  'extension.publications': () => ({}),
  'extension.publish': ({ targetId }, { production }) => ({
    ...{ packageId: 'd'.repeat(64), targetIds: [targetId, production.targetId] },
    idempotencyKey: 'sample-key-0001',
  }),
  'extension.publish-plan': () => ({ packageId: 'd'.repeat(64) }),
  'extension.recall': ({ targetId }) => ({
    ...{ targetId, packageId: 'd'.repeat(64) },
    reason: 'For this test',
  }),
  'extension.unpublish': ({ targetId }) => ({
    ...{ targetId, packageId: 'd'.repeat(64) },
    ...{ typedName: 'acme.demo', reason: 'For this test' },
  }),
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
  ...PACKAGE_SAMPLES,
  'console.metrics': () => ({}),
  'delivery.classify': ({ liveId }) => ({ deploymentId: liveId, word: 'planned', reason: 'For this test' }),
  'delivery.dora': () => ({}),
  'delivery.health': () => ({}),
  'deployment.verdict': ({ liveId }) => ({ deploymentId: liveId }),
  'target.health': ({ targetId }) => ({ targetId }),
  'target.set-runtime': ({ targetId }) => ({ targetId, version: 1, runtime: null }),
  'target.set-health': ({ targetId }) => ({ targetId, version: 1, health: null }),
  'delivery.rows': () => ({ metric: 'frequency' }),
  'delivery.undo': ({ liveId }) => ({ deploymentId: liveId, axis: 'rework' }),
  'release.create': (_, { connectionId }) => ({ ...elsewhere(connectionId), key: 'key-12345678' }),
  'release.list': () => ({}),
  'rendering.list': () => ({}),
  'rendering.preflight': ({ targetId }) => ({ targetId, mode: 'ssg' }),
  'rendering.preflights': () => ({ slug: 'elsewhere' }),
  'release.notes': (_, { connectionId }) => elsewhere(connectionId),
  'release.publish': (_, { connectionId }) => ({ connectionId, repository: 'acme/elsewhere', tag: 'v1.0.0' }),
  'release.tag': (_, { connectionId }) => ({ ...elsewhere(connectionId), message: 'One' }),
};
