import { z } from 'zod';

// What is written into workflows, shell and YAML is limited to characters that mean nothing there.
const word = (what: string, max = 100) =>
  z
    .string()
    .trim()
    .max(max, `At most ${max} characters.`)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, what);
const imagePath = z
  .string()
  .trim()
  .max(200, 'At most 200 characters.')
  .regex(
    /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/,
    'Write it without host and tag: acme/backend.',
  );
const region = z
  .string()
  .trim()
  .max(40)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'Write the region as the provider has it, such as eu-west-1.');
/** `''` is the root of the repository. */
const directory = z
  .string()
  .trim()
  .max(100, 'At most 100 characters.')
  .regex(
    /^(?:[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*)?$/,
    'Write a folder inside the repository, such as services/api.',
  );
const urlPath = z
  .string()
  .trim()
  .max(100)
  .regex(/^\/[A-Za-z0-9._~/-]*$/, 'Begin it with a slash, such as /health.');
const httpsUrl = z
  .string()
  .trim()
  .max(200)
  .regex(/^https:\/\/[A-Za-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9._~/-]*)?$/, 'Write an https address.');
const line = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'Use letters, digits, spaces, dots and dashes.');
const environment = word('Use letters, digits, dots and dashes, such as staging.', 60);
const pythonVersion = z.enum(['3.11', '3.12', '3.13']).default('3.13');
const nodeVersion = z.enum(['22', '24']).default('24');
const packageManager = z.enum(['npm', 'pnpm', 'yarn']).default('npm');

const shared = {
  /** Short name of the component: part of file names' contents, image labels and Kubernetes names. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'Use lower-case letters, digits and single dashes.')
    .max(40),
  repository: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/, 'Write the repository as owner/name.')
    .max(140),
  branch: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'The name of a branch.')
    .default('main'),
  /** Where it may be deployed; the first one is the default. */
  environments: z
    .array(environment)
    .min(1, 'Name at least one environment.')
    .max(20)
    .default(['staging', 'production']),
  /** The one of them that is production to whoever hosts it; null = none, so everything is a preview. */
  production: environment.nullable().default(null),
  /** Also starts by itself: on each push to the branch, or on each tag `v*`; then it goes to the first environment. */
  automatic: z.enum(['never', 'branch', 'tag']).default('never'),
};

const registry = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('docker-hub'), image: imagePath }),
  z.strictObject({ type: z.literal('ghcr'), image: imagePath }),
  z.strictObject({
    type: z.literal('ecr'),
    account: z.string().regex(/^\d{12}$/, 'The account has 12 digits.'),
    region,
    image: imagePath,
  }),
  z.strictObject({
    type: z.literal('artifact-registry'),
    location: region,
    project: word('The id of the project.'),
    image: imagePath,
  }),
]);

const platform = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('kubernetes'), cluster: z.enum(['eks', 'gke', 'aks']), region }),
  z.strictObject({ type: z.literal('ecs'), region }),
  z.strictObject({ type: z.literal('cloud-run'), region }),
  z.strictObject({ type: z.literal('container-apps') }),
  z.strictObject({ type: z.literal('heroku') }),
  z.strictObject({ type: z.literal('app-engine'), region }),
  z.strictObject({ type: z.literal('vercel'), region: region.default('iad1') }),
]);

/** These build from source; every other platform runs the image. */
const FROM_SOURCE = new Set(['none', 'app-engine', 'vercel']);

export function runsImage(settings: BackendSettings): boolean {
  return !FROM_SOURCE.has(settings.platform.type);
}

/** Set by what the blueprints make, or by the platform; a second value would make them disagree. */
const RESERVED = new Set(['DATABASE_URL', 'APP_NAME', 'PORT']);

const backend = z.strictObject({
  ...shared,
  kind: z.literal('backend'),
  directory: directory.default('backend'),
  registry,
  platform,
  /** Signed by GitHub's own certificate authority too; private repositories need a plan that has it. */
  attest: z.boolean().default(false),
  architectures: z
    .array(z.enum(['linux/amd64', 'linux/arm64']))
    .min(1)
    .max(2)
    .default(['linux/amd64']),
  pythonVersion,
  packageManager: z.enum(['pip', 'uv', 'poetry']).default('pip'),
  /** Where FastAPI's object is: `package.module:object`. */
  module: z
    .string()
    .max(100)
    .regex(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$/, 'Write it like app.main:app.')
    .default('app.main:app'),
  port: z.number().int().min(1_024, 'A port below 1024 needs root.').max(65_535).default(8_000),
  healthPath: urlPath.default('/health'),
  workers: z.number().int().min(1).max(32).default(2),
  /** What Heroku runs before each release, such as `python -m app.migrate`; empty for none. */
  migrate: z
    .string()
    .trim()
    .max(100)
    .regex(/^(?:[A-Za-z0-9_][A-Za-z0-9 ._/-]*)?$/, 'A plain command without quotes or symbols.')
    .default(''),
  replicas: z
    .strictObject({ min: z.number().int().min(1).max(100), max: z.number().int().min(1).max(500) })
    .default({ min: 2, max: 6 }),
  /** Settings that are no secrets; Kubernetes gets them from a ConfigMap, App Engine from its file. */
  config: z
    .record(
      z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/, 'Upper-case letters, digits and _.')
        .max(60)
        .refine(
          (key) => !RESERVED.has(key),
          'DATABASE_URL, APP_NAME and PORT are set by the files themselves: leave them out.',
        ),
      z
        .string()
        .max(200)
        .regex(/^[\w .:/@,+-]*$/, 'No quotes or symbols.'),
    )
    .default({}),
});

