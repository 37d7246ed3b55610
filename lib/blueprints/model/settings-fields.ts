import type { BlueprintKind } from './settings';

interface FieldBase {
  /** Where it is in the settings, with dots: `replicas.max`. */
  path: string;
  kinds: readonly BlueprintKind[];
  group: 'Repository' | 'Image' | 'Application' | 'Platform' | 'Publishing' | 'Hosting' | 'Site' | 'Build';
  label: string;
  help?: string;
  /** Shown only while the other field has one of these values. */
  when?: { path: string; is: readonly string[] };
}

/** Of a choice, and of one where several may be chosen: what is kept, and how it reads. */
type Options = readonly (readonly [value: string, label: string])[];

/**
 * `fixed`: known from the component, so nobody is asked. `lines`: one entry a line. `pairs`: one `NAME=value` a line.
 * `empty`: what an empty text stands for; otherwise it is an empty text.
 */
export type SettingField = FieldBase &
  (
    | { as: 'fixed' | 'lines' | 'pairs' | 'number' | 'switch' }
    | { as: 'text'; empty?: 'null' | 'omit' }
    | { as: 'choice' | 'several'; options: Options }
  );

const same = (...values: string[]): Options => values.map((value) => [value, value] as const);

const ALL = ['backend', 'extension', 'dashboard', 'docs'] as const;
const BACKEND = ['backend'] as const;
const EXTENSION = ['extension'] as const;
const DASHBOARD = ['dashboard'] as const;
const DOCS = ['docs'] as const;
const NODE = ['extension', 'dashboard'] as const;
const PYTHON = ['backend', 'docs'] as const;

const REGISTRIES: Options = [
  ['none', 'None'],
  ['docker-hub', 'Docker Hub'],
  ['ghcr', 'GitHub Container Registry'],
  ['ecr', 'Amazon ECR'],
  ['artifact-registry', 'Google Artifact Registry'],
];
const PLATFORMS: Options = [
  ['none', 'None: only build the image'],
  ['kubernetes', 'Kubernetes'],
  ['ecs', 'Amazon ECS'],
  ['cloud-run', 'Google Cloud Run'],
  ['container-apps', 'Azure Container Apps'],
  ['heroku', 'Heroku'],
  ['app-engine', 'Google App Engine'],
  ['vercel', 'Vercel'],
];
const CLUSTERS: Options = [
  ['eks', 'Amazon EKS'],
  ['gke', 'Google GKE'],
  ['aks', 'Azure AKS'],
];
const HOSTINGS: Options = [
  ['vercel', 'Vercel'],
  ['netlify', 'Netlify'],
  ['pages', 'GitHub Pages'],
  ['self-host', 'A server of your own'],
  ['agent', 'A server of your own, by its agent'],
];
const MARKETPLACE: Options = [
  ['entra', 'With Microsoft Entra, without a secret'],
  ['oidc', 'With OpenID Connect, without a secret, where the Marketplace offers it to you'],
  ['pat', 'With a token, as a secret'],
  ['none', 'Do not publish there'],
];
const AUTOMATIC: Options = [
  ['never', 'Only when somebody deploys'],
  ['branch', 'On each push to the branch'],
  ['tag', 'On each tag that begins with v'],
];
const RENDERING: Options = [
  ['ssg', 'Static: files only'],
  ['ssr', 'Rendered by a server'],
];

const image = { path: 'registry.type', is: ['docker-hub', 'ghcr', 'ecr', 'artifact-registry'] } as const;
const ecr = { path: 'registry.type', is: ['ecr'] } as const;
const artifacts = { path: 'registry.type', is: ['artifact-registry'] } as const;
const kubernetes = { path: 'platform.type', is: ['kubernetes'] } as const;
const scaled = { path: 'platform.type', is: ['kubernetes', 'app-engine'] } as const;
const regional = { path: 'platform.type', is: ['kubernetes', 'ecs', 'cloud-run', 'app-engine', 'vercel'] } as const;
const heroku = { path: 'platform.type', is: ['heroku'] } as const;
const files = { path: 'rendering', is: ['ssg'] } as const;

