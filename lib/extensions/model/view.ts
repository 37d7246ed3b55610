import type { Finding, Scan } from './package';

/** A package as lists show it. Times are ISO 8601 in UTC. */
export interface PackageSummary {
  /** SHA-256 of the bytes, in hex. */
  id: string;
  publisher: string;
  name: string;
  displayName: string | null;
  version: string;
  targetPlatform: string;
  prerelease: boolean;
  engine: string;
  /** Bytes. */
  size: number;
  scan: Scan;
  /** `from`: SHA-256 of the package that it was made again from. */
  source: {
    kind: 'upload' | 'run' | 'republish';
    by: string;
    deploymentId: string | null;
    sha: string | null;
    from: string | null;
  };
  uploadedAt: string;
  /** How many findings refuse it, and how many warn. */
  refusals: number;
  warnings: number;
}

export interface PackageList {
  packages: PackageSummary[];
  nextCursor: string | null;
}

/** Everything about what a package may do and what is in it that two versions can be compared by. */
export interface PackageContents {
  activationEvents: string[];
  /** Command and title. */
  commands: { command: string; title: string }[];
  /** What it contributes beside commands: kind and number. */
  contributes: { kind: string; count: number }[];
  /** Extensions that it needs or brings along. */
  dependencies: string[];
  proposedApi: string[];
  /** What it says of untrusted and virtual workspaces, and where it runs. */
  capabilities: string[];
  folders: FolderSize[];
  files: number;
  /** Bytes, unpacked. */
  unpacked: number;
}

export interface FolderSize {
  /** Below `extension/`; `.` for the files that lie there themselves. */
  path: string;
  files: number;
  /** Bytes. */
  size: number;
  packed: number;
}

export interface ListChange {
  added: string[];
  removed: string[];
}

/** From an earlier package to this one. */
export interface PackageDifference {
  engine: { from: string; to: string } | null;
  prerelease: { from: boolean; to: boolean } | null;
  targetPlatform: { from: string; to: string } | null;
  size: { from: number; to: number };
  activationEvents: ListChange;
  commands: ListChange;
  contributes: ListChange;
  dependencies: ListChange;
  proposedApi: ListChange;
  capabilities: ListChange;
  folders: { path: string; from: number; to: number }[];
  files: ListChange & { changed: string[]; more: number };
}

export interface PackageOther {
  id: string;
  version: string;
  targetPlatform: string;
  prerelease: boolean;
  scan: Scan;
  uploadedAt: string;
}

/** A package that another is compared with, and as what. */
export interface ComparedWith extends PackageOther {
  /** `live`: it is at `liveAt` by our own records; `before`: an older one, not known to be live; `chosen`: asked for. */
  why: 'live' | 'before' | 'chosen';
  /** Labels of the galleries; empty unless it is compared as the one that is live. */
  liveAt: string[];
}

export interface PackageDetail extends PackageSummary {
  description: string | null;
  license: string | null;
  findings: Finding[];
  contents: PackageContents;
  /** Packages of the same extension, the newest first. */
  others: PackageOther[];
  /** What `difference` is from; null when there is nothing to compare with. */
  against: ComparedWith | null;
  difference: PackageDifference | null;
  /** The number under which it can go out again, over what is newer; null = nothing is newer, or it did not pass. */
  nextVersion: string | null;
}
