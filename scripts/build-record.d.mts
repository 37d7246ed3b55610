import type { BuildRecord } from '@/lib/rendering/model/build-record';

interface Build {
  /** The project's folder, absolute. */
  root: string;
  /** Where `next build` wrote, relative to `root`. */
  dist: string;
  /** What `vercel build` was told: `production` or `preview`. */
  target?: string;
  /** Left out: this process' own. */
  env?: Record<string, string | undefined>;
}

/** Writes the record to wherever the build is served from; the files, absolute. Throws when there is no build. */
export function writeBuildRecord(build: Build): string[];
/** What the .env files of a project say for a build, by name. */
export function environmentFiles(root: string): Record<string, string | undefined>;
export function makeBuildRecord(build: Build): BuildRecord;
