/** What inspecting a package may end with. Only `passed` may be published; `unknown` is not a pass. */
export const SCANS = ['pending', 'passed', 'refused', 'unknown'] as const;
export type Scan = (typeof SCANS)[number];

export const LEVELS = ['refuse', 'warn', 'note'] as const;
export type Level = (typeof LEVELS)[number];

/** Something that was seen in a package: a stable code and a sentence that says what to do. */
export interface Finding {
  code: string;
  sentence: string;
  /** The file inside the package that it is about. */
  path?: string;
  level: Level;
}

export interface PackagedFile {
  /** As it stands in the package, `extension/package.json` for example. */
  path: string;
  /** Bytes, unpacked. */
  size: number;
  /** Bytes, as packed. */
  packed: number;
  /** CRC-32 of the content, which was checked; packages that were taken in earlier have none. */
  crc32?: number;
}

/** Where a package came from. */
export interface PackageSource {
  kind: 'upload' | 'run' | 'republish';
  /** Who brought it, as the audit log names them. */
  by: string;
  /** Of the deployment whose run built it. */
  deploymentId?: string;
  /** Commit that it was built from. */
  sha?: string;
  /** SHA-256 of the package that this is a republication of. */
  from?: string;
}

/** The platforms that the gallery protocol knows, `universal` for all of them. */
export const TARGET_PLATFORMS = [
  'universal',
  'win32-x64',
  'win32-arm64',
  'linux-x64',
  'linux-arm64',
  'linux-armhf',
  'alpine-x64',
  'alpine-arm64',
  'darwin-x64',
  'darwin-arm64',
  'web',
] as const;
export type TargetPlatform = (typeof TARGET_PLATFORMS)[number];
