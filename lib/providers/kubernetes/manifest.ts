import { z } from 'zod';
import type { Manifest } from '../port';

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const name = (what: string) =>
  z.string().regex(NAME, `Write the ${what} as the cluster has it: small letters, digits, - and full stops.`);

/** What of a cluster belongs to one target. */
export const targetConfig = z.strictObject({
  namespace: z.string().regex(LABEL, 'Write the namespace as the cluster has it.').describe('Namespace'),
  deployment: name('Deployment').describe('Deployment (its name)'),
  container: z
    .string()
    .regex(LABEL, 'Write the container’s name as the Deployment has it.')
    .optional()
    .describe('Container; empty when the Deployment has one only'),
  configMapName: name('ConfigMap')
    .optional()
    .describe('ConfigMap that variables are written into; empty: they are only shown'),
  secretName: name('Secret').optional().describe('Secret that secrets are written into; empty: they are only shown'),
});

export type KubernetesTarget = z.infer<typeof targetConfig>;

/** Everything that the console asks a cluster for, and nothing else. https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
const ROLE = `# Replace shop, backend, backend-settings and backend-secrets, then: kubectl apply -f this-file.yaml
apiVersion: v1
kind: ServiceAccount
metadata: { name: aetherstack, namespace: shop }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: aetherstack, namespace: shop }
rules:
  - { apiGroups: [apps], resources: [deployments], resourceNames: [backend], verbs: [get] }
  - { apiGroups: [apps], resources: [replicasets], verbs: [list] }
  - { apiGroups: [""], resources: [pods], verbs: [list] }
  - { apiGroups: [""], resources: [configmaps], resourceNames: [backend-settings], verbs: [get, patch] }
  - { apiGroups: [""], resources: [secrets], resourceNames: [backend-secrets], verbs: [get, patch] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: aetherstack, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: aetherstack }
subjects:
  - { kind: ServiceAccount, name: aetherstack, namespace: shop }
---
# The token: kubectl create token aetherstack -n shop --duration=2160h
`;

/** Where a cluster keeps the settings of what runs in it. Data only: this file also goes to the browser. */
export const manifest: Manifest<'configuration'> = {
  id: 'kubernetes',
  label: 'Kubernetes',
  docsUrl: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
  // There is no address that fits everybody: this one never answers.
  defaultOrigin: 'https://cluster.example.com',
  credentialKinds: ['token'],
  ownServer: { authority: 'A kubeconfig has it as certificate-authority-data; paste that as it stands there.' },
  credentialHelp: {
    says: 'The address is that of the API server (kubectl cluster-info). The token is a service account’s that may do this and no more:',
    text: ROLE,
  },
  targetConfig,
  capabilities: {
    configuration: {
      kinds: {
        // An object has at most 1 MiB, all its values together: https://kubernetes.io/docs/concepts/configuration/configmap/
        secret: { readable: false, maxBytes: 1_048_576, expression: '$NAME' },
        variable: { readable: true, maxBytes: 1_048_576, expression: '$NAME' },
      },
      scopes: [
        {
          ...{ id: 'container', word: 'Deployment', shared: false, writable: false },
          instead: 'It stands in the Deployment itself and is changed where that is written.',
        },
        {
          ...{ id: 'config-map', word: 'ConfigMap', shared: false, writable: true, kinds: ['variable'] },
          instead: 'A ConfigMap can be read by everybody there. Choose the Secret.',
        },
        {
          ...{ id: 'secret', word: 'Secret', shared: false, writable: true, kinds: ['secret'] },
          instead: 'A Secret keeps secrets only. Choose the ConfigMap for a variable.',
        },
        {
          ...{ id: 'other', word: 'Further source', shared: false, writable: false },
          instead: 'The target’s runtime settings do not name it as one to write into.',
        },
      ],
      name: {
        pattern: '(?!\\.\\.|\\.$)[A-Za-z_.-][A-Za-z0-9_.-]{0,99}',
        letters: 'as-is',
        says: 'A name has letters, digits, _, - and full stops only, begins with no digit, and has at most 100 characters.',
      },
      takesEffect: 'next-start',
      alsoDoes:
        'A key that is written from here is owned by this console: leave it out of what you apply with kubectl apply --server-side, or that apply fails.',
      runtime: { says: 'The Deployment that this target runs as, and where its settings are written.' },
    },
  },
};
