import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';
import { PACKAGE_LIMITS } from '../model/limits';
import type { Blobs } from './blobs';
import { loadPackage, type PackageRow } from './load-package';
import { readWhole } from './zip-content';
import { listEntries } from './zip-directory';
import { readEnd } from './zip-end';
import { judgeEntries } from './zip-entries';
import { type PlacedEntry, placeOne } from './zip-layout';
import type { ZipSource } from './zip-source';

export interface Entry {
  bytes: Buffer;
  /** Content type that is safe to answer with: text/plain, application/json, text/xml or image/png; nothing else is read. */
  type: string;
}

const TEXT = 'text/plain; charset=utf-8';
const PAGES = /^extension\/(?:readme|changelog|license|licence)(?:\.(?:md|txt))?$/i;

/** Null for a file that is nobody's business. */
function typeOf(path: string, { manifest }: PackageRow): string | null {
  if (path === 'extension/package.json') return 'application/json; charset=utf-8';
  if (path === 'extension.vsixmanifest') return 'text/xml; charset=utf-8';
  if (PAGES.test(path)) return TEXT;
  const icon = manifest?.icon;
  return typeof icon === 'string' && path === `extension/${icon.replace(/^\.?\//, '')}` ? 'image/png' : null;
}

/**
 * One of the files that a gallery shows, out of the stored package: `extension/package.json`, README, CHANGELOG, LICENSE,
 * `extension.vsixmanifest`, and the icon, which is a PNG by inspection. `path` as in `files`; null for any other, when it is
 * not there, and for a package that did not pass. Throws `ServiceError` when the store does not answer.
 */
export async function readEntry(ctx: ServiceContext, packageId: string, path: string): Promise<Entry | null> {
  const source = await blobSource(storeOf(ctx), packageId);
  if (!source) return null;
  const shown = (await shownIn(ctx, packageId, source)).get(path);
  return shown ? { bytes: await readWhole(source, shown.entry), type: shown.type } : null;
}

interface Shown {
  entry: PlacedEntry;
  type: string;
}

type Pages = ReadonlyMap<string, Shown>;

/** Where the pages of the packages lie that were read last: a long list is read and judged once, not for each picture. */
const known = new Map<string, Promise<Pages>>();
const KNOWN = 300;

async function shownIn(ctx: ServiceContext, packageId: string, source: ZipSource): Promise<Pages> {
  const before = known.get(packageId);
  if (before) return await before;
  const reading = findShown(ctx, packageId, source);
  known.set(packageId, reading);
  const [oldest] = known.keys();
  if (known.size > KNOWN && oldest) known.delete(oldest);
  try {
    return await reading;
  } catch (error) {
    known.delete(packageId);
    throw error;
  }
}

async function findShown(ctx: ServiceContext, packageId: string, source: ZipSource): Promise<Pages> {
  const row = await loadPackage(ctx, packageId);
  const found = new Map<string, Shown>();
  if (row.scan !== 'passed') return found;
  const directory = await readEnd(source);
  for (const entry of judgeEntries(await listEntries(source, directory))) {
    const type = entry.folder || entry.size > PACKAGE_LIMITS.readme ? null : typeOf(entry.path, row);
    if (type !== null) found.set(entry.path, { entry: await placeOne(source, entry, directory), type });
  }
  return found;
}

/** Throws `ServiceError` where no packages are kept. */
export function storeOf({ blobs }: Pick<ServiceContext, 'blobs'>): Blobs {
  if (blobs) return blobs;
  throw new ServiceError(
    'unavailable',
    'no_package_store',
    'This console has no place for packages. See docs/extensions.md.',
  );
}

async function blobSource(blobs: Blobs, sha256: string): Promise<ZipSource | null> {
  const size = await blobs.size(sha256);
  if (size === null) return null;
  return {
    size,
    async read(at, length) {
      if (length === 0) return Buffer.alloc(0);
      const opened = await blobs.open(sha256, { start: at, end: at + length - 1 });
      const pieces: Buffer[] = [];
      for await (const piece of opened?.stream ?? []) pieces.push(piece as Buffer);
      const bytes = Buffer.concat(pieces);
      if (bytes.byteLength !== length)
        throw new ServiceError(
          'unavailable',
          'package_unreadable',
          'The stored package cannot be read. Upload it again.',
        );
      return bytes;
    },
  };
}
