/** The example team's estate: what the sandbox shows before anybody has set anything up. */

import type { Probe } from '@/lib/targets/model/probe';

const REPOSITORY = 'aetherstack/aetherstack';

export interface SeedComponent {
  slug: string;
  name: string;
  kind: 'backend' | 'extension' | 'dashboard' | 'docs';
  description: string;
  paths: string[];
  workflow: string;
  /** How a web dashboard is built to begin with. */
  rendering?: 'ssr';
  /** Environment → inputs that the target fixes; an environment that is absent has no target. */
  targets: Record<string, Record<string, string | boolean>>;
}

export const seedEnvironments = [
  { slug: 'production', name: 'Production', isProduction: true, position: 0 },
  { slug: 'staging', name: 'Staging', isProduction: false, position: 1 },
  { slug: 'preview', name: 'Preview', isProduction: false, position: 2 },
];

export const seedComponents: SeedComponent[] = [
  {
    slug: 'backend',
    name: 'Backend',
    kind: 'backend',
    description: 'FastAPI service, published as a container image.',
    paths: ['backend'],
    workflow: 'backend-deploy.yml',
    targets: { production: { environment: 'production' }, staging: { environment: 'staging' } },
  },
  {
    slug: 'extension',
    name: 'Extension',
    kind: 'extension',
    description: 'VS Code extension, published as a .vsix to both galleries.',
    paths: ['extension'],
    workflow: 'extension-publish.yml',
    targets: { production: { channel: 'stable' }, staging: { channel: 'pre-release' } },
  },
  {
    slug: 'dashboard',
    name: 'Dashboard',
    kind: 'dashboard',
    description: 'Web dashboard, rendered by a server or exported as files.',
    paths: ['dashboard'],
    workflow: 'dashboard-deploy.yml',
    rendering: 'ssr',
    targets: {
      production: { environment: 'production' },
      staging: { environment: 'staging' },
      preview: { environment: 'preview' },
    },
  },
  {
    slug: 'docs',
    name: 'Docs',
    kind: 'docs',
    description: 'MkDocs site with one version per release.',
    paths: ['docs'],
    workflow: 'docs-deploy.yml',
    targets: { production: { version: 'latest', set_default: true }, staging: { version: 'next' } },
  },
];

/** Where the example team's things say which version they are; the sandbox answers for it. */
const SERVICES = 'https://services.aetherstack.example';

export function seedProbe(component: SeedComponent, environment: string): Probe {
  return { url: `${SERVICES}/${environment}/${component.slug}/version`, field: 'sha', says: 'sha', withinMinutes: 10 };
}

/** The settings of one target, as its provider's `targetConfig` wants them. */
export function seedConfig(component: SeedComponent, environment: string): Record<string, unknown> {
  return {
    repository: REPOSITORY,
    workflow: component.workflow,
    defaultRef: 'main',
    inputs: component.targets[environment] ?? {},
  };
}
