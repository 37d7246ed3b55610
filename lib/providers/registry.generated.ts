// Written by `npm run gen` from the folders of lib/providers. Do not edit.
import 'server-only';
import { provider as github } from './github/adapter';
import { provider as netlify } from './netlify/adapter';
import { provider as ociRegistry } from './oci-registry/adapter';
import { provider as selfHost } from './self-host/adapter';
import { provider as vercel } from './vercel/adapter';
import type { AnyProvider } from './port';

/** Every provider as code. Server only. */
export const providers: Readonly<Record<string, AnyProvider>> = {
  github,
  netlify,
  'oci-registry': ociRegistry,
  'self-host': selfHost,
  vercel,
};
