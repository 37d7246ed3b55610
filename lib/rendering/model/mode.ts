/** How a web dashboard is built: `ssr` renders on a server for each request, `ssg` exports files once. */
export const RENDERING_MODES = ['ssr', 'ssg'] as const;
export type RenderingMode = (typeof RENDERING_MODES)[number];

/** Without a schema: what draws a badge need not load one. */
export function isRenderingMode(value: unknown): value is RenderingMode {
  return RENDERING_MODES.some((each) => each === value);
}

export interface ModeWords {
  /** `SSR`: for badges and lists. */
  short: string;
  /** What it means, in the middle of a sentence. */
  means: string;
}

export const MODE_WORDS: Readonly<Record<RenderingMode, ModeWords>> = {
  ssr: { short: 'SSR', means: 'rendered on a server for each request' },
  ssg: { short: 'SSG', means: 'exported once as files' },
};

/** The other of the two: what a switch moves to. */
export function otherMode(mode: RenderingMode): RenderingMode {
  return mode === 'ssr' ? 'ssg' : 'ssr';
}

/** What a target could be moved to, whatever its host can: both where nobody knows how it is built. */
export function movesOf(mode: RenderingMode | null): RenderingMode[] {
  return mode === null ? [...RENDERING_MODES] : [otherMode(mode)];
}

/** Only a web dashboard can be built in either way; other components are what they are. */
export function hasRendering(component: { kind: string }): boolean {
  return component.kind === 'dashboard';
}
