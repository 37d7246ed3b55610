/** What a run carries so that it can be found again: the same for the same deployment and attempt, whatever was lost since. */
export function markerOf(deploymentId: string, attempt: number): string {
  return `aether-${deploymentId.replace(/^dep_/, '')}-${attempt}`;
}

/** The deployment and attempt that a marker names; null for a text that is none of ours. */
export function readMarker(text: string | null): { deploymentId: string; attempt: number } | null {
  const [, id, attempt] = /^aether-([A-Za-z0-9]{1,60})-(\d{1,4})$/.exec(text ?? '') ?? [];
  return id && attempt ? { deploymentId: `dep_${id}`, attempt: Number(attempt) } : null;
}
