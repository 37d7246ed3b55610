import { Readable } from 'node:stream';
import type { ServiceContext } from '@/lib/auth/context';
import { requireAnywhere } from '@/lib/auth/require';
import { ServiceError } from '@/lib/kernel/errors';
import { loadPackage } from './load-package';
import { storeOf } from './read-entry';

/**
 * The package itself, byte for byte, as long as it is kept. Only what passed its inspection is handed out. Throws
 * `ServiceError` `not_passed`, `package_gone`, and `package_damaged` where the store has something of another size.
 */
export async function openPackage(ctx: ServiceContext, { packageId }: { packageId: string }) {
  requireAnywhere(ctx.actor, 'deployment.read');
  const { publisher, name, version, targetPlatform, scan, size } = await loadPackage(ctx, packageId);
  const refuse = (code: string, sentence: string) => new ServiceError('precondition', code, sentence);
  if (scan !== 'passed') throw refuse('not_passed', 'This package has not passed its inspection, so it is not kept.');
  const opened = await storeOf(ctx).open(packageId);
  if (!opened) throw refuse('package_gone', 'The package is not kept any more. Upload it once more.');
  if (opened.size !== size) {
    opened.stream.destroy();
    throw refuse('package_damaged', 'What is kept under this digest is not the package. Upload it once more.');
  }
  const platform = targetPlatform === 'universal' ? '' : `-${targetPlatform}`;
  return {
    name: `${publisher}.${name}-${version}${platform}.vsix`,
    type: 'application/octet-stream',
    body: Readable.toWeb(opened.stream) as ReadableStream<Uint8Array>,
  };
}
