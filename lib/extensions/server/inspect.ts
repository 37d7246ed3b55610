import path from 'node:path';
import { describeError, log } from '@/lib/kernel/log';
import { isTargetPlatform } from '../model/identity';
import { judgeFiles, judgeManifest } from '../model/judge-manifest';
import { INSPECTION_MS, PACKAGE_LIMITS } from '../model/limits';
import { localised } from '../model/localised';
import { deepestOf, type PackageManifest, readManifest } from '../model/manifest';
import type { Finding, PackagedFile, Scan, TargetPlatform } from '../model/package';
import { judgePath } from './file-scan';
import { openArchive } from './open-archive';
import { scanContents } from './scan-contents';
import { readVsixManifest, type VsixManifest } from './vsix-manifest';
import { readWhole } from './zip-content';
import { shownPath } from './zip-entries';
import type { PlacedEntry } from './zip-layout';
import { Malformed, type ZipSource } from './zip-source';

/** What a package says it is. */
export interface PackageFacts {
  publisher: string;
  name: string;
  version: string;
  targetPlatform: TargetPlatform;
  prerelease: boolean;
  /** `engines.vscode`, as written. */
  engine: string;
}

export interface Inspection {
  /** `passed` only when everything was looked at and nothing refuses it. */
  scan: Exclude<Scan, 'pending'>;
  /** Null = it cannot even be said which extension it is. */
  facts: PackageFacts | null;
  manifest: Record<string, unknown> | null;
  files: PackagedFile[];
  findings: Finding[];
}

interface Progress {
  facts: PackageFacts | null;
  manifest: Record<string, unknown> | null;
  files: PackagedFile[];
  findings: Finding[];
}

/** The first thing that makes going on pointless. */
class Stop extends Error {}

/** Looks into a package without unpacking it anywhere. Never throws: what went wrong is a finding. */
export async function inspect(source: ZipSource, withinMs: number = INSPECTION_MS): Promise<Inspection> {
  const progress: Progress = { facts: null, manifest: null, files: [], findings: [] };
  const until = performance.now() + withinMs;
  try {
    await look(source, progress, until);
  } catch (error) {
    if (error instanceof Malformed) refuse(progress, error.code, error.message, error.path);
    else if (!(error instanceof Stop)) return unfinished(progress, error);
  }
  const refused = progress.findings.some(({ level }) => level === 'refuse');
  return { ...progress, scan: refused ? 'refused' : 'passed', findings: bounded(progress.findings) };
}

function refuse({ findings }: Progress, code: string, sentence: string, path?: string): void {
  findings.push({ code, sentence, ...(path === undefined ? {} : { path }), level: 'refuse' });
}

function unfinished(progress: Progress, error: unknown): Inspection {
  log.warn('a package could not be inspected', describeError(error));
  const sentence = 'The package could not be looked through to its end, so it cannot be published. Upload it again.';
  const finding: Finding = { code: 'inspection_unfinished', sentence, level: 'refuse' };
  return { ...progress, scan: 'unknown', findings: bounded([finding, ...progress.findings]) };
}

const RANK = { refuse: 0, warn: 1, note: 2 } as const;

function bounded(findings: Finding[]): Finding[] {
  return findings.sort((a, b) => RANK[a.level] - RANK[b.level]).slice(0, PACKAGE_LIMITS.findings);
}

async function look(source: ZipSource, progress: Progress, until: number): Promise<void> {
  const entries = await openArchive(source);
  const files = entries.filter(({ folder }) => !folder);
  progress.files = files.map(({ path, size, packed, crc32 }) => ({ path, size, packed, crc32 }));
  const manifest = await readPackageJson(source, files, progress);
  const vsix = await readVsix(source, files, progress);
  identify(manifest, vsix, progress);
  if (progress.manifest)
    progress.manifest = localised(progress.manifest, { ...vsix, nls: await readNls(source, files) });
  progress.findings.push(
    ...judgeManifest(manifest),
    ...judgeFiles(progress.files, vsix.targetPlatform),
    ...files.flatMap(({ path }) => judgePath(path)),
  );
  judgeAssets(vsix, files, progress);
  await judgeIcon(source, { manifest, vsix, files }, progress);
  progress.findings.push(...(await scanContents(source, files, { until, entries: entriesOf(manifest) })));
}

/** Paths that an editor runs by the word of package.json, whatever they are called. */
function entriesOf({ main, browser }: PackageManifest): Set<string> {
  const named = [main, browser].filter((each) => each !== undefined);
  return new Set(named.map((each) => path.posix.normalize(`extension/${each}`)));
}

