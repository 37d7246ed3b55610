import type { Image, ImagePlatform } from '../port';
import type { Config, ImageManifest, Index } from './schema';

export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
export const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
/** Other configurations belong to charts, signatures and the like: things that do not run. */
const CONFIG_TYPES = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json'];

type Entry = Index['manifests'][number];

/** Before that, a build only says that it hides its time: reproducible ones are dated 0001, 1970 or 1980. */
const FIRST_IMAGE = Date.UTC(2000, 0);

/** What a builder says about an image, not an image; https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
export function isAttestation({ platform, annotations }: Entry): boolean {
  const marked = annotations?.['vnd.docker.reference.type'] === 'attestation-manifest';
  return marked || (platform?.os === 'unknown' && platform.architecture === 'unknown');
}

export function isImageConfig({ config }: ImageManifest): boolean {
  return CONFIG_TYPES.includes(config.mediaType);
}

/** Those that run, and how many others there are. Images without a platform are kept by no runtime apart, so neither here. */
export function platformsOf(index: Index): { platforms: ImagePlatform[]; attestations: number } {
  const runnable = index.manifests.filter((entry) => entry.platform && !isAttestation(entry));
  const platforms = runnable.map(({ platform, digest }) => ({
    os: platform?.os ?? 'unknown',
    architecture: platform?.architecture ?? 'unknown',
    variant: platform?.variant || null,
    digest,
    sizeBytes: null,
  }));
  return { platforms, attestations: index.manifests.filter(isAttestation).length };
}

/** As it is downloaded: layers once each, and the configuration. Bytes. */
export function downloadSize(manifest: ImageManifest): number {
  return manifest.layers.reduce((sum, layer) => sum + layer.size, manifest.config.size);
}

type Said = Pick<Image, 'createdAt' | 'revision' | 'source' | 'version'>;

/** Labels of the configuration go before annotations of the manifest, these before those of the index. */
export function saidBy(config: Config | null, ...annotations: (Record<string, string> | null | undefined)[]): Said {
  const places = [config?.config?.Labels, ...annotations];
  const label = (name: string) =>
    places.map((place) => place?.[`org.opencontainers.image.${name}`]).find((value) => value) ?? '';
  return {
    createdAt: timeOf(config?.created ?? '') ?? timeOf(label('created')),
    revision: /^[0-9a-f]{40}$/.test(label('revision')) ? label('revision') : null,
    source: /^https:\/\/[^\s<>"]{1,300}$/.test(label('source')) ? label('source') : null,
    version: /^[^\p{C}]{1,100}$/u.test(label('version')) ? label('version') : null,
  };
}

function timeOf(text: string): string | null {
  const time = Date.parse(text);
  return Number.isNaN(time) || time < FIRST_IMAGE ? null : new Date(time).toISOString();
}

/** The one whose size and labels are read: what is wanted where it is there, else the first. */
export function preferred(platforms: readonly ImagePlatform[], wanted: string | null): ImagePlatform | null {
  const [os, architecture, variant] = wanted?.split('/') ?? [];
  const fits = (each: ImagePlatform) =>
    each.os === os && each.architecture === architecture && (variant === undefined || each.variant === variant);
  return platforms.find(fits) ?? platforms[0] ?? null;
}
