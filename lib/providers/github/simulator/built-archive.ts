import { createHash } from 'node:crypto';
import path from 'node:path';
import { storeZip } from '@/lib/kernel/store-zip';
import { treeOf } from './git';
import type { Run } from './types';
import type { DeclaredJob } from './workflow-file';

/** What a package depends on. */
export type Built = Pick<Run, 'repo' | 'sha' | 'inputs'>;

/** What `actions/upload-artifact` would have packed: the path's file, built from the commit that the run was told. */
export function builtArchive(run: Run, from: string): Buffer {
  const name = path.posix.basename(from) || 'file';
  if (!name.endsWith('.vsix')) return storeZip({ [name]: `Built from ${commitOf(run)}.\n` });
  return storeZip({ [name]: builtPackage(run, path.posix.dirname(from)) });
}

function commitOf({ inputs, repo, sha }: Built): string {
  return inputs.sha && repo.commits.has(inputs.sha) ? inputs.sha : sha;
}

/** The package that a workflow with these jobs keeps; null = it keeps none. */
export function packageOf(run: Built, jobs: readonly Pick<DeclaredJob, 'steps'>[]): Buffer | null {
  const paths = jobs.flatMap(({ steps }) => steps.map((step) => step.with.path ?? ''));
  const kept = paths.find((each) => each.endsWith('.vsix'));
  return kept === undefined ? null : builtPackage(run, path.posix.dirname(kept));
}

/** The run was told which package it has to make, and its commit makes another one: its own check ends it. */
export function packsOther(run: Built, jobs: readonly Pick<DeclaredJob, 'steps'>[]): boolean {
  const wanted = run.inputs.sha256;
  const made = wanted ? packageOf(run, jobs) : null;
  return made !== null && createHash('sha256').update(made).digest('hex') !== wanted;
}

/** What the package that a run keeps says of itself: `publisher.name v1.2.3`. */
export function packageNamed(run: Run): string {
  const steps = run.attempts.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  const kept = steps.flatMap(({ artifact }) => artifact?.path ?? []).find((each) => each.endsWith('.vsix'));
  const { publisher, name, version } = manifestIn(run, path.posix.dirname(kept ?? 'extension/extension.vsix'));
  return `${publisher}.${name} v${version}`;
}

const manifestIn = (run: Built, folder: string): OwnManifest =>
  packageJson(run, treeOf(run.repo, commitOf(run)).get(`${folder}/package.json`));

/** As vsce packs a folder: its files below `extension/`, and a manifest beside them. */
function builtPackage(run: Built, folder: string): Buffer {
  const prefix = `${folder}/`;
  const files = new Map(
    [...treeOf(run.repo, commitOf(run))].flatMap(([file, text]) =>
      file.startsWith(prefix) && !/^(test|package\.json$)/.test(file.slice(prefix.length))
        ? [[`extension/${vsceName(file.slice(prefix.length))}`, text] as const]
        : [],
    ),
  );
  const own = manifestIn(run, folder);
  return storeZip({
    'extension.vsixmanifest': vsixManifest(own, run.inputs),
    '[Content_Types].xml':
      '<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>\n',
    'extension/package.json': `${JSON.stringify(own, null, 2)}\n`,
    ...Object.fromEntries(files),
  });
}

/** vsce packs these under names of its own. */
function vsceName(file: string): string {
  if (/^(readme|changelog)\.md$/i.test(file)) return file.toLowerCase();
  return file === 'LICENSE' ? 'LICENSE.txt' : file;
}

interface OwnManifest extends Record<string, unknown> {
  name: string;
  publisher: string;
  version: string;
}

function packageJson({ inputs }: Built, text = '{}'): OwnManifest {
  const base = { name: 'extension', publisher: 'aetherstack', version: '0.0.1', engines: { vscode: '^1.90.0' } };
  const found = JSON.parse(text) as Partial<OwnManifest>;
  return { ...base, ...found, ...(inputs.version ? { version: inputs.version } : {}) };
}

function vsixManifest({ name, version, publisher }: OwnManifest, { channel, target = '' }: Built['inputs']): string {
  const platform = ['', 'universal'].includes(target) ? '' : ` TargetPlatform="${target}"`;
  const flag = channel === 'pre-release' ? '<Property Id="Microsoft.VisualStudio.Code.PreRelease" Value="true"/>' : '';
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"${platform}/>
    <DisplayName>${name}</DisplayName>
    <Properties>${flag}</Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/></Assets>
</PackageManifest>
`;
}
