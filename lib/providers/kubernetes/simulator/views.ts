import { DEPLOYMENT, type SimulatedStore } from './state';

const moment = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const WORDS = { configmap: 'ConfigMap', secret: 'Secret' } as const;

/** Owners of fields, one line a manager and way of writing, with the time of its last change. */
function managedFields({ owners }: SimulatedStore) {
  const lines = Map.groupBy([...owners], ([, { manager, operation }]) => `${operation} ${manager}`);
  return [...lines.values()].map((keys) => {
    const [[, { manager, operation }] = ['', { manager: '', operation: 'Update' }]] = keys;
    return {
      ...{ apiVersion: 'v1', fieldsType: 'FieldsV1', manager, operation },
      time: moment(Math.max(...keys.map(([, { at }]) => at))),
      fieldsV1: { 'f:data': Object.fromEntries([['.', {}], ...keys.map(([key]) => [`f:${key}`, {}])]) },
    };
  });
}

export function storeView(store: SimulatedStore) {
  const { kind, namespace, name, data, version, madeAt } = store;
  const wire = (text: string) => (kind === 'secret' ? Buffer.from(text, 'utf8').toString('base64') : text);
  return {
    ...{ apiVersion: 'v1', kind: WORDS[kind] },
    metadata: {
      ...{ name, namespace, uid: `${namespace}-${kind}-${name}`, resourceVersion: String(version) },
      ...{ creationTimestamp: moment(madeAt), managedFields: managedFields(store) },
    },
    data: Object.fromEntries([...data].map(([key, value]) => [key, wire(value)])),
    ...(kind === 'secret' ? { type: 'Opaque' } : {}),
  };
}

/** Reads both whole, the ConfigMap nearer, one key of a third under a name of its own, and says a port itself. */
export function deploymentView(namespace: string, madeAt: number) {
  const labels = { app: DEPLOYMENT };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: { name: DEPLOYMENT, namespace, creationTimestamp: moment(madeAt), generation: 1 },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              ...{ name: 'app', image: 'registry.aetherstack.example/backend:1' },
              env: [
                { name: 'PORT', value: '8000' },
                { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
                { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'backend-db', key: 'password' } } },
              ],
              envFrom: [{ secretRef: { name: 'backend-secrets' } }, { configMapRef: { name: 'backend-settings' } }],
            },
          ],
        },
      },
    },
  };
}

/** One that runs what the Deployment says now. */
export function replicaSetsView(namespace: string, madeAt: number, fits: boolean) {
  const { spec } = deploymentView(namespace, madeAt);
  const replicaSet = {
    metadata: {
      ...{ name: `${DEPLOYMENT}-7d4b`, namespace, creationTimestamp: moment(madeAt), labels: { app: DEPLOYMENT } },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: DEPLOYMENT,
          uid: `${namespace}-deployment`,
          controller: true,
        },
      ],
    },
    spec: { replicas: 2, ...spec },
    status: { replicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1 },
  };
  const about = { apiVersion: 'apps/v1', kind: 'ReplicaSetList', metadata: { resourceVersion: '1' } };
  return { ...about, items: fits ? [replicaSet] : [] };
}

export function podsView(namespace: string, made: readonly number[], metadataOnly: boolean) {
  const items = made.map((at, i) => ({
    ...(metadataOnly ? { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' } : {}),
    metadata: { name: `${DEPLOYMENT}-${i}`, namespace, creationTimestamp: moment(at), labels: { app: DEPLOYMENT } },
  }));
  const kind = metadataOnly ? 'PartialObjectMetadataList' : 'PodList';
  return { apiVersion: metadataOnly ? 'meta.k8s.io/v1' : 'v1', kind, metadata: { resourceVersion: '1' }, items };
}
