import { buildZip, type EndLies, type EntrySpec } from './build-zip';

export interface SampleParts {
  publisher?: string;
  name?: string;
  version?: string;
  platform?: string;
  prerelease?: boolean;
  /** Over the fields of package.json. */
  manifest?: Record<string, unknown>;
  /** Instead of the whole package.json or extension.vsixmanifest. */
  packageJson?: string | Buffer;
  vsixManifest?: string | Buffer;
  readme?: string | Buffer;
  /** Further entries, behind the ones that every package has. */
  more?: EntrySpec[];
  /** Paths of entries that are left out. */
  without?: string[];
  end?: EndLies;
}

export function vsixManifest({
  publisher = 'acme',
  name = 'demo',
  version = '1.0.0',
  platform,
  prerelease,
}: SampleParts): string {
  const target = platform ? ` TargetPlatform="${platform}"` : '';
  const flag = prerelease ? '<Property Id="Microsoft.VisualStudio.Code.PreRelease" Value="true" />' : '';
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"${target} />
    <DisplayName>Demo</DisplayName>
    <Properties><Property Id="Microsoft.VisualStudio.Code.Engine" Value="^1.90.0" />${flag}</Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
  </Assets>
</PackageManifest>`;
}

export function packageJson({
  publisher = 'acme',
  name = 'demo',
  version = '1.0.0',
  manifest = {},
}: SampleParts): string {
  const base = { publisher, name, version, engines: { vscode: '^1.90.0' }, main: './out/main.js' };
  const contributes = { commands: [{ command: 'demo.run', title: 'Run' }] };
  return JSON.stringify({ ...base, activationEvents: ['onCommand:demo.run'], contributes, ...manifest });
}

/** The entries of a package as vsce makes it, with whatever is to be wrong with them. */
export function sampleEntries(parts: SampleParts = {}): EntrySpec[] {
  const entries: EntrySpec[] = [
    { name: 'extension.vsixmanifest', content: parts.vsixManifest ?? vsixManifest(parts) },
    { name: '[Content_Types].xml', content: '<?xml version="1.0" encoding="utf-8"?><Types/>' },
    { name: 'extension/package.json', content: parts.packageJson ?? packageJson(parts) },
    { name: 'extension/readme.md', content: parts.readme ?? '# Demo\n\nIt greets.\n' },
    { name: 'extension/out/main.js', content: "exports.activate = () => console.log('hello');\n" },
  ];
  return [...entries.filter(({ name }) => !parts.without?.includes(String(name))), ...(parts.more ?? [])];
}

/** A .vsix of so many hundred bytes. */
export function sampleVsix(parts: SampleParts = {}): Buffer {
  return buildZip(sampleEntries(parts), parts.end);
}
