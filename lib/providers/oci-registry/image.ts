import { createHash } from 'node:crypto';
import type { ZodType } from 'zod';
import { type Image, type ImagePlatform, type ProviderContext, ProviderError, platformName } from '../port';
import { hostOf, read } from './client';
import { notUnderstood } from './errors';
import { downloadSize, INDEX_TYPES, isImageConfig, MANIFEST_TYPES, platformsOf, preferred, saidBy } from './map';
import { checkedReference, checkedRepository, isDigest, pinnedName } from './names';
import {
  type Config,
  configSchema,
  type ImageManifest,
  indexSchema,
  manifestSchema,
  type Shape,
  shapeSchema,
} from './schema';
import { sessionOf } from './session';

/** All of them each time: asked without the right one, a registry says that the image is not there. */
const ACCEPT = [...INDEX_TYPES, ...MANIFEST_TYPES].join(', ');
/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests asks registries for 4 MiB. */
const MAX_BYTES = 4 * 1_048_576;
const MAX_KEPT = 500;

/** A HEAD: what a tag leads to, or that a digest is there. It is not counted as a pull. */
export async function digestOf(c: ProviderContext, repository: string, reference: string): Promise<string> {
  const about = { repository: checkedRepository(repository), reference: checkedReference(reference) };
  const path = `/v2/${about.repository}/manifests/${about.reference}`;
  const answer = await read(c, { method: 'HEAD', path, accept: ACCEPT, about });
  const said = answer.headers.get('docker-content-digest') ?? '';
  if (isDigest(reference)) {
    if (said !== '' && said !== reference) throw otherContent(c);
    return reference;
  }
  // The header is only recommended; without it, the content itself says.
  return isDigest(said) ? said : (await readDocument(c, about.repository, reference)).digest;
}

/** What a digest stands for. It never changes, so each is read once and remembered as long as the credential stays. */
export function readImage(
  c: ProviderContext,
  repository: string,
  digest: string,
  platform: string | null,
): Promise<Image> {
  const { images } = sessionOf(c);
  const key = `${checkedRepository(repository)}@${checkedReference(digest)} ${platform ?? ''}`;
  const known = images.get(key);
  if (known) return known;
  const reading = assemble(c, repository, digest, platform);
  images.set(key, reading);
  const oldest = images.size > MAX_KEPT ? images.keys().next().value : undefined;
  if (oldest !== undefined) images.delete(oldest);
  return reading.catch((error: unknown) => {
    images.delete(key);
    throw error;
  });
}

async function assemble(
  c: ProviderContext,
  repository: string,
  reference: string,
  wanted: string | null,
): Promise<Image> {
  const document = await readDocument(c, repository, reference);
  const { digest } = document;
  const base = { repository, digest, reference: pinnedName(c.origin, repository, digest), attestations: 0 };
  if (!INDEX_TYPES.includes(document.type)) return { ...base, ...(await single(c, repository, document, digest)) };
  const index = parsed(c, document.text, indexSchema, 'image index');
  const { platforms, attestations } = platformsOf(index);
  const chosen = preferred(platforms, wanted);
  const inner = chosen && isDigest(chosen.digest) ? await readDocument(c, repository, chosen.digest) : null;
  if (!chosen || !inner || !MANIFEST_TYPES.includes(inner.type)) {
    const kind = platforms.length > 0 ? 'index' : 'other';
    return { ...base, kind, platforms, attestations, ...saidBy(null, index.annotations) };
  }
  const manifest = parsed(c, inner.text, manifestSchema, 'image manifest');
  const config = await readConfig(c, repository, manifest);
  if (config) requireSame(c, chosen, config);
  const run = config ? platforms : platforms.filter((each) => each !== chosen);
  const sized = run.map((each) =>
    each.digest === chosen.digest ? { ...each, sizeBytes: downloadSize(manifest) } : each,
  );
  const said = saidBy(config, manifest.annotations, index.annotations);
  return { ...base, kind: run.length > 0 ? 'index' : 'other', platforms: sized, attestations, ...said };
}

