// Written by `npm run gen` from the folders of lib/providers. Do not edit.
import { manifest as appEngine } from './app-engine/manifest';
import { manifest as cloudRun } from './cloud-run/manifest';
import { manifest as datadog } from './datadog/manifest';
import { manifest as ecs } from './ecs/manifest';
import { manifest as github } from './github/manifest';
import { manifest as grafana } from './grafana/manifest';
import { manifest as heroku } from './heroku/manifest';
import { manifest as kubernetes } from './kubernetes/manifest';
import { manifest as netlify } from './netlify/manifest';
import { manifest as ociRegistry } from './oci-registry/manifest';
import { manifest as openVsx } from './open-vsx/manifest';
import { manifest as privateGallery } from './private-gallery/manifest';
import { manifest as prometheus } from './prometheus/manifest';
import { manifest as selfHost } from './self-host/manifest';
import { manifest as sentry } from './sentry/manifest';
import { manifest as vercel } from './vercel/manifest';
import { manifest as vsMarketplace } from './vs-marketplace/manifest';
import type { AnyProvider } from './port';

/** Every provider as data: what the screens are drawn from. */
export const catalog: Readonly<Record<string, AnyProvider['manifest']>> = {
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
