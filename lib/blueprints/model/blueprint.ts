import type { BlueprintSettings } from './settings';

/** Something that a file needs and that cannot be written into it. */
export interface Need {
  name: string;
  kind: 'secret' | 'variable';
  /** What it is for, and where to get it. */
  why: string;
  /** It stands for an identity at a cloud, which trusts the runs of this job; which those are is said behind `why`. */
  trust?: 'build' | 'deploy';
}

/** One kind of file that a repository needs. */
export interface Blueprint<S extends BlueprintSettings = BlueprintSettings> {
  /** Also the name of its file in `files/`. */
  id: string;
  /** Counted up whenever the same settings give another text. */
  version: number;
  kind: S['kind'];
  /** Whether these settings call for it. */
  applies: (settings: S) => boolean;
  /** Where its files belong, relative to the repository, and what is in them. */
  render: (settings: S) => RenderedFile[];
  /** Secrets and variables that have to exist before it works. */
  needs?: (settings: S) => Need[];
}

export interface RenderedFile {
  path: string;
  text: string;
}

/** A path below the component's folder. */
export function inside({ directory }: BlueprintSettings, path: string): string {
  return directory ? `${directory}/${path}` : path;
}
