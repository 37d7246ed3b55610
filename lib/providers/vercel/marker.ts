/** The key of a deployment's metadata under which our marker stands. */
export const MARKER_KEY = 'aetherMarker';

const MARKER = /^aether-[A-Za-z0-9]+-\d+$/;

/**
 * Our marker, or null. Vercel copies the metadata of a deployment to one that people make from it there (redeploy,
 * promotion of a preview), which is not ours: those say so.
 */
export function markerOf({
  meta,
  source,
}: {
  meta: Record<string, string>;
  source?: string | null | undefined;
}): string | null {
  const marker = meta[MARKER_KEY];
  if (marker === undefined || !MARKER.test(marker)) return null;
  return source === 'redeploy' || meta.action !== undefined ? null : marker;
}
