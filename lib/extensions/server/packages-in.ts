import { ServiceError } from '@/lib/kernel/errors';
import { PACKAGE_LIMITS } from '../model/limits';
import { openArchive } from './open-archive';
import { readWhole } from './zip-content';
import { bufferSource, Malformed } from './zip-source';

/** A package is packed already: one may be as large as an upload, and all of them twice that. */
const LIMITS = { entry: PACKAGE_LIMITS.upload, unpacked: 2 * PACKAGE_LIMITS.upload };

/**
 * The packages in an archive that a run has kept, one after the other; an archive that is itself one is that one. Nothing
 * else of it is unpacked. Throws `ServiceError` for an archive that could be read in two ways.
 */
export async function* packagesIn(bytes: Buffer, name: string): AsyncGenerator<Buffer> {
  const source = bufferSource(bytes);
  try {
    const entries = await openArchive(source, LIMITS);
    const isOne = /\.vsix$/i.test(name) && entries.some(({ path }) => path === 'extension.vsixmanifest');
    if (isOne) return yield bytes;
    for (const entry of entries) if (!entry.folder && /\.vsix$/i.test(entry.path)) yield await readWhole(source, entry);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new ServiceError(
      'invalid',
      error.code,
      `What the run has kept as “${name}” cannot be used. ${error.message} Keep the .vsix alone, with actions/upload-artifact.`,
    );
  }
}
