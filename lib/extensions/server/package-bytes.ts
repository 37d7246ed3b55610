import { createHash } from 'node:crypto';
import type { ServiceContext } from '@/lib/auth/context';
import { ServiceError } from '@/lib/kernel/errors';

/** The whole package, in memory, checked by its digest. Throws `ServiceError` `package_gone` and `package_damaged`. */
export async function packageBytes(
  { blobs }: Pick<ServiceContext, 'blobs'>,
  packageId: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const found = await blobs?.open(packageId);
  if (!found)
    throw new ServiceError(
      'precondition',
      'package_gone',
      'The package is not kept any more. Upload it once more, or fetch it from its run.',
    );
  const bytes = new Uint8Array(found.size);
  let at = 0;
  for await (const chunk of found.stream) {
    const piece = chunk as Buffer;
    if (at + piece.byteLength <= bytes.byteLength) bytes.set(piece, at);
    at += piece.byteLength;
  }
  if (at === found.size && createHash('sha256').update(bytes).digest('hex') === packageId) return bytes;
  const sentence =
    'What is kept under this package’s digest is not the package. Look at the disk, and upload it once more.';
  throw new ServiceError('unavailable', 'package_damaged', sentence);
}
