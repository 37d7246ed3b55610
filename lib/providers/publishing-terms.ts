/** What crosses the port when a package is published to a gallery. Times are ISO 8601 in UTC unless a name says otherwise. */

export interface ExtensionVersion {
  publisher: string;
  name: string;
  version: string;
  /** `universal`, or one of the gallery protocol's: `linux-x64`, … */
  targetPlatform: string;
}

export interface PackageToPublish extends ExtensionVersion {
  /** SHA-256 of the bytes, in hexadecimal. */
  sha256: string;
  prerelease: boolean;
  /** The person on whose word it happens; null where nobody is known. */
  requestedBy: string | null;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What a place does with a version that it has. `unrecognised` keeps the present state; it never means that it is there for users. */
export const PLACED_STATES = [
  'absent',
  'validating',
  'scanning',
  'active',
  'quarantined',
  'rejected',
  'unlisted',
  'unrecognised',
] as const;
export type PlacedState = (typeof PLACED_STATES)[number];

export interface Placed {
  state: PlacedState;
  /** The place's own word, kept for the record. */
  rawState: string;
  /** Why, in a sentence for people; null where the place says nothing. */
  sentence: string | null;
  url: string | null;
}

/** A version as a VS Code client gets it: found by the gallery's query, and its package fetched. */
export interface ClientView {
  /** The query lists exactly this version and platform as one that can be installed. */
  listed: boolean;
  /** SHA-256 (hexadecimal) of the package that a client gets; null while there is none. */
  sha256: string | null;
  /** Where the package was fetched. */
  url: string | null;
}

/** A workflow of another connection that publishes for a gallery, and proves by the digest that it is this package. */
export interface PublishRun {
  connectionId: string;
  /** Settings of a target of that connection; its `inputs` are what the gallery's target fixes, also where the workflow takes none. */
  config: Record<string, unknown>;
  /** Branch whose workflow file is run. */
  ref: string;
  inputs: Record<string, string | number | boolean>;
}

export interface InstallFigures {
  /** As the gallery counts: installs, or downloads where it knows no installs. */
  total: number;
  what: 'installs' | 'downloads';
  /** Newest version that the gallery lists. */
  version: string | null;
}

export type NamespaceStanding = 'ours' | 'others' | 'absent';
