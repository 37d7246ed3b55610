/** How much of a repository is looked at for one preflight. */
export interface AppLimits {
  /** Files of a folder that are considered at all. */
  listed: number;
  /** Files that are read. Each costs a request the first time. */
  files: number;
  bytes: number;
  /** How long a chain of imports is followed. */
  rounds: number;
  atOnce: number;
}

export const APP_LIMITS: AppLimits = { listed: 10_000, files: 600, bytes: 8_000_000, rounds: 60, atOnce: 10 };
