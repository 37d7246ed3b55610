import { notFound } from 'next/navigation';

/** Made anew for each request: the ready-made page could not carry the nonce that its scripts need. */
export const dynamic = 'force-dynamic';

/** Every address that nobody else answers. */
export default function Missing(): never {
  notFound();
}
