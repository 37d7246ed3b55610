import type { RouteKind } from './build-record';
import type { RenderingMode } from './mode';

/** One thing that stands in the way, or should be known. */
export interface Finding {
  /** For programs, in snake_case: `server_actions`, `host_cannot`, … */
  code: string;
  /** What it is. */
  sentence: string;
  /** A route, a file of the repository, a setting; null when it is about the whole. */
  where: string | null;
  /** From 1; null unless `where` is a file. */
  line: number | null;
  /** What to do about it; null when there is nothing to do. */
  mend: string | null;
}

/** One route in both modes. */
export interface ChangedRoute {
  path: string;
  from: RouteKind;
  to: RouteKind;
}

export interface RoutesDiff {
  /** Paths that the live build has not and the other mode would have; and the other way round. Sorted. */
  gained: readonly string[];
  lost: readonly string[];
  /** What is there in both and made otherwise. Sorted by path. */
  changed: readonly ChangedRoute[];
}

/** What would happen if a target were moved to `mode`; made before anything is sent, and again when it is. */
export interface Preflight {
  mode: RenderingMode;
  /** With any of these the switch is refused. */
  blockers: readonly Finding[];
  warnings: readonly Finding[];
  /** Null when the routes of either side are not known. */
  routes: RoutesDiff | null;
  /** Names of variables that the switch changes at the host; never a value. */
  variables: readonly { name: string; from: RenderingMode | null; to: RenderingMode }[];
  /** SHA-256 in hexadecimal over all of the above and the commit: what the person saw. */
  digest: string;
}

/** What a switch is asked about. */
export interface PreflightOf {
  targetId: string;
  mode: RenderingMode;
  /** The commit that would be built; null = what is live now. */
  sha: string | null;
  /** The branch or tag that it is built from; the target's own when left out. */
  ref?: string | undefined;
}
