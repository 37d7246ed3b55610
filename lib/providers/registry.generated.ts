// Written by `npm run gen` from the folders of lib/providers. Do not edit.
import 'server-only';
import { provider as appEngine } from './app-engine/adapter';
import { provider as cloudRun } from './cloud-run/adapter';
import { provider as datadog } from './datadog/adapter';
import { provider as ecs } from './ecs/adapter';
import { provider as github } from './github/adapter';
import { provider as grafana } from './grafana/adapter';
import { provider as heroku } from './heroku/adapter';
import { provider as kubernetes } from './kubernetes/adapter';
import { provider as netlify } from './netlify/adapter';
import { provider as ociRegistry } from './oci-registry/adapter';
import { provider as openVsx } from './open-vsx/adapter';
import { provider as privateGallery } from './private-gallery/adapter';
import { provider as prometheus } from './prometheus/adapter';
import { provider as selfHost } from './self-host/adapter';
import { provider as sentry } from './sentry/adapter';
import { provider as vercel } from './vercel/adapter';
import { provider as vsMarketplace } from './vs-marketplace/adapter';
import type { AnyProvider } from './port';

/** Every provider as code. Server only. */
export const providers: Readonly<Record<string, AnyProvider>> = {
  'app-engine': appEngine,
  'cloud-run': cloudRun,
  datadog,
  ecs,
  github,
  grafana,
  heroku,
  kubernetes,
  netlify,
  'oci-registry': ociRegistry,
  'open-vsx': openVsx,
  'private-gallery': privateGallery,
  prometheus,
  'self-host': selfHost,
  sentry,
  vercel,
  'vs-marketplace': vsMarketplace,
};
