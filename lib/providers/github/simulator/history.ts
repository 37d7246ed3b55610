import type { CiState, Person } from './types';

export const PEOPLE = [
  { id: 8_210_411, login: 'mara-lindqvist', name: 'Mara Lindqvist', email: 'mara@aetherstack.example.com' },
  { id: 11_730_925, login: 'tobiasade', name: 'Tobias Adeyemi', email: 'tobias@aetherstack.example.com' },
  { id: 23_905_188, login: 'yukihara', name: 'Yuki Hara', email: 'yuki@aetherstack.example.com' },
  { id: 40_118_602, login: 'inesroca', name: 'Inés Roca', email: 'ines@aetherstack.example.com' },
] as const satisfies readonly Person[];

export const BOT: Person = {
  id: 198_982_749,
  login: 'aetherstack-release[bot]',
  name: 'aetherstack-release[bot]',
  email: 'release@aetherstack.example.com',
};

/** Who a token without a name belongs to. */
export const OPERATOR: Person = PEOPLE[0];

export interface Line {
  message: string;
  who: number;
  paths: string[];
  ci?: CiState;
  tag?: string;
}

function line(who: number, message: string, paths: string, more: { ci?: CiState; tag?: string } = {}): Line {
  return { who, message, paths: paths.split(' '), ...more };
}

/** `main`, oldest first. */
export const MAIN: readonly Line[] = [
  line(0, 'Initial import of the monorepo', 'README.md LICENSE backend/app/main.py'),
  line(1, 'backend: health endpoint for the load balancer', 'backend/app/routers/health.py backend/app/main.py'),
  line(1, 'backend: projects API', 'backend/app/routers/projects.py backend/tests/test_api.py'),
  line(2, 'extension: command that shows what is live', 'extension/src/extension.js extension/package.json'),
  line(3, 'docs: first pages', 'docs/mkdocs.yml docs/docs/index.md docs/docs/api.md'),
  line(0, 'ci: run tests on every push', '.github/workflows/lint.yml'),
  line(
    1,
    'backend: multi-stage image, runs as a system user\n\nThe image goes from 1.1 GB to 190 MB.',
    'backend/Dockerfile backend/.dockerignore',
  ),
  line(0, 'ci: deploy the backend by hand', '.github/workflows/backend-deploy.yml', { tag: 'backend-v1.2.0' }),
  line(2, 'extension: status line with the short commit', 'extension/src/status.js extension/test/status.test.js'),
  line(2, 'ci: publish the extension', '.github/workflows/extension-publish.yml', { tag: 'extension-v0.9.0' }),
  line(3, 'dashboard: status page', 'dashboard/app/layout.jsx dashboard/app/page.jsx dashboard/next.config.mjs'),
  line(3, 'ci: deploy dashboard and docs', '.github/workflows/dashboard-deploy.yml .github/workflows/docs-deploy.yml'),
  line(1, 'backend: settings are read once at start', 'backend/app/settings.py'),
  line(1, 'backend: 404 with a sentence for unknown projects', 'backend/app/routers/projects.py', { ci: 'failure' }),
  line(1, 'backend: fix the test for unknown projects', 'backend/tests/test_api.py', { tag: 'backend-v1.3.0' }),
  line(0, 'Raise the Python version to 3.13', 'backend/Dockerfile .github/workflows/backend-deploy.yml'),
  line(2, 'extension: say clearly when the API does not answer', 'extension/src/extension.js extension/CHANGELOG.md', {
    tag: 'extension-v0.9.1',
  }),
  line(3, 'docs: how a release works', 'docs/docs/releasing.md docs/mkdocs.yml'),
  line(
    0,
    'ci: least permissions for every job',
    '.github/workflows/backend-deploy.yml .github/workflows/docs-deploy.yml',
  ),
  line(1, 'backend: sort projects by id', 'backend/app/routers/projects.py', { tag: 'v1.3.1' }),
  line(
    3,
    'dashboard: one sentence for version and environment',
    'dashboard/src/sentence.js dashboard/src/sentence.test.js',
  ),
  line(1, 'backend: proxy headers behind the load balancer', 'backend/Dockerfile', { tag: 'v1.3.2' }),
  line(2, 'extension: setting for the API address', 'extension/package.json extension/README.md'),
  line(
    0,
    'ci: pass inputs through the environment, never into scripts',
    '.github/workflows/extension-publish.yml .github/workflows/dashboard-deploy.yml',
  ),
  line(1, 'backend: health check inside the image', 'backend/Dockerfile'),
  line(3, 'docs: request limits', 'docs/docs/api.md'),
  line(1, 'backend: migrations as a one-off job', 'backend/app/migrate.py backend/scripts/migrate.sh', {
    ci: 'failure',
  }),
  line(1, 'backend: migrations leave a clear message', 'backend/app/migrate.py'),
  line(0, 'ci: canary and blue-green strategies', '.github/workflows/backend-deploy.yml backend/scripts/roll-out.sh'),
  line(2, 'extension: package without dependencies', 'extension/package.json extension/.vscodeignore', {
    tag: 'extension-v0.9.2',
  }),
  line(3, 'dashboard: give up after five seconds', 'dashboard/app/status.jsx'),
  line(1, 'backend: version and commit at /', 'backend/app/main.py backend/app/__init__.py'),
  line(1, 'Release backend 1.4.0', 'backend/app/__init__.py', { tag: 'backend-v1.4.0' }),
  line(0, 'ci: retry the health check after a roll-out', 'backend/scripts/wait-healthy.sh'),
  line(3, 'docs: link to the open-source registries', 'docs/docs/extension.md'),
  line(2, 'extension: keep the warning short', 'extension/src/extension.js'),
  line(1, 'backend: fail at start when a setting is not a number', 'backend/app/settings.py', { ci: 'failure' }),
  line(1, 'backend: default for requests per minute', 'backend/app/settings.py'),
  line(3, 'dashboard: announce the status to screen readers', 'dashboard/app/status.jsx', { tag: 'dashboard-v2.1.0' }),
  line(0, 'ci: extra image tag as an input', '.github/workflows/backend-deploy.yml'),
];

