import { type BlueprintFile, blueprintFiles } from '../model/generate';
import type { BlueprintInput } from '../model/settings';

const at = { repository: 'acme/stack', branch: 'main' } as const;
const backend = { ...at, kind: 'backend', name: 'backend' } as const;
const extension = { ...at, kind: 'extension', name: 'extension' } as const;
const dashboard = { ...at, kind: 'dashboard', name: 'dashboard' } as const;
const docs = { ...at, kind: 'docs', name: 'docs', siteName: 'Acme Docs' } as const;
const ghcr = { type: 'ghcr', image: 'acme/backend' } as const;
const hub = { type: 'docker-hub', image: 'acme/backend' } as const;
const ecr = { type: 'ecr', account: '123456789012', region: 'eu-west-1', image: 'acme/backend' } as const;
const gar = {
  type: 'artifact-registry',
  location: 'europe-west1',
  project: 'acme-prod',
  image: 'images/backend',
} as const;
const none = { type: 'none' } as const;

/** Every choice of every setting at least once, and each pair that shares a file where they could disagree. */
export const MATRIX: Readonly<Record<string, BlueprintInput>> = {
  'backend: GHCR only': { ...backend, registry: ghcr, platform: none },
  'backend: Docker Hub to EKS': {
    ...backend,
    registry: hub,
    platform: { type: 'kubernetes', cluster: 'eks', region: 'eu-west-1' },
    architectures: ['linux/amd64', 'linux/arm64'],
    config: { LOG_LEVEL: 'info', ORIGIN: 'https://app.acme.example' },
    attest: true,
    automatic: 'branch',
  },
  'backend: Artifact Registry to GKE': {
    ...backend,
    registry: gar,
    platform: { type: 'kubernetes', cluster: 'gke', region: 'europe-west1' },
    packageManager: 'uv',
    replicas: { min: 4, max: 40 },
    directory: '',
  },
  'backend: GHCR to AKS': {
    ...backend,
    registry: ghcr,
    platform: { type: 'kubernetes', cluster: 'aks', region: 'westeurope' },
    packageManager: 'poetry',
    directory: 'services/api',
    automatic: 'tag',
    replicas: { min: 1, max: 1 },
  },
  'backend: ECR to ECS': { ...backend, registry: ecr, platform: { type: 'ecs', region: 'eu-west-1' }, attest: true },
  'backend: one environment': {
    ...backend,
    registry: ecr,
    platform: { type: 'ecs', region: 'eu-west-1' },
    environments: ['production'],
  },
  'backend: Artifact Registry to Cloud Run': {
    ...backend,
    registry: gar,
    platform: { type: 'cloud-run', region: 'europe-west1' },
  },
  'backend: Docker Hub to Container Apps': { ...backend, registry: hub, platform: { type: 'container-apps' } },
  'backend: GHCR to Heroku': {
    ...backend,
    registry: ghcr,
    platform: { type: 'heroku' },
    migrate: 'python -m app.migrate',
  },
  'backend: ECR to Heroku': { ...backend, registry: ecr, platform: { type: 'heroku' } },
  'backend: App Engine': {
    ...backend,
    registry: none,
    platform: { type: 'app-engine', region: 'europe-west1' },
    workers: 4,
    config: { LOG_LEVEL: 'info' },
  },
  'backend: Vercel, with an image too': {
    ...backend,
    registry: ghcr,
    platform: { type: 'vercel' },
    module: 'service.main:api',
    pythonVersion: '3.11',
    port: 9_000,
    healthPath: '/healthz',
  },
  'extension: everywhere by Entra': {
    ...extension,
    privateGallery: 'https://console.acme.example/api/gallery',
    automatic: 'tag',
    environments: ['marketplace'],
  },
  'extension: from the console too': { ...extension, console: 'https://console.acme.example/' },
  'extension: Marketplace by OIDC': { ...extension, marketplace: 'oidc', openVsx: false, packageManager: 'yarn' },
  'extension: by token': { ...extension, marketplace: 'pat', packageManager: 'pnpm', nodeVersion: '22', directory: '' },
  'extension: Open VSX only': { ...extension, marketplace: 'none', automatic: 'branch' },
  'dashboard: Vercel': { ...dashboard, automatic: 'branch' },
  'dashboard: Vercel, other names': {
    ...dashboard,
    environments: ['preview', 'live'],
    rendering: 'ssg',
    directory: '',
  },
  'dashboard: Netlify with a server': { ...dashboard, hosting: 'netlify', packageManager: 'pnpm' },
  'dashboard: Netlify, files': { ...dashboard, hosting: 'netlify', rendering: 'ssg' },
  'dashboard: Pages': { ...dashboard, hosting: 'pages', rendering: 'ssg', basePath: '/stack', packageManager: 'yarn' },
  'dashboard: own server': { ...dashboard, hosting: 'self-host' },
  'dashboard: own server by its agent': { ...dashboard, hosting: 'agent', rendering: 'ssg' },
  'dashboard: own server, files': { ...dashboard, hosting: 'self-host', rendering: 'ssg', output: 'dist' },
  'docs: one site': { ...docs, siteUrl: 'https://docs.acme.example/', automatic: 'branch' },
  'docs: versions': { ...docs, theme: 'material', versions: true },
  'docs: odd names': { ...docs, name: 'yes', siteName: '1984', directory: '', environments: ['123'], versions: true },
  'dashboard: odd names': {
    ...dashboard,
    name: 'on',
    hosting: 'self-host',
    rendering: 'ssg',
    environments: ['true', 'null'],
    directory: '1.0',
    output: '2.0',
  },
  'extension: odd names': { ...extension, name: 'true', directory: 'null', environments: ['1e3', '0x10'] },
  'backend: odd names': {
    ...backend,
    name: 'null',
    registry: ghcr,
    platform: { type: 'kubernetes', cluster: 'eks', region: 'eu-west-1' },
    environments: ['1.10', '2024'],
    directory: 'null',
    config: { ODD: 'x: y', LIST: '- x' },
  },
  'backend: odd names, image only': { ...backend, name: 'true', registry: ghcr, platform: none, directory: '007' },
  'docs: at the root': { ...docs, directory: '', theme: 'readthedocs' },
};

export interface MadeFile extends BlueprintFile {
  label: string;
}

/** All files of the matrix; a text that several settings give is there once. */
export async function madeFiles(): Promise<MadeFile[]> {
  const all = await Promise.all(
    Object.entries(MATRIX).map(async ([label, input]) =>
      (await blueprintFiles(input)).map((file) => ({ ...file, label })),
    ),
  );
  const seen = new Map(all.flat().map((file) => [`${file.path}\n${file.text}`, file]));
  return [...seen.values()];
}

export function workflowsOf(files: readonly MadeFile[]): MadeFile[] {
  return files.filter(({ path }) => path.startsWith('.github/workflows/'));
}
