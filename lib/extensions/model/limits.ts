const MEGABYTE = 1_048_576;

/** What a package may be at most. Bytes where nothing else is said. */
export const PACKAGE_LIMITS = {
  upload: 100 * MEGABYTE,
  entries: 20_000,
  /** Of all entries together, unpacked. */
  unpacked: 400 * MEGABYTE,
  entry: 64 * MEGABYTE,
  /** Unpacked to packed, for what unpacks to more than `ratioFrom`. */
  ratio: 100,
  ratioFrom: 65_536,
  /** package.json and extension.vsixmanifest. */
  manifest: MEGABYTE,
  readme: 2 * MEGABYTE,
  /** The list of entries at the end of the archive. */
  directory: 8 * MEGABYTE,
  /** Characters of a path in the package. */
  path: 400,
  /** How deep package.json may be nested, and the elements of the other. */
  depth: 64,
  elements: 5_000,
  /** Findings that are kept. */
  findings: 200,
} as const;

/** Uploads of one person: so many in an hour, and so many at once, whatever instance takes them. */
export const UPLOADS_PER_HOUR = 10;
/** What they are counted under, together: uploads, packages of runs and packages made again. */
export const UPLOADS_OF = 'extension.package';
export const UPLOADS_AT_ONCE = 2;
/** Packages of everybody that one process looks at, and how many of them it holds whole in memory. See ADR 0046. */
export const PACKAGES_AT_ONCE = 8;
export const WHOLE_AT_ONCE = 2;
/** Packages that one process sends to galleries, and that it fetches from them, of the six deployments that it works on. */
export const CARRIED_AT_ONCE = 2;
export const PROVEN_AT_ONCE = 2;

/**
 * An upload holds one of a person's places: it ends after 20 s in which nothing comes, and when it has come more slowly than
 * 32 kB a second from its beginning on. In milliseconds and bytes a second.
 */
export const UPLOAD_PACE = { baseMs: 20_000, slowest: 32_768, quietMs: 20_000, longestMs: Number.POSITIVE_INFINITY };
/** So long a package's request may take, 100 MB at that pace; the body of any other, five minutes. Milliseconds. */
export const UPLOAD_MS = 3_600_000;
export const BODY_MS = 300_000;

/** Artifacts of one run that are fetched: one for each platform, and one more. */
export const ARTIFACTS_LOOKED_AT = 12;

/** The whole inspection. Milliseconds. What is not finished by then is `unknown`, and that is no pass. */
export const INSPECTION_MS = 120_000;