export const RATE_LIMITS: readonly Line[] = [
  line(1, 'backend: count requests per key', 'backend/app/settings.py'),
  line(1, 'backend: answer 429 with Retry-After', 'backend/app/main.py backend/tests/test_api.py', { ci: 'failure' }),
  line(1, 'backend: limits from the environment', 'backend/app/settings.py', { ci: 'pending' }),
];

export const LOGIN_LOOP: readonly Line[] = [
  line(2, 'extension: do not ask to sign in twice', 'extension/src/extension.js'),
];

export const TOO_MANY_INPUTS: readonly Line[] = [
  line(3, 'ci: one input for every setting of the backend', '.github/workflows/backend-deploy.yml'),
];

export const NO_WORKFLOW: readonly Line[] = [
  line(0, 'ci: remove the backend deployment', '.github/workflows/backend-deploy.yml'),
];

export const HANDBOOK: readonly Line[] = [
  line(3, 'Initial commit', 'README.md'),
  line(0, 'How we hand over on call', 'README.md on-call.md'),
];

export const INFRASTRUCTURE: readonly Line[] = [
  line(0, 'Initial commit', 'README.md'),
  line(1, 'Clusters for staging and production', 'clusters.yml'),
  line(1, 'Raise the node count in production', 'clusters.yml'),
];

export const CONTACT_FORM: readonly Line[] = [
  line(3, 'dashboard: a form to write to us', 'dashboard/app/contact/page.jsx dashboard/app/contact/actions.js'),
];

/** A page that posts to a server action: it can be rendered by a server, and cannot be exported. */
export const CONTACT_FILES = {
  'dashboard/app/contact/actions.js': `'use server';

/** Hands a message to the people on call. */
export async function send(form) {
  await fetch(process.env.MAILBOX_URL, { method: 'POST', body: String(form.get('message')) });
}
`,
  'dashboard/app/contact/page.jsx': `import { send } from './actions';

export default function ContactPage() {
  return (
    <form action={send}>
      <label>
        Message <textarea name="message" required />
      </label>
      <button type="submit">Send</button>
    </form>
  );
}
`,
};
