import { type ProviderContext, ProviderError, type SettingName } from '../port';
import { call } from './client';
import { selectorOf } from './running';
import { type Deployment, type ReplicaSet, replicaSetsSchema } from './schema';

const MOST = 500;

/**
 * Names that the pods which are ready began with, by the pod templates of their ReplicaSets: what a template says itself, and
 * single keys without which no container would have started. Values are dropped as the answer is parsed. Null where there
 * are more than can be looked through, or the account may not list them. One request.
 */
export async function liveNames(
  c: ProviderContext,
  { namespace, deployment, container }: { namespace: string; deployment: string; container: string },
  { spec }: Deployment,
): Promise<SettingName[] | null> {
  const labelSelector = selectorOf(spec.selector);
  if (labelSelector === null) return null;
  try {
    const { metadata, items } = await call(
      c,
      {
        method: 'GET',
        path: `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/replicasets`,
        query: { labelSelector, limit: String(MOST) },
        ...{ about: `ReplicaSets of ${deployment} in ${namespace}`, made: null, right: '“list” on replicasets (apps)' },
      },
      replicaSetsSchema,
    );
    if (metadata.continue) return null;
    const names = items.filter((each) => isLive(each, deployment)).flatMap((each) => namesIn(each, container));
    return [...new Map(names.map((each) => [`${each.kind} ${each.name}`, each])).values()];
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'missing_permission') return null;
    throw error;
  }
}

/** Labels may be shared; the owner is the Deployment's alone. */
function isLive({ metadata, status }: ReplicaSet, deployment: string): boolean {
  const owned = metadata.ownerReferences?.some(({ kind, name }) => kind === 'Deployment' && name === deployment);
  return owned === true && (status?.readyReplicas ?? 0) > 0;
}

function namesIn({ spec }: ReplicaSet, container: string): SettingName[] {
  const { env } = spec.template.spec.containers.find(({ name }) => name === container) ?? {};
  return (env ?? []).flatMap(({ name, valueFrom }): SettingName[] => {
    if (!valueFrom) return [{ kind: 'variable', name }];
    const { configMapKeyRef, secretKeyRef } = valueFrom;
    if (secretKeyRef) return secretKeyRef.optional ? [] : [{ kind: 'secret', name }];
    return configMapKeyRef && !configMapKeyRef.optional ? [{ kind: 'variable', name }] : [];
  });
}
