import type { BuildRecord } from '@/lib/rendering/model/build-record';

interface Build {
  /** The project's folder, absolute. */
  root: string;
  /** Where `next build` wrote, relative to `root`. */
  dist: string;
  /** Left out: this process' own. */
  env?: Record<string, string | undefined>;
}

/** Writes the record to wherever the build is served from; the files, absolute. Throws when there is no build. */
export function writeBuildRecord(build: Build): string[];
export function makeBuildRecord(build: Build): BuildRecord;
