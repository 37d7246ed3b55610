import type { Blueprint } from './blueprint';
import { appYaml } from './files/app-yaml';
import { backendDeploy } from './files/backend-deploy';
import { buildRecord } from './files/build-record';
import { compose } from './files/compose';
import { dashboardDeploy } from './files/dashboard-deploy';
import { dockerfile } from './files/dockerfile';
import { dockerignore } from './files/dockerignore';
import { docsDeploy } from './files/docs-deploy';
import { extensionPublish } from './files/extension-publish';
import { kubernetes } from './files/kubernetes';
import { mkdocsYml } from './files/mkdocs-yml';
import { netlifyToml } from './files/netlify-toml';
import { procfile } from './files/procfile';
import { systemdUnit } from './files/systemd-unit';
import { vercelPython } from './files/vercel-python';
import type { BackendSettings, DashboardSettings, DocsSettings, ExtensionSettings } from './settings';

/** Every blueprint, by the kind of component that it is for; a file of `files/` that is missing here fails a test. */
export const BLUEPRINTS = {
  backend: [backendDeploy, dockerfile, dockerignore, compose, procfile, appYaml, vercelPython, kubernetes],
  extension: [extensionPublish],
  dashboard: [dashboardDeploy, buildRecord, netlifyToml, systemdUnit],
  docs: [docsDeploy, mkdocsYml],
} as const satisfies {
  backend: readonly Blueprint<BackendSettings>[];
  extension: readonly Blueprint<ExtensionSettings>[];
  dashboard: readonly Blueprint<DashboardSettings>[];
  docs: readonly Blueprint<DocsSettings>[];
};
