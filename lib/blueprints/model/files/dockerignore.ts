import { type Blueprint, inside } from '../blueprint';
import type { BackendSettings } from '../settings';

/** What never belongs in an image: secrets, history, caches and tests. */
export const dockerignore: Blueprint<BackendSettings> = {
  id: 'dockerignore',
  version: 2,
  kind: 'backend',
  applies: ({ registry }) => registry.type !== 'none',
  render: (settings) => [{ path: inside(settings, '.dockerignore'), text: TEXT }],
};

const TEXT = `.git
.github
.venv
venv
**/.env
**/.env.*
**/*.pem
**/gha-creds-*.json
**/__pycache__
**/*.pyc
.pytest_cache
.mypy_cache
.ruff_cache
.coverage
htmlcov
tests
kubernetes
Dockerfile
compose.yaml
`;