const extension = z.strictObject({
  ...shared,
  kind: z.literal('extension'),
  directory: directory.default('extension'),
  nodeVersion,
  packageManager,
  /** How the Marketplace knows us; `none` = it is not published there. */
  marketplace: z.enum(['entra', 'oidc', 'pat', 'none']).default('entra'),
  openVsx: z.boolean().default(true),
  /** A gallery with the API of Open VSX, as this console's own: `https://<console>/api/gallery`; null = there is none. */
  privateGallery: httpsUrl.nullable().default(null),
  /** The console itself: with it the workflow can publish a package that is kept there; null = it only makes its own. */
  console: httpsUrl.nullable().default(null),
});

const dashboard = z.strictObject({
  ...shared,
  kind: z.literal('dashboard'),
  directory: directory.default('dashboard'),
  nodeVersion,
  packageManager,
  hosting: z.enum(['vercel', 'netlify', 'pages', 'self-host', 'agent']).default('vercel'),
  rendering: z.enum(['ssg', 'ssr']).default('ssr'),
  /** What a static build writes. */
  output: directory.min(1, 'Name the folder.').default('out'),
  /** Path below the host, for a project page; `/` when it has a host of its own. */
  basePath: urlPath.default('/'),
});

const docs = z.strictObject({
  ...shared,
  kind: z.literal('docs'),
  environments: shared.environments.default(['github-pages']),
  directory: directory.default('docs'),
  pythonVersion,
  siteName: line,
  siteUrl: httpsUrl.nullable().default(null),
  theme: z.enum(['mkdocs', 'readthedocs', 'material']).default('mkdocs'),
  /** Several versions next to each other, kept on the branch gh-pages by mike. */
  versions: z.boolean().default(false),
});

/** The settings of each kind; a test holds the table of their fields against it. */
export const SETTINGS_OF_KIND = { backend, extension, dashboard, docs } as const;
export type BlueprintKind = keyof typeof SETTINGS_OF_KIND;

/** What the files of a component are made from. Kept in the repository beside them: see `recordPath`. */
export const blueprintSettings = z
  .discriminatedUnion('kind', [backend, extension, dashboard, docs])
  .superRefine((settings, issues) => {
    for (const [path, message] of conflicts(settings)) issues.addIssue({ code: 'custom', path, message });
  });

/** Of `/srv/<component>`, from when all environments were one place there; the head of the unit has them removed. */
export const FORMER_FOLDERS: ReadonlySet<string> = new Set(['current', 'releases']);

function conflicts(settings: BlueprintSettings): [string[], string][] {
  const found: [string[], string][] = [];
  if (settings.production !== null && !settings.environments.includes(settings.production)) {
    found.push([['production'], 'Write one of the environments, or leave it empty.']);
  }
  if (settings.kind === 'backend') found.push(...backendConflicts(settings));
  if (settings.kind === 'dashboard' && settings.hosting === 'pages' && settings.rendering === 'ssr') {
    found.push([['rendering'], 'Pages serves files only: choose the static build.']);
  }
  if (settings.kind === 'dashboard' && settings.hosting === 'self-host') {
    const taken = settings.environments.find((each) => FORMER_FOLDERS.has(each.toLowerCase()));
    if (taken)
      found.push([
        ['environments'],
        `Over SSH no environment can be called ${taken}: a deployment of before has that folder.`,
      ]);
  }
  if (
    settings.kind === 'extension' &&
    settings.marketplace === 'none' &&
    !settings.openVsx &&
    !settings.privateGallery
  ) {
    found.push([['marketplace'], 'Choose at least one place to publish to.']);
  }
  return found;
}

/** Sources: https://docs.cloud.google.com/run/docs/container-contract, https://learn.microsoft.com/azure/container-apps/containers */
const AMD64_ONLY: Readonly<Record<string, string>> = {
  'cloud-run': 'Cloud Run',
  'container-apps': 'Container Apps',
  heroku: 'Heroku',
};

function backendConflicts(settings: BackendSettings): [string[], string][] {
  const { registry: kept, platform: runsOn, replicas, architectures } = settings;
  const found: [string[], string][] = [];
  if (runsImage(settings) && kept.type === 'none') {
    found.push([['registry', 'type'], 'This platform runs an image: choose the registry that keeps it.']);
  }
  if (kept.type === 'none' && runsOn.type === 'none') {
    found.push([['platform', 'type'], 'Choose a registry, a platform, or both.']);
  }
  // https://docs.cloud.google.com/run/docs/deploying#images
  if (runsOn.type === 'cloud-run' && kept.type === 'ecr') {
    found.push([['registry', 'type'], 'Cloud Run takes no image from ECR: choose Artifact Registry.']);
  }
  const alone = AMD64_ONLY[runsOn.type];
  if (alone && !architectures.includes('linux/amd64')) {
    found.push([['architectures'], `${alone} runs linux/amd64 only: build for that, too.`]);
  }
  if (replicas.max < replicas.min) {
    found.push([['replicas', 'max'], 'The largest number is below the smallest.']);
  }
  return found;
}

export type BackendSettings = z.output<typeof backend>;
export type ExtensionSettings = z.output<typeof extension>;
export type DashboardSettings = z.output<typeof dashboard>;
export type DocsSettings = z.output<typeof docs>;
export type BlueprintSettings = BackendSettings | ExtensionSettings | DashboardSettings | DocsSettings;
export type BlueprintInput = z.input<typeof blueprintSettings>;
