import type { AuditedResource } from './run-action';

/** For `resourceOf`: the thing of this kind whose id stands in that field of the input. */
export function resource<K extends string>(kind: string, field: K) {
  return (input: Record<K, string>): AuditedResource => ({ kind, id: input[field] });
}

/** For `resourceOf`: a thing that is not there yet, or of which there is only one. */
export function newResource(kind: string) {
  return (): AuditedResource => ({ kind, id: null });
}
