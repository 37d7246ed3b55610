import { serverCommand } from '../backend/server-command';
import { type Blueprint, inside } from '../blueprint';
import type { BackendSettings } from '../settings';

/** App Engine, standard environment. */
export const appYaml: Blueprint<BackendSettings> = {
  id: 'app-yaml',
  version: 2,
  kind: 'backend',
  applies: ({ platform }) => platform.type === 'app-engine',
  render: (settings) => [
    { path: inside(settings, 'app.yaml'), text: text(settings) },
    { path: inside(settings, '.gcloudignore'), text: IGNORED },
  ],
};

const IGNORED = `.git
.github
.venv
.env
.env.*
*.pem
gha-creds-*.json
__pycache__/
*.pyc
tests/
Dockerfile
`;

function text(settings: BackendSettings): string {
  const { pythonVersion, workers, replicas, config } = settings;
  const rows = Object.entries(config).map(([key, value]) => `  ${key}: '${value}'`);
  // Each worker has the whole application in memory; the class follows their number.
  const instance = workers > 2 ? 'F4' : 'F2';
  return `runtime: python${pythonVersion.replace('.', '')}
instance_class: ${instance}
entrypoint: ${serverCommand(settings, '$PORT', String(workers)).join(' ')}

inbound_services:
  - warmup

automatic_scaling:
  min_instances: ${Math.min(replicas.min, 1)}
  max_instances: ${replicas.max}
  target_cpu_utilization: 0.65
${rows.length > 0 ? `\nenv_variables:\n${rows.join('\n')}\n` : ''}
handlers:
  - url: /.*
    script: auto
    secure: always
`;
}
