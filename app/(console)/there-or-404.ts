import 'server-only';
import { notFound } from 'next/navigation';
import { addressQuery } from '@/lib/addresses/queries';
import { ServiceError } from '@/lib/kernel/errors';

/**
 * For the layout of a page about one thing, which stands outside the skeleton: there the answer can still be 404. Above
 * such a layout no `loading` file may stand. What else is wrong (signed out, not permitted) the page itself says.
 */
export async function thereOr404(kind: Parameters<typeof addressQuery>[0]['kind'], id: string): Promise<void> {
  try {
    await addressQuery({ kind, id });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.kind === 'notFound' || error.kind === 'invalid') notFound();
  }
}