/** Every setting once, in the order of the form. A new one needs its line here; a test says so. */
// biome-ignore format: one line each, to be read as a table.
export const SETTING_FIELDS: readonly SettingField[] = [
  { path: 'kind', kinds: ALL, group: 'Repository', as: 'fixed', label: 'Kind' },
  { path: 'name', kinds: ALL, group: 'Repository', as: 'fixed', label: 'Name' },
  { path: 'repository', kinds: ALL, group: 'Repository', as: 'fixed', label: 'Repository' },
  { path: 'branch', kinds: ALL, group: 'Repository', as: 'text', label: 'Branch', help: 'The one that is released from.' },
  { path: 'directory', kinds: ALL, group: 'Repository', as: 'text', label: 'Folder', help: 'Where it is in the repository, such as services/api; empty for the root.' },
  { path: 'automatic', kinds: ALL, group: 'Repository', as: 'choice', options: AUTOMATIC, label: 'Starts', help: 'By itself it goes to the first environment.' },
  { path: 'environments', kinds: ALL, group: 'Repository', as: 'lines', label: 'Environments', help: 'One a line. The first is where it goes when nobody says where.' },
  { path: 'production', kinds: ALL, group: 'Repository', as: 'text', empty: 'null', label: 'Production', help: 'The one of them that is production; left empty, Vercel and Netlify get previews only.' },
  { path: 'registry.type', kinds: BACKEND, group: 'Image', as: 'choice', options: REGISTRIES, label: 'Registry', help: 'Where the image is kept. Cloud Run takes Artifact Registry, and of Docker Hub and GitHub what is public.' },
  { path: 'registry.account', kinds: BACKEND, group: 'Image', as: 'text', when: ecr, label: 'AWS account', help: 'Its 12 digits.' },
  { path: 'registry.region', kinds: BACKEND, group: 'Image', as: 'text', when: ecr, label: 'Region of the registry', help: 'Such as eu-west-1.' },
  { path: 'registry.location', kinds: BACKEND, group: 'Image', as: 'text', when: artifacts, label: 'Location of the registry', help: 'Such as europe-west1.' },
  { path: 'registry.project', kinds: BACKEND, group: 'Image', as: 'text', when: artifacts, label: 'Google Cloud project', help: 'Its id.' },
  { path: 'registry.image', kinds: BACKEND, group: 'Image', as: 'text', when: image, label: 'Image', help: 'Without host and tag: acme/backend.' },
  { path: 'architectures', kinds: BACKEND, group: 'Image', as: 'several', options: same('linux/amd64', 'linux/arm64'), when: image, label: 'Built for' },
  { path: 'attest', kinds: BACKEND, group: 'Image', as: 'switch', when: image, label: 'Sign where it was built', help: 'By GitHub; a private repository needs a plan that has it.' },
  { path: 'platform.type', kinds: BACKEND, group: 'Platform', as: 'choice', options: PLATFORMS, label: 'Runs on' },
  { path: 'platform.cluster', kinds: BACKEND, group: 'Platform', as: 'choice', options: CLUSTERS, when: kubernetes, label: 'Cluster of' },
  { path: 'platform.region', kinds: BACKEND, group: 'Platform', as: 'text', empty: 'omit', when: regional, label: 'Region', help: 'As the provider writes it, such as eu-west-1.' },
  { path: 'replicas.min', kinds: BACKEND, group: 'Platform', as: 'number', when: scaled, label: 'Fewest copies' },
  { path: 'replicas.max', kinds: BACKEND, group: 'Platform', as: 'number', when: scaled, label: 'Most copies' },
  { path: 'migrate', kinds: BACKEND, group: 'Platform', as: 'text', when: heroku, label: 'Before each release', help: 'A plain command, such as python -m app.migrate; empty for none.' },
  { path: 'module', kinds: BACKEND, group: 'Application', as: 'text', label: 'Application object', help: 'Written like app.main:app.' },
  { path: 'port', kinds: BACKEND, group: 'Application', as: 'number', label: 'Port', help: 'From 1024 to 65535.' },
  { path: 'healthPath', kinds: BACKEND, group: 'Application', as: 'text', label: 'Health path', help: 'What answers when it is well, such as /health.' },
  { path: 'workers', kinds: BACKEND, group: 'Application', as: 'number', label: 'Workers', help: 'Processes in each copy.' },
  { path: 'config', kinds: BACKEND, group: 'Application', as: 'pairs', label: 'Environment variables', help: 'One NAME=value a line. They are in the repository for everybody to read, so no secrets.' },
  { path: 'marketplace', kinds: EXTENSION, group: 'Publishing', as: 'choice', options: MARKETPLACE, label: 'Visual Studio Marketplace' },
  { path: 'openVsx', kinds: EXTENSION, group: 'Publishing', as: 'switch', label: 'Publish to Open VSX' },
  { path: 'privateGallery', kinds: EXTENSION, group: 'Publishing', as: 'text', empty: 'null', label: 'Gallery of your own', help: 'This console’s is https://<console>/api/gallery; others with the API of Open VSX work too. Empty for none.' },
  { path: 'console', kinds: EXTENSION, group: 'Publishing', as: 'text', empty: 'null', label: 'Address of this console', help: 'With it the workflow can also publish a package that was uploaded here; empty for none.' },
  { path: 'hosting', kinds: DASHBOARD, group: 'Hosting', as: 'choice', options: HOSTINGS, label: 'Hosted by' },
  { path: 'rendering', kinds: DASHBOARD, group: 'Hosting', as: 'choice', options: RENDERING, label: 'Pages are' },
  { path: 'output', kinds: DASHBOARD, group: 'Hosting', as: 'text', when: files, label: 'Folder of the build', help: 'What the build writes, such as out.' },
  { path: 'basePath', kinds: DASHBOARD, group: 'Hosting', as: 'text', label: 'Path below the host', help: 'A slash when it has a host of its own.' },
  { path: 'siteName', kinds: DOCS, group: 'Site', as: 'text', label: 'Title of the site' },
  { path: 'siteUrl', kinds: DOCS, group: 'Site', as: 'text', empty: 'null', label: 'Address of the site', help: 'It begins with https; empty when there is none yet.' },
  { path: 'theme', kinds: DOCS, group: 'Site', as: 'choice', options: same('mkdocs', 'readthedocs', 'material'), label: 'Theme' },
  { path: 'versions', kinds: DOCS, group: 'Site', as: 'switch', label: 'Keep several versions', help: 'Next to each other, on the branch gh-pages.' },
  { path: 'pythonVersion', kinds: PYTHON, group: 'Build', as: 'choice', options: same('3.11', '3.12', '3.13'), label: 'Python' },
  { path: 'nodeVersion', kinds: NODE, group: 'Build', as: 'choice', options: same('22', '24'), label: 'Node.js' },
  { path: 'packageManager', kinds: NODE, group: 'Build', as: 'choice', options: same('npm', 'pnpm', 'yarn'), label: 'Package manager' },
  { path: 'packageManager', kinds: BACKEND, group: 'Build', as: 'choice', options: same('pip', 'uv', 'poetry'), label: 'Package manager' },
];

/** The fields of one kind, in the order of the form; none for a kind that has no blueprints. */
export function fieldsOf(kind: string | undefined): readonly SettingField[] {
  return SETTING_FIELDS.filter(({ kinds }) => kinds.some((each) => each === kind));
}
