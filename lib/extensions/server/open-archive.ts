import { listEntries } from './zip-directory';
import { readEnd } from './zip-end';
import { type ArchiveLimits, judgeEntries } from './zip-entries';
import { type PlacedEntry, placeEntries } from './zip-layout';
import type { ZipSource } from './zip-source';

/** Every entry of an archive that can be read in one way only, in the order of their bytes. Throws `Malformed`. */
export async function openArchive(source: ZipSource, limits?: ArchiveLimits): Promise<PlacedEntry[]> {
  const directory = await readEnd(source);
  const entries = judgeEntries(await listEntries(source, directory), limits);
  return await placeEntries(source, entries, directory);
}