/** An index only repeats what an image is for; a runtime believes it, and then the program does not start. */
function requireSame(c: ProviderContext, said: ImagePlatform, is: Config): void {
  if (said.os === is.os && said.architecture === is.architecture) return;
  const inside = `${is.os ?? 'unknown'}/${is.architecture ?? 'unknown'}`;
  const sentence = `The index at ${hostOf(c)} names an image for ${platformName({ ...said, variant: null })}, and the image itself is for ${inside}. Build and push it anew.`;
  throw new ProviderError('protocol', 'platform_differs', sentence);
}

async function single(c: ProviderContext, repository: string, document: Document, digest: string) {
  if (!MANIFEST_TYPES.includes(document.type)) throw tooOld(c);
  const manifest = parsed(c, document.text, manifestSchema, 'image manifest');
  const config = await readConfig(c, repository, manifest);
  const said = saidBy(config, manifest.annotations);
  if (!config) return { kind: 'other' as const, platforms: [], ...said };
  const { os, architecture, variant } = config;
  const platform = { os: os ?? 'unknown', architecture: architecture ?? 'unknown', variant: variant || null };
  return { kind: 'image' as const, platforms: [{ ...platform, digest, sizeBytes: downloadSize(manifest) }], ...said };
}

async function readConfig(c: ProviderContext, repository: string, manifest: ImageManifest): Promise<Config | null> {
  const { digest, size } = manifest.config;
  if (!isImageConfig(manifest) || !isDigest(digest) || size > MAX_BYTES) return null;
  const about = { repository, reference: digest };
  const answer = await read(c, { path: `/v2/${repository}/blobs/${digest}`, accept: '*/*', about });
  const bytes = await whole(c, answer);
  if (sha256(bytes) !== digest) throw otherContent(c);
  return parsed(c, new TextDecoder().decode(bytes), configSchema, 'image configuration');
}

interface Document {
  digest: string;
  /** Media type. */
  type: string;
  text: string;
}

/** A manifest or an index; its digest is that of the bytes that came, whatever a header says. */
async function readDocument(c: ProviderContext, repository: string, reference: string): Promise<Document> {
  const about = { repository, reference };
  const answer = await read(c, { path: `/v2/${repository}/manifests/${reference}`, accept: ACCEPT, about });
  const bytes = await whole(c, answer);
  const digest = sha256(bytes);
  if (isDigest(reference) && digest !== reference) throw otherContent(c);
  const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  const text = new TextDecoder().decode(bytes);
  requireOneMeaning(c, type, parsed(c, text, shapeSchema, 'manifest'));
  return { digest, type, text };
}

/** What another program would read as something else has no digest that can be trusted: CVE-2021-41190. */
function requireOneMeaning(c: ProviderContext, type: string, shape: Shape): void {
  const named = shape.mediaType === undefined || shape.mediaType === type;
  if (named && (shape.manifests === undefined || shape.layers === undefined)) return;
  const sentence = `${hostOf(c)} sent a manifest that can be read in two ways, so it is not used. Build and push the image anew.`;
  throw new ProviderError('protocol', 'ambiguous_manifest', sentence);
}

async function whole(c: ProviderContext, answer: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.byteLength > MAX_BYTES) throw notUnderstood(hostOf(c), 'manifest within 4 MiB');
  return bytes;
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function parsed<T>(c: ProviderContext, text: string, schema: ZodType<T>, what: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw notUnderstood(hostOf(c), what);
  }
}

function otherContent(c: ProviderContext): ProviderError {
  const sentence = `${hostOf(c)} sent something else than the digest stands for, so it is not used. Try again; if it stays so, tell whoever runs the registry.`;
  return new ProviderError('protocol', 'wrong_digest', sentence);
}

function tooOld(c: ProviderContext): ProviderError {
  const sentence = `${hostOf(c)} keeps this image in a form that is no longer in use. Build and push it anew.`;
  return new ProviderError('rejected', 'old_manifest', sentence);
}
