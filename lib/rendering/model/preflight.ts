import type { RenderingMode } from './mode';

/** One thing that stands in the way, or should be known. */
export interface Finding {
  /** For programs, in snake_case: `server_actions`, `host_cannot`, … */
  code: string;
  /** What it is and what to do about it. */
  sentence: string;
  /** A route, a file, a setting; null when it is about the whole. */
  where: string | null;
}

export interface RoutesDiff {
  /** Paths that the live build has not and the other mode would have; and the other way round. Sorted. */
  gained: readonly string[];
  lost: readonly string[];
}

/** What would happen if a target were moved to `mode`; made before anything is sent, and again when it is. */
export interface Preflight {
  mode: RenderingMode;
  /** With any of these the switch is refused. */
  blockers: readonly Finding[];
  warnings: readonly Finding[];
  /** Null when no build record could be read: then nobody knows. */
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
}
