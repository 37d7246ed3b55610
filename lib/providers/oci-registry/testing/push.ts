// Builds images and pushes them over the registry's HTTP API, as a builder does.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export const OCI = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;
export const DOCKER = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;
type Types = typeof OCI | typeof DOCKER;

export interface Pusher {
  origin: string;
  /** The header that lets it push; null where nothing is asked for. */
  authorization: string | null;
  fetch?: typeof globalThis.fetch;
}

export interface Built {
  digest: string;
  size: number;
  mediaType: string;
}

export interface BuildOptions {
  repository: string;
  platform?: string;
  labels?: Record<string, string>;
  created?: string;
  /** Text of the one file in its one layer: another text is another image. */
  content?: string;
  types?: Types;
  annotations?: Record<string, string>;
}

const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A tar archive (ustar) with one file. */
function tar(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(512);
  const put = (text: string, at: number) => head.write(text, at, 'ascii');
  put(name, 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  put('00000000000\0', 136);
  put('        0', 148);
  put('ustar\0', 257);
  put('00', 263);
  const sum = head.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, body, Buffer.alloc((512 - (body.length % 512)) % 512), Buffer.alloc(1024)]);
}

async function send(to: Pusher, method: string, url: string, init: { body?: Buffer; type?: string } = {}) {
  const headers = new Headers(init.type ? { 'content-type': init.type } : {});
  if (to.authorization) headers.set('authorization', to.authorization);
  const body = init.body ? { body: new Uint8Array(init.body) } : {};
  const answer = await (to.fetch ?? fetch)(url, { method, headers, ...body });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#post-then-put */
export async function pushBlob(to: Pusher, repository: string, bytes: Buffer): Promise<string> {
  const begun = await send(to, 'POST', `${to.origin}/v2/${repository}/blobs/uploads/`);
  const place = new URL(begun.headers.get('location') ?? '', to.origin);
  place.searchParams.set('digest', sha256(bytes));
  await send(to, 'PUT', `${to.origin}${place.pathname}${place.search}`, {
    body: bytes,
    type: 'application/octet-stream',
  });
  return sha256(bytes);
}

/** Puts a manifest or an index under a tag, or under its digest alone. */
export async function putManifest(
  to: Pusher,
  repository: string,
  value: { mediaType: string },
  tag?: string,
): Promise<Built> {
  const body = Buffer.from(JSON.stringify(value));
  const digest = sha256(body);
  await send(to, 'PUT', `${to.origin}/v2/${repository}/manifests/${tag ?? digest}`, { body, type: value.mediaType });
  return { digest, size: body.length, mediaType: value.mediaType };
}

export async function deleteManifest(to: Pusher, repository: string, digest: string): Promise<void> {
  await send(to, 'DELETE', `${to.origin}/v2/${repository}/manifests/${digest}`);
}

/** One image for one platform. `tag` is put on it. */
export async function pushImage(to: Pusher, options: BuildOptions, tag?: string): Promise<Built> {
  const { repository, platform = 'linux/amd64', labels = {}, types = OCI, content = 'hello' } = options;
  const [os, architecture, variant] = platform.split('/');
  const archive = tar('app/hello.txt', Buffer.from(`${content}\n`));
  const layer = gzipSync(archive);
  const config = Buffer.from(
    JSON.stringify({
      created: options.created ?? '2026-11-20T08:00:00Z',
      os,
      architecture,
      ...(variant ? { variant } : {}),
      config: { Labels: labels, Cmd: ['/bin/true'] },
      rootfs: { type: 'layers', diff_ids: [sha256(archive)] },
    }),
  );
  const [layerDigest, configDigest] = [await pushBlob(to, repository, layer), await pushBlob(to, repository, config)];
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: types.config, digest: configDigest, size: config.length },
    layers: [{ mediaType: types.layer, digest: layerDigest, size: layer.length }],
    ...(options.annotations ? { annotations: options.annotations } : {}),
  };
  return putManifest(to, repository, manifest, tag);
}

/** What a builder attests about `image`: a manifest that does not run. */
export async function pushAttestation(to: Pusher, repository: string, image: Built) {
  const statement = Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v0.1', subject: image.digest }));
  const config = Buffer.from(
    '{"architecture":"unknown","os":"unknown","config":{},"rootfs":{"type":"layers","diff_ids":[]}}',
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI.manifest,
    config: { mediaType: OCI.config, digest: await pushBlob(to, repository, config), size: config.length },
    layers: [
      {
        mediaType: 'application/vnd.in-toto+json',
        digest: await pushBlob(to, repository, statement),
        size: statement.length,
      },
    ],
  };
  return {
    ...(await putManifest(to, repository, manifest)),
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: {
      'vnd.docker.reference.digest': image.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
  };
}

/** An index over images for several platforms, with their attestations, as a builder pushes it. */
export async function pushIndex(
  to: Pusher,
  options: BuildOptions & { platforms: string[]; attested?: boolean },
  tag?: string,
): Promise<Built> {
  const { repository, platforms, types = OCI } = options;
  const manifests: object[] = [];
  for (const name of platforms) {
    const image = await pushImage(to, { ...options, platform: name });
    const [os, architecture, variant] = name.split('/');
    manifests.push({ ...image, platform: { os, architecture, ...(variant ? { variant } : {}) } });
    if (options.attested) manifests.push(await pushAttestation(to, repository, image));
  }
  return putManifest(to, repository, { schemaVersion: 2, mediaType: types.index, manifests } as never, tag);
}
