import { type ProviderContext, ProviderError } from '../port';
import { call } from './client';
import { type Deployment, podsSchema } from './schema';

const MOST = 500;

/**
 * When the oldest running pod of a Deployment was made, as ISO 8601: a container reads its environment once, when it starts.
 * Null when none runs, there are more than can be looked through, or the account may not list them. One request.
 */
export async function runningSince(
  c: ProviderContext,
  { namespace, deployment }: { namespace: string; deployment: string },
  { spec }: Deployment,
): Promise<string | null> {
  const labelSelector = selectorOf(spec.selector);
  if (labelSelector === null) return null;
  try {
    const { metadata, items } = await call(
      c,
      {
        method: 'GET',
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
        query: { labelSelector, fieldSelector: 'status.phase=Running', limit: String(MOST) },
        metadataOnly: true,
        ...{ about: `pods of ${deployment} in ${namespace}`, made: null, right: '“list” on pods' },
      },
      podsSchema,
    );
    if (metadata.continue) return null;
    // One that is on its way out makes room for one that has read anew.
    const staying = items.filter((pod) => !pod.metadata.deletionTimestamp);
    const made = staying.map((pod) => Date.parse(pod.metadata.creationTimestamp)).filter((ms) => !Number.isNaN(ms));
    return made.length === 0 ? null : new Date(Math.min(...made)).toISOString();
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'missing_permission') return null;
    throw error;
  }
}

const OPERATORS: Record<string, (key: string, values: string) => string> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};

/** As a query says it; null for one that selects everything, or has an operator that is not known here. */
export function selectorOf({ matchLabels, matchExpressions }: Deployment['spec']['selector']): string | null {
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const others = (matchExpressions ?? []).map(({ key, operator, values }) =>
    Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]?.(key, (values ?? []).join(',')) : undefined,
  );
  const all = [...labels, ...others];
  return all.length === 0 || all.includes(undefined) ? null : all.join(',');
}
