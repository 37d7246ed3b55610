// Written by `npm run gen` from the folders of lib/providers. Do not edit.
import { manifest as github } from './github/manifest';
import { manifest as netlify } from './netlify/manifest';
import { manifest as ociRegistry } from './oci-registry/manifest';
import { manifest as selfHost } from './self-host/manifest';
import { manifest as vercel } from './vercel/manifest';
import type { AnyProvider } from './port';

/** Every provider as data: what the screens are drawn from. */
export const catalog: Readonly<Record<string, AnyProvider['manifest']>> = {
  github,
  netlify,
  'oci-registry': ociRegistry,
  'self-host': selfHost,
  vercel,
};
