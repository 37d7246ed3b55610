import 'server-only';
import { eq } from 'drizzle-orm';
import type { ServiceContext } from '@/lib/auth/context';
import { extensionPackages } from '@/lib/db/schema';
import { accept, type Brought } from '@/lib/extensions/server';
import { storeZip } from '@/lib/kernel/store-zip';

export interface SeedPackage {
  publisher: string;
  name: string;
  version: string;
  targetPlatform: string;
  prerelease: boolean;
  /** How long ago it was taken in. */
  daysAgo: number;
  bytes: Buffer;
}

interface Made {
  version: string;
  daysAgo: number;
  engine: string;
  commands: [string, string][];
  starts?: string[];
  platform?: string;
  prerelease?: boolean;
  /** Further files below `extension/`. */
  more?: Record<string, string>;
}

const SHOW: [string, string] = ['aetherstack.showStatus', 'Show what is live'];
const OPEN: [string, string] = ['aetherstack.openDashboard', 'Open the dashboard'];
const COMPARE: [string, string] = ['aetherstack.compare', 'Compare with production'];
const LATER = { engine: '^1.95.0', starts: ['onStartupFinished'] };

/** The versions that somebody of the example team has uploaded, oldest first. */
const VERSIONS: readonly Made[] = [
  { version: '0.9.0', daysAgo: 26, engine: '^1.90.0', commands: [SHOW] },
  { version: '0.9.1', daysAgo: 17, engine: '^1.90.0', commands: [SHOW] },
  { version: '0.9.2', daysAgo: 9, ...LATER, commands: [SHOW, OPEN] },
  {
    ...{ version: '0.10.0', daysAgo: 4, ...LATER, prerelease: true, commands: [SHOW, OPEN, COMPARE] },
    more: { 'src/compare.js': 'exports.compare = () => [];\n', 'src/compare.js.map': '{"version":3,"sources":[]}\n' },
  },
  { version: '0.9.3', daysAgo: 2, ...LATER, commands: [SHOW, OPEN], platform: 'linux-x64' },
  { version: '0.9.3', daysAgo: 2, ...LATER, commands: [SHOW, OPEN], platform: 'darwin-arm64' },
];

/** It waits to be published. A run made it of its commit, as a gallery needs it that is published to by a workflow. */
export const NEWEST = { version: '0.9.4', daysAgo: 0.2 };

const WHO = { publisher: 'aetherstack', name: 'aetherstack' };

function vsixManifest({ version, platform, prerelease }: Made): string {
  const target = platform ? ` TargetPlatform="${platform}"` : '';
  const flag = prerelease ? '\n    <Property Id="Microsoft.VisualStudio.Code.PreRelease" Value="true"/>' : '';
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata><Identity Language="en-US" Id="aetherstack" Version="${version}" Publisher="aetherstack"${target}/><DisplayName>AetherStack</DisplayName><Properties>
    <Property Id="Microsoft.VisualStudio.Code.Engine" Value="^1.90.0"/>${flag}
  </Properties></Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/readme.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Changelog" Path="extension/changelog.md" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}

const CONTENT_TYPES = [
  'json/application/json',
  'map/application/json',
  'vsixmanifest/text/xml',
  'md/text/markdown',
  'js/application/javascript',
]
  .map((each) => each.split(/\/(.*)/s))
  .map(([ending, type]) => `<Default Extension=".${ending}" ContentType="${type}"/>`)
  .join('');

const README = `# AetherStack

See what is live, and what your change would bring, from the editor.

## Commands

| Command | What it does |
| --- | --- |
| Show what is live | each component with its version, by environment |
| Open the dashboard | the page of the component that the open file belongs to |

Set \`aetherstack.url\` to the address of your console.
`;

export const SEED_PACKAGES: readonly SeedPackage[] = VERSIONS.map((made) => ({
  ...{ ...WHO, version: made.version, targetPlatform: made.platform ?? 'universal' },
  ...{ prerelease: made.prerelease ?? false, daysAgo: made.daysAgo, bytes: packageOf(made) },
}));

function packageOf(made: Made): Buffer {
  const { version, engine, commands, starts = [], more = {} } = made;
  const manifest = {
    ...{ ...WHO, displayName: 'AetherStack', version, engines: { vscode: engine }, license: 'MIT' },
    description: 'See what is live, and what your change would bring, from the editor.',
    ...{ categories: ['Other'], keywords: ['deploy', 'release'], main: './src/extension.js', activationEvents: starts },
    contributes: { commands: commands.map(([command, title]) => ({ command, title, category: 'AetherStack' })) },
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  const registered = commands.map(([command]) => `  vscode.commands.registerCommand('${command}', () => undefined);`);
  const own = Object.entries(more).map(([path, text]) => [`extension/${path}`, text] as const);
  return storeZip({
    'extension.vsixmanifest': vsixManifest(made),
    '[Content_Types].xml': `<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${CONTENT_TYPES}</Types>\n`,
    'extension/package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'extension/readme.md': README,
    'extension/changelog.md': `# Changes\n\n## ${version}\n\nWhat the editor shows is what runs.\n`,
    'extension/src/extension.js': `const vscode = require('vscode');\nexports.activate = () => {\n${registered.join('\n')}\n};\n`,
    ...Object.fromEntries(own),
  });
}

export interface KeptPackage extends SeedPackage {
  /** SHA-256 of the bytes, in hexadecimal. */
  packageId: string;
}

const DAY = 86_400_000;

/** What the run of a past deployment has kept. */
export interface BuiltPackage {
  bytes: Buffer;
  deploymentId: string;
  sha: string;
  componentId: string;
}

/**
 * By the same verbs as an upload and as the package of a run, so what is shown of them was really looked at; the newest last.
 * The second time they are there already, and keep the time that they have. `now`: epoch milliseconds; `built`: the newest,
 * null = no run of the past is known.
 */
export async function seedPackages(
  ctx: ServiceContext,
  now: number,
  built: BuiltPackage | null,
): Promise<KeptPackage[]> {
  const kept: KeptPackage[] = [];
  for (const each of SEED_PACKAGES) kept.push(await keep(ctx, now, each, { kind: 'upload' }));
  if (!built) return kept;
  const { bytes, ...run } = built;
  const newest = { ...WHO, ...NEWEST, targetPlatform: 'universal', prerelease: false, bytes };
  return [...kept, await keep(ctx, now, newest, { kind: 'run', ...run })];
}

async function keep(ctx: ServiceContext, now: number, each: SeedPackage, brought: Brought): Promise<KeptPackage> {
  const { packageId, outcome } = await accept(ctx, each.bytes, brought);
  if (outcome === 'new') {
    const uploadedAt = new Date(now - each.daysAgo * DAY);
    await ctx.db.update(extensionPackages).set({ uploadedAt }).where(eq(extensionPackages.id, packageId));
  }
  return { ...each, packageId };
}
