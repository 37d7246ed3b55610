import type { State } from './state';

const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';

export function serviceView(state: State): Record<string, unknown> {
  const { name, service, etag, generation, template, latestReady, latestCreated, reconciling } = state;
  const failed = latestReady !== latestCreated && !reconciling;
  return {
    ...{ name, uid: `uid-${service}`, generation: String(generation), etag, reconciling },
    ingress: 'INGRESS_TRAFFIC_ALL',
    template: { ...template, serviceAccount: 'runtime@acme-prod.iam.gserviceaccount.com', timeout: '300s' },
    traffic: [{ type: LATEST, percent: 100 }],
    trafficStatuses: [{ type: LATEST, percent: 100 }],
    latestReadyRevision: latestReady,
    latestCreatedRevision: latestCreated,
    terminalCondition: {
      type: 'Ready',
      state: reconciling ? 'CONDITION_RECONCILING' : failed ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED',
    },
    uri: `https://${service}-abc-ey.a.run.app`,
  };
}
