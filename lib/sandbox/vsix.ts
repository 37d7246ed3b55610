import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';

/** What a simulated gallery reads of a package. */
export interface ReadPackage {
  publisher: string;
  name: string;
  version: string;
  targetPlatform: string;
  prerelease: boolean;
  sha256: string;
}

const MAX_ENTRY = 1_048_576;

/** As far as a gallery in miniature needs: two files of a zip that we made ourselves. Null = this is no package. */
export function readVsix(bytes: Uint8Array): ReadPackage | null {
  const buffer = Buffer.from(bytes);
  const manifest = entry(buffer, 'extension.vsixmanifest')?.toString();
  const text = entry(buffer, 'extension/package.json')?.toString();
  if (manifest === undefined || text === undefined) return null;
  const { publisher, name, version } = JSON.parse(text) as Record<string, string>;
  if (!publisher || !name || !version) return null;
  return {
    ...{ publisher, name, version },
    targetPlatform: /TargetPlatform="([\w-]+)"/.exec(manifest)?.[1] ?? 'universal',
    prerelease: /Microsoft\.VisualStudio\.Code\.PreRelease"\s+Value="true"/.test(manifest),
    sha256: createHash('sha256').update(buffer).digest('hex'),
  };
}

/** By the central directory. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function entry(zip: Buffer, wanted: string): Buffer | null {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + 22 > zip.length) return null;
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0 && at + 46 <= zip.length; left--) {
    const [packed, nameLength] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === wanted) return content(zip, zip.readUInt32LE(at + 42), packed, zip.readUInt16LE(at + 10));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return null;
}

function content(zip: Buffer, local: number, packed: number, method: number): Buffer | null {
  if (local + 30 > zip.length) return null;
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const raw = zip.subarray(from, from + packed);
  if (method === 0) return raw;
  return method === 8 ? inflateRawSync(raw, { maxOutputLength: MAX_ENTRY }) : null;
}