async function wholeFile(source: ZipSource, files: readonly PlacedEntry[], path: string): Promise<Buffer> {
  const entry = files.find((each) => each.path === path);
  if (!entry)
    throw new Malformed('manifest_missing', `There is no ${path} in it. Package the extension with vsce.`, path);
  if (entry.size > PACKAGE_LIMITS.manifest)
    throw new Malformed('manifest_too_large', `${path} is larger than 1 MB.`, path);
  return await readWhole(source, entry);
}

async function readPackageJson(source: ZipSource, files: PlacedEntry[], progress: Progress): Promise<PackageManifest> {
  const read = readManifest(await wholeFile(source, files, 'extension/package.json'));
  if (!read.ok) {
    progress.findings.push(read.finding);
    throw new Stop();
  }
  progress.manifest = read.raw;
  return read.manifest;
}

/** Words that are missing or broken refuse nothing: the extension then goes by its name. */
async function readNls(source: ZipSource, files: readonly PlacedEntry[]): Promise<unknown> {
  const entry = files.find((each) => each.path === 'extension/package.nls.json');
  if (!entry || entry.size > PACKAGE_LIMITS.manifest) return null;
  const text = (await readWhole(source, entry)).toString('utf8');
  if (deepestOf(text) > PACKAGE_LIMITS.depth) return null;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

async function readVsix(source: ZipSource, files: PlacedEntry[], progress: Progress): Promise<VsixManifest> {
  const read = readVsixManifest(await wholeFile(source, files, 'extension.vsixmanifest'));
  if (read.ok) return read.manifest;
  progress.findings.push(read.finding);
  throw new Stop();
}

/** Both manifests have to name one extension: VS Code installs by one of them, galleries list by the other. */
function identify(manifest: PackageManifest, vsix: VsixManifest, progress: Progress): void {
  const { publisher, name, version } = manifest;
  if (vsix.publisher !== publisher || vsix.name !== name || vsix.version !== version)
    throw new Malformed(
      'two_identities',
      'package.json and extension.vsixmanifest name different extensions. Package it anew with vsce.',
      'extension.vsixmanifest',
    );
  const { targetPlatform, prerelease } = vsix;
  if (!isTargetPlatform(targetPlatform))
    throw new Malformed(
      'platform_unknown',
      'It is for a platform that VS Code does not know.',
      'extension.vsixmanifest',
    );
  progress.facts = { publisher, name, version, targetPlatform, prerelease, engine: manifest.engines.vscode };
}

const PACKAGE_JSON = 'Microsoft.VisualStudio.Code.Manifest';

function judgeAssets({ assets }: VsixManifest, files: PlacedEntry[], progress: Progress): void {
  const there = new Set(files.map(({ path }) => path));
  for (const [type, path] of assets) {
    if (!there.has(path.replace(/^\.?\//, '')))
      refuse(
        progress,
        'asset_missing',
        'extension.vsixmanifest names a file that is not in the package.',
        shownPath(path),
      );
    if (type === PACKAGE_JSON && path.replace(/^\.?\//, '') !== 'extension/package.json')
      refuse(progress, 'asset_foreign', 'extension.vsixmanifest names another file as package.json.', shownPath(path));
  }
  const readme = files.find(({ path }) => /^extension\/readme\.(?:md|txt)$/i.test(path));
  if (readme && readme.size > PACKAGE_LIMITS.readme)
    refuse(progress, 'readme_too_large', 'The README is larger than 2 MB.', readme.path);
}

interface IconOf {
  manifest: PackageManifest;
  vsix: VsixManifest;
  files: PlacedEntry[];
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture that cannot run anything: PNG, by its first bytes and not by its name. */
async function judgeIcon(source: ZipSource, { manifest, vsix, files }: IconOf, progress: Progress): Promise<void> {
  const named = [manifest.icon && `extension/${manifest.icon.replace(/^\.?\//, '')}`, vsix.icon].filter(Boolean);
  for (const path of new Set(named as string[])) {
    const entry = files.find((each) => each.path === path);
    if (!entry) refuse(progress, 'icon_missing', 'The icon that is named is not in the package.', shownPath(path));
    else if (entry.size > PACKAGE_LIMITS.manifest)
      refuse(progress, 'icon_too_large', 'The icon is larger than 1 MB.', path);
    else if (!(await readWhole(source, entry)).subarray(0, 8).equals(PNG))
      refuse(
        progress,
        'icon_not_png',
        'The icon is no PNG picture. An SVG could carry a script; save it as PNG.',
        path,
      );
  }
}
