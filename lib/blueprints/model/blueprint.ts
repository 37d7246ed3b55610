import type { BlueprintSettings } from './settings';

/** Something that a file needs and that cannot be written into it. */
export interface Need {
  name: string;
  /** `policy`: something that people switch on at the service, which no workflow reads. */
  kind: 'secret' | 'variable' | 'policy';
  /** What it is for, and where to get it. */
  why: string;
  /** It may be missing, and this is what happens then, as a sentence. Left out: nothing works before it is there. */
  without?: string;
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
  /** Secrets and variables that it takes: those that have to exist before it works, and those that may be missing. */
  needs?: (settings: S) => Need[];
}

/** The address that people open, which every deployment of an environment may have. */
export const publicUrl = (without: string): Need => ({
  name: 'PUBLIC_URL',
  kind: 'variable',
  why: 'A variable of each environment: the address where it answers.',
  without,
});

/** Each component of a repository reads the same variables of an environment, so what is one component's alone is called after it. */
export function ownVariable(stem: string, { name }: Pick<BlueprintSettings, 'name'>): string {
  return `${stem}_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}

/** Those without which nothing works, and those that may be missing. */
export function bySort(needs: readonly Need[]): { required: Need[]; optional: Need[] } {
  const isOptional = ({ without }: Need) => without !== undefined;
  return { required: needs.filter((need) => !isOptional(need)), optional: needs.filter(isOptional) };
}

export interface RenderedFile {
  path: string;
  text: string;
}

/** A path below the component's folder. */
export function inside({ directory }: BlueprintSettings, path: string): string {
  return directory ? `${directory}/${path}` : path;
}
