import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '@/lib/kernel/secret';
import type { ProviderContext } from '../port';
import { readImage } from './image';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

interface Kept {
  type: string;
  text: string;
}
const digestOf = ({ text }: Kept) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const kept = (type: string, document: object): Kept => ({ type, text: JSON.stringify(document) });
const pointer = (to: Kept, mediaType = to.type) => ({ mediaType, digest: digestOf(to), size: to.text.length });
const configFor = (platform: object, type = CONFIG) => kept(type, platform);
const manifestFor = (config: Kept, more: object = {}) =>
  kept(MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config: pointer(config), layers: [], ...more });
const indexOf = (manifest: Kept, platform: object, more: object = {}) =>
  kept(INDEX, { schemaVersion: 2, mediaType: INDEX, manifests: [{ ...pointer(manifest), platform }], ...more });

let serial = 0;
/** Reads the last of them from a registry that keeps them all. */
function read(...all: Kept[]) {
  const answers = new Map(all.map((each) => [digestOf(each), each]));
  const fetch: typeof globalThis.fetch = async (input) => {
    const found = answers.get(new URL(new Request(input).url).pathname.split('/').at(-1) ?? '');
    return found
      ? new Response(found.text, { headers: { 'content-type': found.type } })
      : new Response('', { status: 404 });
  };
  const credential = { kind: 'basic', username: 'u', password: new Secret('p'), tokenOrigin: null } as const;
  const c: ProviderContext = {
    connectionId: `con_image_${++serial}`,
    origin: 'https://r.example',
    credential,
    fetch,
    now: () => 0,
  };
  const last = all.at(-1);
  return readImage(c, 'acme/api', last ? digestOf(last) : '', 'linux/amd64');
}

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };

describe('an index', () => {
  it('is believed where the image in it says the same of its platform', async () => {
    const config = configFor(amd64);
    const manifest = manifestFor(config);
    const image = await read(config, manifest, indexOf(manifest, amd64));
    expect(image).toMatchObject({ kind: 'index', platforms: [{ ...amd64, sizeBytes: expect.any(Number) }] });
  });

  it.each([
    ['another architecture', arm64],
    ['another system', { os: 'windows', architecture: 'amd64' }],
    ['no platform', {}],
  ])('is refused where the image in it has %s', async (_, platform) => {
    const config = configFor(platform);
    const manifest = manifestFor(config);
    const reading = read(config, manifest, indexOf(manifest, amd64));
    await expect(reading).rejects.toMatchObject({
      kind: 'protocol',
      code: 'platform_differs',
      message: expect.stringContaining('linux/amd64'),
    });
  });

  it('makes no image of what is none, whatever platform it gives it', async () => {
    const config = configFor(amd64, 'application/vnd.cncf.helm.config.v1+json');
    const manifest = manifestFor(config);
    expect(await read(config, manifest, indexOf(manifest, amd64))).toMatchObject({ kind: 'other', platforms: [] });
  });
});

describe('a document that can be read in two ways is refused (CVE-2021-41190)', () => {
  const config = configFor(amd64);
  const manifest = manifestFor(config);
  const both = indexOf(manifest, amd64, { layers: [], config: pointer(config) });
  it.each<[string, Kept[]]>([
    ['an index with layers', [config, manifest, both]],
    ['the same, said to be a manifest', [config, manifest, { ...both, type: MANIFEST }]],
    ['an index that calls itself a manifest', [config, manifest, indexOf(manifest, amd64, { mediaType: MANIFEST })]],
    ['a manifest that calls itself an index', [config, manifestFor(config, { mediaType: INDEX })]],
    ['a media type that is no text', [config, manifestFor(config, { mediaType: 7 })]],
  ])('%s', async (_, all) => {
    await expect(read(...all)).rejects.toMatchObject({ kind: 'protocol', code: 'ambiguous_manifest' });
  });

  it('one without a media type of its own is what the registry says', async () => {
    expect(await read(config, manifestFor(config, { mediaType: undefined }))).toMatchObject({
      kind: 'image',
      platforms: [amd64],
    });
  });
});
