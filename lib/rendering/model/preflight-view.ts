import { z } from 'zod';
import { RENDERING_MODES, type RenderingMode } from './mode';
import type { Preflight } from './preflight';

export const preflightInput = z.strictObject({
  targetId: z.string().min(1).max(64),
  mode: z.enum(RENDERING_MODES, { error: 'Choose ssr or ssg.' }),
  /** Branch, tag, commit, or `branch@commit`; what is live when left out. */
  ref: z.string().trim().min(1).max(255).optional(),
});
export type PreflightInput = z.infer<typeof preflightInput>;

/** What a person is shown before a switch. */
export interface PreflightView extends Preflight {
  target: {
    id: string;
    label: string;
    component: { slug: string; name: string };
    environment: { slug: string; name: string; isProduction: boolean };
  };
  host: string;
  /** What the host would build by itself, in a sentence, where that is another mode than `from`; else null. */
  atHost: string | null;
  /** What it is built as now; null = not known. */
  from: RenderingMode | null;
  /** What would be built; null when no commit could be found, and then a blocker says why. */
  revision: { ref: string; refKind: 'branch' | 'tag'; sha: string } | null;
  /** What the findings rest on; null when no sources were read. */
  sources: { folder: string; files: number; bytes: number } | null;
  /** Where the routes of now were read: a build record's address, or the sources alone. */
  routesFrom: { kind: 'record'; address: string } | { kind: 'sources' } | null;
}

/** How many there are of what a preflight finds. */
export interface PreflightCount {
  targetId: string;
  mode: RenderingMode;
  blockers: number;
  warnings: number;
  /** As `PreflightView` has it. */
  atHost: string | null;
  /** Null when the routes of either side are not known. */
  routes: { lost: number; gained: number; changed: number } | null;
}

export interface PreflightCounts {
  rows: PreflightCount[];
}
