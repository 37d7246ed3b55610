import { expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import type { ProviderContext } from '../port';
import { liveNames } from './live';
import { type Deployment, deploymentSchema } from './schema';

const PLACE = { namespace: 'shop', deployment: 'backend', container: 'app' };
const deployment: Deployment = deploymentSchema.parse({
  spec: { selector: { matchLabels: { app: 'backend' } }, template: { spec: { containers: [{ name: 'app' }] } } },
});
const owner = (name: string, kind = 'Deployment') => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid: 'u',
  controller: true,
});
const set = (env: unknown[], { by = owner('backend'), ready = 1, container = 'app' } = {}) => ({
  metadata: { ownerReferences: [by] },
  spec: { template: { spec: { containers: [{ name: container, env }] } } },
  status: { replicas: 1, readyReplicas: ready },
});
const ref = (kind: 'configMapKeyRef' | 'secretKeyRef', optional = false) => ({
  valueFrom: { [kind]: { name: 'x', key: 'y', optional } },
});
const asked: string[] = [];
const namesOf = async (items: unknown[], { status = 200, metadata = {} } = {}) => {
  const body = status === 200 ? { kind: 'ReplicaSetList', metadata, items } : { kind: 'Status', reason: 'Forbidden' };
  const c = {
    ...{ connectionId: 'con_1', origin: 'https://cluster.example.com', now: () => 0 },
    credential: { kind: 'token', token: new Secret('a-token-of-this-test-01') },
    fetch: async (input: string | URL | Request) => {
      asked.push(String(input));
      return Response.json(body, { status });
    },
  } as ProviderContext;
  const names = await liveNames(c, PLACE, deployment);
  return names?.map(({ kind, name }) => `${kind} ${name}`) ?? null;
};

it('reads what the ready pods of the Deployment began with: what a template says, and keys that it does not start without', async () => {
  const env = [
    { name: 'LEVEL', value: 'debug-of-this-test' },
    { name: 'REGION', ...ref('configMapKeyRef') },
    { name: 'TOKEN', ...ref('secretKeyRef') },
    { name: 'MAYBE', ...ref('configMapKeyRef', true) },
    { name: 'PERHAPS', ...ref('secretKeyRef', true) },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ];
  expect(await namesOf([set(env)])).toEqual(['variable LEVEL', 'variable REGION', 'secret TOKEN']);
  expect(asked.at(-1)).toContain('/apis/apps/v1/namespaces/shop/replicasets?labelSelector=app%3Dbackend');
});

it('takes former ReplicaSets along while they have ready pods, and nobody else’s', async () => {
  const level = [{ name: 'LEVEL', value: '' }];
  const old = [{ name: 'OLD', value: '' }, ...level];
  expect(await namesOf([set(level), set(old)])).toEqual(['variable LEVEL', 'variable OLD']);
  expect(await namesOf([set(level), set(old, { ready: 0 })])).toEqual(['variable LEVEL']);
  expect(await namesOf([set(old, { by: owner('other') })])).toEqual([]);
  expect(await namesOf([set(old, { by: owner('backend', 'Rollout') })])).toEqual([]);
  expect(await namesOf([set(old, { container: 'proxy' })])).toEqual([]);
});

it('nobody can say where the account may not list them, or there are too many to look through', async () => {
  expect(await namesOf([], { status: 403 })).toBeNull();
  expect(await namesOf([set([])], { metadata: { continue: 'more' } })).toBeNull();
});
